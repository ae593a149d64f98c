//! Refuses what Discord refuses in a body.
//!
//! Most limits are judged by `twilight-validate`, which shares nothing with the bot's own client.
//! The checks written out here are those that it misses. One is stricter than Discord: keys that a
//! route does not know are refused instead of ignored, as they are always a mistake.

mod commands;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use twilight_model::channel::message::{Component, Embed};

pub(crate) use self::commands::commands;
use super::rest::refusal::Refusal;
use super::scene::COMPONENTS_V2;

/// Which body it is; each knows its own keys (Discord's API description).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Create,
    Edit,
    Answer,
    EditAnswer,
    Followup,
}

const EMBED: &[&str] = &[
    "title",
    "type",
    "description",
    "url",
    "timestamp",
    "color",
    "footer",
    "image",
    "thumbnail",
    "video",
    "provider",
    "author",
    "fields",
];

impl Form {
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Create => &[
                "content",
                "embeds",
                "allowed_mentions",
                "sticker_ids",
                "components",
                "flags",
                "attachments",
                "poll",
                "message_reference",
                "nonce",
                "enforce_nonce",
                "tts",
                "shared_client_theme",
            ],
            Self::Edit => &[
                "content",
                "embeds",
                "flags",
                "allowed_mentions",
                "sticker_ids",
                "components",
                "attachments",
            ],
            Self::Answer => &[
                "content",
                "embeds",
                "allowed_mentions",
                "components",
                "attachments",
                "poll",
                "tts",
                "flags",
            ],
            Self::EditAnswer => &[
                "content",
                "embeds",
                "allowed_mentions",
                "components",
                "attachments",
                "poll",
                "flags",
            ],
            Self::Followup => &[
                "content",
                "embeds",
                "allowed_mentions",
                "components",
                "attachments",
                "poll",
                "tts",
                "flags",
                "username",
                "avatar_url",
                "thread_name",
                "applied_tags",
            ],
        }
    }

    fn is_edit(self) -> bool {
        matches!(self, Self::Edit | Self::EditAnswer)
    }
}

/// Refuses keys that are not in the list.
pub(crate) fn keys(body: &Value, at: &str, known: &[&str]) -> Result<(), Refusal> {
    let Some(body) = body.as_object() else {
        return Err(Refusal::form(
            at,
            "MODEL_TYPE_CONVERT",
            "Only dictionaries may be used in a ModelType",
        ));
    };
    match body.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => {
            let path = if at.is_empty() {
                key.clone()
            } else {
                format!("{at}.{key}")
            };
            Err(Refusal::form(
                &path,
                "UNKNOWN_KEY",
                "This key is not part of the request (Discord would ignore it)",
            ))
        }
        None => Ok(()),
    }
}

fn list<'a>(body: &'a Value, key: &str) -> &'a [Value] {
    body.get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Judges the body of a message. `stays` tells whether an edited message keeps something to show.
pub(crate) fn message(
    body: &Value,
    form: Form,
    files: usize,
    stays: impl Fn(&str) -> bool,
) -> Result<(), Refusal> {
    keys(body, "", form.keys())?;
    let content = match body.get("content") {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text.as_str(),
        Some(_) => {
            return Err(Refusal::form(
                "content",
                "STRING_TYPE_CONVERT",
                "Could not interpret as string.",
            ));
        }
    };
    if twilight_validate::message::content(content).is_err() {
        return Err(Refusal::form(
            "content",
            "BASE_TYPE_MAX_LENGTH",
            "Must be 2000 or fewer in length.",
        ));
    }
    let mut embeds = Vec::new();
    for (n, embed) in list(body, "embeds").iter().enumerate() {
        keys(embed, &format!("embeds.{n}"), EMBED)?;
        let mut embed = embed.clone();
        embed["type"] = json!("rich");
        let embed: Embed = serde_json::from_value(embed).map_err(|error| {
            Refusal::form(
                &format!("embeds.{n}"),
                "MODEL_TYPE_CONVERT",
                error.to_string(),
            )
        })?;
        twilight_validate::embed::embed(&embed).map_err(|error| {
            Refusal::form(
                &format!("embeds.{n}"),
                "BASE_TYPE_BAD_LENGTH",
                error.to_string(),
            )
        })?;
        embeds.push(embed);
    }
    twilight_validate::message::embeds(&embeds)
        .map_err(|error| Refusal::form("embeds", "MAX_EMBED_SIZE_EXCEEDED", error.to_string()))?;
    let v2 = body.get("flags").and_then(Value::as_u64).unwrap_or(0) & COMPONENTS_V2 != 0;
    components(list(body, "components"), v2)?;
    if v2 && (!content.is_empty() || !embeds.is_empty()) {
        return Err(Refusal::form(
            "content",
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            "Legacy fields cannot be used with Components V2.",
        ));
    }
    mentions(body.get("allowed_mentions"))?;
    nonce(body.get("nonce"))?;
    if list(body, "attachments").len() > 10 || files > 10 {
        return Err(Refusal::form(
            "attachments",
            "BASE_TYPE_MAX_LENGTH",
            "Must be 10 or fewer in length.",
        ));
    }
    let shows = |key: &str, filled: bool| {
        let given = body.get(key).is_some();
        filled || (form.is_edit() && !given && stays(key))
    };
    let something = shows("content", !content.trim().is_empty())
        || shows("embeds", !embeds.is_empty())
        || shows("components", !list(body, "components").is_empty())
        || shows(
            "attachments",
            !list(body, "attachments").is_empty() && form.is_edit(),
        )
        || files > 0
        || !list(body, "sticker_ids").is_empty()
        || body.get("poll").is_some_and(Value::is_object);
    if something {
        Ok(())
    } else {
        Err(Refusal::new(400, 50006, "Cannot send an empty message"))
    }
}

fn mentions(allowed: Option<&Value>) -> Result<(), Refusal> {
    let Some(allowed) = allowed.filter(|allowed| !allowed.is_null()) else {
        return Ok(());
    };
    keys(
        allowed,
        "allowed_mentions",
        &["parse", "users", "roles", "replied_user"],
    )?;
    for (n, kind) in list(allowed, "parse").iter().enumerate() {
        let Some(kind @ ("users" | "roles" | "everyone")) = kind.as_str() else {
            let message = "Value must be one of ('users', 'roles', 'everyone').";
            return Err(Refusal::form(
                &format!("allowed_mentions.parse.{n}"),
                "BASE_TYPE_CHOICES",
                message,
            ));
        };
        if !list(allowed, kind).is_empty() {
            let message =
                format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            return Err(Refusal::form(
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                message,
            ));
        }
    }
    for kind in ["users", "roles"] {
        if list(allowed, kind).len() > 100 {
            let path = format!("allowed_mentions.{kind}");
            return Err(Refusal::form(
                &path,
                "BASE_TYPE_MAX_LENGTH",
                "Must be 100 or fewer in length.",
            ));
        }
    }
    Ok(())
}

fn nonce(nonce: Option<&Value>) -> Result<(), Refusal> {
    match nonce {
        Some(Value::String(text)) if text.chars().count() > 25 => Err(Refusal::form(
            "nonce",
            "NONCE_TYPE_TOO_LONG",
            "String must be 25 or fewer in length.",
        )),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => Err(Refusal::form(
            "nonce",
            "NONCE_TYPE_CONVERT",
            "Could not interpret as nonce.",
        )),
        _ => Ok(()),
    }
}

fn custom_ids(components: &[Value], path: &str, found: &mut Vec<(String, String)>) {
    for (n, component) in components.iter().enumerate() {
        let path = format!("{path}.{n}");
        if let Some(id) = component.get("custom_id").and_then(Value::as_str) {
            found.push((format!("{path}.custom_id"), id.to_owned()));
        }
        custom_ids(
            list(component, "components"),
            &format!("{path}.components"),
            found,
        );
        if let Some(inner) = component.get("component") {
            custom_ids(
                std::slice::from_ref(inner),
                &format!("{path}.component"),
                found,
            );
        }
    }
}

fn judge_custom_ids(components: &[Value]) -> Result<(), Refusal> {
    let mut found = Vec::new();
    custom_ids(components, "components", &mut found);
    let mut seen = BTreeSet::new();
    for (path, id) in found {
        if !(1..=100).contains(&id.chars().count()) {
            return Err(Refusal::form(
                &path,
                "BASE_TYPE_BAD_LENGTH",
                "Must be between 1 and 100 in length.",
            ));
        }
        if !seen.insert(id) {
            let message = "Component custom id cannot be duplicated";
            return Err(Refusal::form(
                &path,
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                message,
            ));
        }
    }
    Ok(())
}

fn components(components: &[Value], v2: bool) -> Result<(), Refusal> {
    judge_custom_ids(components)?;
    let mut parsed = Vec::new();
    for (n, component) in components.iter().enumerate() {
        let component: Component = serde_json::from_value(component.clone()).map_err(|error| {
            Refusal::form(
                &format!("components.{n}"),
                "UNION_TYPE_CHOICES",
                error.to_string(),
            )
        })?;
        parsed.push(component);
    }
    twilight_validate::message::components(&parsed, v2)
        .map_err(|error| Refusal::form("components", "BASE_TYPE_BAD_LENGTH", error.to_string()))
}

/// Judges the `data` of a modal: at most five rows, each a text input (or a Label, type 18).
pub(crate) fn modal(data: &Value) -> Result<(), Refusal> {
    keys(data, "data", &["custom_id", "title", "components"])?;
    let length = |key: &str, most: usize| {
        let text = data.get(key).and_then(Value::as_str).unwrap_or_default();
        if (1..=most).contains(&text.chars().count()) {
            return Ok(());
        }
        Err(Refusal::form(
            &format!("data.{key}"),
            "BASE_TYPE_BAD_LENGTH",
            format!("Must be between 1 and {most} in length."),
        ))
    };
    length("custom_id", 100)?;
    length("title", 45)?;
    let rows = list(data, "components");
    if !(1..=5).contains(&rows.len()) {
        return Err(Refusal::form(
            "data.components",
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 5 in length.",
        ));
    }
    judge_custom_ids(rows)?;
    for (n, row) in rows.iter().enumerate() {
        let inner = list(row, "components");
        let path = format!("data.components.{n}");
        match (row["type"].as_u64(), inner) {
            (Some(18), _) => {}
            (Some(1), [input]) if input["type"] == 4 => {
                text_input(input, &format!("{path}.components.0"))?
            }
            _ => {
                return Err(Refusal::form(
                    &path,
                    "UNION_TYPE_CHOICES",
                    "Value of field \"type\" must be one of (1, 18).",
                ));
            }
        }
    }
    Ok(())
}

fn text_input(input: &Value, path: &str) -> Result<(), Refusal> {
    const KEYS: &[&str] = &[
        "type",
        "id",
        "custom_id",
        "style",
        "label",
        "min_length",
        "max_length",
        "required",
        "value",
        "placeholder",
    ];
    keys(input, path, KEYS)?;
    let chars = |key: &str| {
        input
            .get(key)
            .and_then(Value::as_str)
            .map_or(0, |text| text.chars().count())
    };
    let number = |key: &str| input.get(key).and_then(Value::as_u64);
    let bad = |key: &str, message: &str| {
        Err(Refusal::form(
            &format!("{path}.{key}"),
            "BASE_TYPE_BAD_LENGTH",
            message,
        ))
    };
    if !(1..=45).contains(&chars("label")) {
        return bad("label", "Must be between 1 and 45 in length.");
    }
    if !matches!(number("style"), Some(1 | 2)) {
        return bad("style", "Value must be one of (1, 2).");
    }
    if chars("placeholder") > 100 {
        return bad("placeholder", "Must be 100 or fewer in length.");
    }
    let (least, most) = (
        number("min_length").unwrap_or(0),
        number("max_length").unwrap_or(4000),
    );
    if !(1..=4000).contains(&most) || least > most {
        return bad(
            "max_length",
            "int value should be between 1 and 4000, and not below min_length.",
        );
    }
    let value = chars("value") as u64;
    if value > most || (value > 0 && value < least) {
        return bad("value", "The value does not fit min_length and max_length.");
    }
    Ok(())
}

/// Judges the choices of an autocomplete answer.
pub(crate) fn choices(data: &Value) -> Result<(), Refusal> {
    keys(data, "data", &["choices"])?;
    let choices = list(data, "choices");
    if choices.len() > 25 {
        return Err(Refusal::form(
            "data.choices",
            "BASE_TYPE_MAX_LENGTH",
            "Must be 25 or fewer in length.",
        ));
    }
    for (n, choice) in choices.iter().enumerate() {
        let path = format!("data.choices.{n}");
        keys(choice, &path, &["name", "name_localizations", "value"])?;
        let name = choice["name"].as_str().unwrap_or_default().chars().count();
        if !(1..=100).contains(&name) {
            return Err(Refusal::form(
                &format!("{path}.name"),
                "BASE_TYPE_BAD_LENGTH",
                "Must be between 1 and 100 in length.",
            ));
        }
        let fits = match &choice["value"] {
            Value::String(text) => text.chars().count() <= 100,
            Value::Number(_) => true,
            _ => false,
        };
        if !fits {
            return Err(Refusal::form(
                &format!("{path}.value"),
                "BASE_TYPE_BAD_LENGTH",
                "Must be 100 or fewer in length.",
            ));
        }
    }
    Ok(())
}
