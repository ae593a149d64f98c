//! Refuses command definitions that Discord refuses.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use twilight_model::application::command::Command;

use super::{keys, list};
use crate::sandbox::render::merge;
use crate::sandbox::rest::refusal::{FormFault, Refusal};

fn fault(path: impl Into<String>, code: &str, message: impl Into<String>) -> FormFault {
    FormFault {
        path: path.into(),
        code: code.to_owned(),
        message: message.into(),
    }
}

/// Judges a whole set of commands.
pub(crate) fn commands(commands: &[Value]) -> Result<(), Refusal> {
    const KEYS: &[&str] = &[
        "id",
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "options",
        "default_member_permissions",
        "dm_permission",
        "default_permission",
        "contexts",
        "integration_types",
        "handler",
        "type",
        "nsfw",
    ];
    let mut names = BTreeSet::new();
    for (n, command) in commands.iter().enumerate() {
        let at = n.to_string();
        keys(command, &at, KEYS)?;
        let kind = command["type"].as_u64().unwrap_or(1);
        let name = command["name"].as_str().unwrap_or_default();
        if !names.insert((kind, name.to_owned())) {
            return Err(Refusal::form(
                &at,
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            ));
        }
        if kind == 1 {
            lower_case(name, &at)?;
            options(list(command, "options"), &format!("{at}.options"))?;
        }
        let mut whole = command.clone();
        merge(&mut whole, json!({"version": "1", "type": kind}));
        for (key, default) in [
            ("description", json!("")),
            ("default_member_permissions", Value::Null),
            ("options", json!([])),
        ] {
            if whole.get(key).is_none_or(Value::is_null) {
                whole[key] = default;
            }
        }
        let whole: Command = serde_json::from_value(whole)
            .map_err(|error| Refusal::form(&at, "MODEL_TYPE_CONVERT", error.to_string()))?;
        twilight_validate::command::command(&whole).map_err(|error| {
            Refusal::form(&at, "APPLICATION_COMMAND_INVALID", error.to_string())
        })?;
    }
    if names.iter().filter(|(kind, _)| *kind == 1).count() > 100 {
        return Err(Refusal::new(
            400,
            30032,
            "Maximum number of application commands reached (100)",
        ));
    }
    Ok(())
}

fn lower_case(name: &str, path: &str) -> Result<(), Refusal> {
    if name.is_empty()
        || name
            .chars()
            .any(|c| c.is_uppercase() || !(c.is_alphanumeric() || c == '-' || c == '_'))
    {
        let message = format!("Command name is invalid: {name:?}");
        return Err(Refusal::form(
            &format!("{path}.name"),
            "APPLICATION_COMMAND_INVALID_NAME",
            message,
        ));
    }
    Ok(())
}

fn options(options: &[Value], path: &str) -> Result<(), Refusal> {
    let mut optional = false;
    if options.len() > 25 {
        return Err(Refusal::form(
            path,
            "BASE_TYPE_MAX_LENGTH",
            "Must be 25 or fewer in length.",
        ));
    }
    let mut names = BTreeSet::new();
    let mut faults = Vec::new();
    for (n, option) in options.iter().enumerate() {
        let at = format!("{path}.{n}");
        let name = option["name"].as_str().unwrap_or_default();
        lower_case(name, &at)?;
        if !names.insert(name) {
            faults.push(fault(
                &at,
                "APPLICATION_COMMAND_OPTIONS_NAME_INVALID",
                "Option names must be unique",
            ));
        }
        let required = option["required"].as_bool().unwrap_or(false);
        if required && optional {
            let message = "Required options must be placed before non-required options";
            faults.push(fault(
                &at,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                message,
            ));
        }
        optional |= !required && !matches!(option["type"].as_u64(), Some(1 | 2));
        if option["autocomplete"] == true && !list(option, "choices").is_empty() {
            let message = "An option with autocomplete cannot have choices";
            faults.push(fault(
                &at,
                "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
                message,
            ));
        }
        if list(option, "choices").len() > 25 {
            faults.push(fault(
                format!("{at}.choices"),
                "BASE_TYPE_MAX_LENGTH",
                "Must be 25 or fewer in length.",
            ));
        }
        self::options(list(option, "options"), &format!("{at}.options"))?;
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Refusal::forms(faults))
    }
}
