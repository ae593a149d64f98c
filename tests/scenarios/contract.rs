//! The contract's names, as Discord has them registered.

use serde_json::Value;

use crate::harness::Shop;

/// Command, then its options; `*` marks a required one.
const WIRED: &[(&str, &str)] = &[
    (
        "incident declare",
        "title severity kind service summary started_at private",
    ),
    ("incident escalate", "to reason page incident"),
    ("incident page", "who* reason incident"),
    ("incident update", "status* note incident"),
    ("incident resolve", "summary trigger incident"),
    ("incident assign", "role* user* incident"),
    ("incident note", "text at incident"),
    ("incident show", "incident"),
    ("incident timeline", "incident"),
    ("incident list", "status"),
    ("incident help", ""),
    ("status draft", "phase text incident"),
    ("review generate", "incident"),
    ("me zone", "zone"),
];

fn sub_commands(commands: &[Value]) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for command in commands {
        let name = command["name"].as_str().unwrap_or_default();
        for option in command["options"].as_array().into_iter().flatten() {
            if option["type"] == 1 {
                let sub = option["name"].as_str().unwrap_or_default();
                found.push((format!("{name} {sub}"), option.clone()));
            }
        }
    }
    found
}

#[tokio::test]
async fn every_wired_command_has_the_contracts_options_and_nothing_else() {
    let shop = Shop::open().await;
    let look = shop.look();
    let registered = sub_commands(&look.scene().commands);
    for (command, options) in WIRED {
        let (_, definition) = registered
            .iter()
            .find(|(name, _)| name == command)
            .unwrap_or_else(|| panic!("/{command} is not registered"));
        let has: Vec<String> = definition["options"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|option| {
                let mark = if option["required"] == true { "*" } else { "" };
                format!("{}{mark}", option["name"].as_str().unwrap_or_default())
            })
            .collect();
        assert_eq!(has.join(" "), *options, "/{command}");
    }
    let beyond: Vec<&String> = registered
        .iter()
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with("setup ") && !WIRED.iter().any(|(w, _)| w == name))
        .collect();
    assert!(
        beyond.is_empty(),
        "not in the contract, or not wired yet: {beyond:?}"
    );
    for command in &look.scene().commands {
        let most = command["options"].as_array().map_or(0, Vec::len);
        assert!(most <= 25, "Discord takes 25 sub-commands");
        assert!(
            characters(command) <= 8_000,
            "Discord takes 8,000 characters"
        );
    }
    assert!(
        look.scene()
            .commands
            .iter()
            .any(|c| c["name"] == "Add to timeline" && c["type"] == 3)
    );
    shop.close().await;
}

/// Characters of all names, descriptions and values, as Discord counts them.
fn characters(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| match (key.as_str(), value) {
                ("name" | "description" | "value", Value::String(text)) => text.chars().count(),
                (_, nested) => characters(nested),
            })
            .sum(),
        Value::Array(items) => items.iter().map(characters).sum(),
        _ => 0,
    }
}
