//! Slash commands and the message menu: typed options, one use case, one view. A file per verb,
//! which also holds the verb's button and form.
//!
//! Only what works is here: a command that is not registered is one that nobody can type.

pub mod args;
pub mod capture;
pub mod incident;
pub mod me;
pub mod review;
pub mod setup;
pub mod status;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;

use super::front::Front;
use crate::use_cases::Error;

/// What a command is given.
pub type Context<'a> = poise::ApplicationContext<'a, Front, Error>;
/// A command's definition.
pub type Command = poise::Command<Front, Error>;

/// All commands.
pub fn all() -> Vec<Command> {
    vec![
        incident::incident(),
        status::status(),
        review::review(),
        me::me(),
        setup::setup(),
        capture::add_to_timeline(),
    ]
}

/// All commands as Discord takes them.
pub fn definitions(commands: &[Command]) -> serde_json::Result<Value> {
    let mut definitions =
        serde_json::to_value(poise::builtins::create_application_commands(commands))?;
    tidy(&mut definitions);
    Ok(definitions)
}

/// Leaves what Discord's description of its API knows: no empty fields, and permissions as the
/// number it asks for. <https://github.com/discord/discord-api-spec>
fn tidy(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(fields) => {
            fields.remove("nsfw");
            if fields.get("autocomplete") == Some(&Value::Bool(false)) {
                fields.remove("autocomplete");
            }
            if let Some(bits) = fields
                .get("default_member_permissions")
                .and_then(Value::as_str)
                .and_then(|bits| bits.parse::<u64>().ok())
            {
                fields.insert("default_member_permissions".to_owned(), bits.into());
            }
            fields.values_mut().for_each(tidy);
            fields.retain(|_, field| {
                !field.is_null() && field.as_array().is_none_or(|items| !items.is_empty())
            });
        }
        _ => {}
    }
}

/// What people can type and choose, as help names it: `/incident`, `/incident declare`,
/// `Add to timeline`.
pub fn names(commands: &[Command]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for command in commands {
        match &command.context_menu_name {
            Some(menu) => names.insert(menu.to_string()),
            None => names.insert(format!("/{}", command.name)),
        };
        for sub in &command.subcommands {
            names.insert(format!("/{} {}", command.name, sub.name));
        }
    }
    names
}

/// Whether a late one has to be said not to be recorded: those that only read, or set what the
/// person sees at once, do not.
pub fn changes_an_incident(qualified_name: &str) -> bool {
    let reads = [
        "incident show",
        "incident timeline",
        "incident list",
        "incident help",
        "me",
        "setup",
    ];
    !reads.iter().any(|read| qualified_name.starts_with(read))
}
