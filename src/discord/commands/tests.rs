//! What Discord is told that people can type, against the contract's table, copied by hand.

use serde_json::Value;

use super::*;

/// `*` required, `~` autocompleted.
const PROMISED: &str = "\
/incident declare: title string, severity string critical|major|minor, kind string technical|security|operational|customer_service, service string, summary string, started_at string, private boolean
/incident escalate: to string critical|major|minor, reason string, page mentionable, ~incident string
/incident page: *who mentionable, reason string, ~incident string
/incident update: *status string investigating|identified|monitoring, note string, ~incident string
/incident resolve: summary string, trigger string, ~incident string
/incident assign: *role string commander|communications|scribe|operations, *user user, ~incident string
/incident note: text string, at string, ~incident string
/incident show: ~incident string
/incident timeline: ~incident string
/incident list: status string open|resolved|closed|all
/incident help:
/status draft: phase string investigating|identified|monitoring|resolved, text string, ~incident string
/review generate: ~incident string
/me zone: ~zone string
/setup channels: incidents channel, status_updates channel
/setup roles: responders role, communications role, security role, clear string responders|communications|security
/setup pages: *severity string critical|major|minor, add mentionable, remove mentionable
/setup zone: *~zone string
/setup show:
Add to timeline (menu)";

fn definitions() -> Vec<Value> {
    let all = super::definitions(&all()).unwrap();
    all.as_array().unwrap().clone()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn option(option: &Value) -> String {
    let kind = match option["type"].as_u64() {
        Some(3) => "string",
        Some(5) => "boolean",
        Some(6) => "user",
        Some(7) => "channel",
        Some(8) => "role",
        Some(9) => "mentionable",
        other => panic!("an option of type {other:?}"),
    };
    let choices: Vec<&str> = list(option, "choices")
        .iter()
        .map(|choice| {
            assert_eq!(choice["name"], choice["value"]);
            choice["value"].as_str().unwrap()
        })
        .collect();
    let star = if option["required"] == true { "*" } else { "" };
    let tilde = if option["autocomplete"] == true {
        "~"
    } else {
        ""
    };
    let line = format!(
        "{star}{tilde}{} {kind} {}",
        option["name"].as_str().unwrap(),
        choices.join("|")
    );
    line.trim_end().to_owned()
}

#[test]
fn commands_are_the_promised_ones() {
    let mut lines = Vec::new();
    for command in definitions() {
        let name = command["name"].as_str().unwrap();
        if command["type"] == 3 {
            lines.push(format!("{name} (menu)"));
        }
        for sub in list(&command, "options") {
            let options: Vec<String> = list(sub, "options").iter().map(option).collect();
            let line = format!(
                "/{name} {}: {}",
                sub["name"].as_str().unwrap(),
                options.join(", ")
            );
            lines.push(line.trim_end().to_owned());
        }
    }
    assert_eq!(lines.join("\n"), PROMISED);
}

#[test]
fn required_options_come_first_and_every_description_fits() {
    for command in definitions() {
        for sub in list(&command, "options") {
            let options = list(sub, "options");
            assert!(
                options.is_sorted_by_key(|option| option["required"] != true),
                "{sub}"
            );
            for described in options.iter().chain([sub]) {
                let words = described["description"].as_str().unwrap().chars().count();
                assert!((1..=100).contains(&words), "{described}");
            }
            assert!(
                options
                    .iter()
                    .all(|it| it["description"] != "A slash command parameter")
            );
        }
    }
}

/// <https://discord.com/developers/docs/interactions/application-commands#registering-a-command>
#[test]
fn each_command_keeps_discords_limits() {
    fn characters(value: &Value) -> usize {
        let own = ["name", "description", "value"]
            .iter()
            .filter_map(|key| value[key].as_str());
        let below = ["options", "choices"]
            .iter()
            .flat_map(|key| list(value, key));
        own.map(|text| text.chars().count()).sum::<usize>() + below.map(characters).sum::<usize>()
    }
    for command in definitions() {
        assert!(list(&command, "options").len() <= 25, "{}", command["name"]);
        assert!(characters(&command) <= 8_000, "{}", command["name"]);
    }
}

#[test]
fn commands_are_for_servers_and_setup_for_their_managers() {
    for command in definitions() {
        assert_eq!(
            command["contexts"],
            serde_json::json!([0]),
            "{}",
            command["name"]
        );
        let managers = command["name"] == "setup";
        assert_eq!(
            command["default_member_permissions"] == 32,
            managers,
            "{}",
            command["name"]
        );
    }
}

#[test]
fn help_leaves_out_only_what_is_not_there() {
    let names = names(&all());
    let named: BTreeSet<&str> = crate::discord::views::help::named().collect();
    for name in &names {
        let parent = !name.contains(' ') && name != "/setup";
        let own_help = name == "/incident help" || name.starts_with("/setup ");
        assert!(
            parent || own_help || named.contains(name.as_str()),
            "{name} is in no help"
        );
    }
    assert!(names.contains("/incident declare") && !names.contains("/incident downgrade"));
}

#[test]
fn only_what_changes_an_incident_is_said_not_to_be_recorded() {
    for (name, changes) in [
        ("incident declare", true),
        ("incident resolve", true),
        ("status draft", true),
        ("Add to timeline", true),
        ("incident show", false),
        ("incident list", false),
        ("me zone", false),
        ("setup roles", false),
    ] {
        assert_eq!(changes_an_incident(name), changes, "{name}");
    }
}
