//! What Discord's client does with a typed command before the bot hears of it: finds it, and
//! refuses unknown options, missing ones, wrong choices and wrong types.

use serde_json::{Value, json};

use super::DriveError;
use super::world::World;

/// A command, found and filled in.
pub(crate) struct Typed {
    pub(crate) data: Value,
}

fn no<T>(why: impl Into<String>) -> Result<T, DriveError> {
    Err(DriveError(why.into()))
}

/// The registered command of this kind and name.
pub(crate) fn find(
    world: &World,
    server_id: u64,
    kind: u64,
    name: &str,
) -> Result<Value, DriveError> {
    let of_server = world
        .scene
        .server_commands
        .get(&server_id)
        .into_iter()
        .flatten();
    let found = of_server
        .chain(&world.scene.commands)
        .find(|c| c["name"] == name && c["type"].as_u64().unwrap_or(1) == kind);
    match found {
        Some(command) => Ok(command.clone()),
        None => no(format!("there is no command {name:?}")),
    }
}

fn options(value: &Value) -> &[Value] {
    value["options"].as_array().map_or(&[], Vec::as_slice)
}

/// Fills in `/words…` with options given by name. `focused` is the option being typed, if one is.
pub(crate) fn fill(
    world: &World,
    server_id: u64,
    channel_id: u64,
    path: &str,
    given: &Value,
    focused: Option<&str>,
) -> Result<Typed, DriveError> {
    let mut words = path.trim_start_matches('/').split_whitespace();
    let command = find(world, server_id, 1, words.next().unwrap_or_default())?;
    let mut at = command.clone();
    let mut nested: Vec<(u64, String)> = Vec::new();
    for word in words {
        let next = options(&at).iter().find(|option| {
            option["name"] == word && matches!(option["type"].as_u64(), Some(1 | 2))
        });
        let Some(next) = next.cloned() else {
            return no(format!("/{path}: there is no {word:?}"));
        };
        nested.push((next["type"].as_u64().unwrap_or(1), word.to_owned()));
        at = next;
    }
    if options(&at)
        .iter()
        .any(|option| matches!(option["type"].as_u64(), Some(1 | 2)))
    {
        return no(format!("/{path} is a group; name one of its commands"));
    }
    let given = match given {
        Value::Null => json!({}),
        Value::Object(_) => given.clone(),
        _ => return no("options are given as an object"),
    };
    let given = given.as_object().cloned().unwrap_or_default();
    if let Some(unknown) = given.keys().find(|key| {
        !options(&at)
            .iter()
            .any(|option| option["name"] == key.as_str())
    }) {
        return no(format!("/{path} has no option {unknown:?}"));
    }
    let mut filled = Vec::new();
    let mut ids = Vec::new();
    for option in options(&at) {
        let name = option["name"].as_str().unwrap_or_default();
        let is_focused = focused == Some(name);
        match given.get(name).filter(|value| !value.is_null()) {
            None if option["required"] == true && focused.is_none() => {
                return no(format!("/{path}: the option {name:?} is required"));
            }
            None => {}
            Some(value) if is_focused => {
                filled.push(
                    json!({"name": name, "type": option["type"], "value": value, "focused": true}),
                );
            }
            Some(value) => {
                let value = check(world, server_id, option, value, &mut ids)
                    .map_err(|error| DriveError(format!("/{path} {name}: {}", error.0)))?;
                filled.push(json!({"name": name, "type": option["type"], "value": value}));
            }
        }
    }
    for (kind, name) in nested.into_iter().rev() {
        filled = vec![json!({"name": name, "type": kind, "options": filled})];
    }
    let mut data =
        json!({"id": command["id"], "name": command["name"], "type": 1, "options": filled});
    if !command["guild_id"].is_null() {
        data["guild_id"] = command["guild_id"].clone();
    }
    if let Some(resolved) = super::interactions::resolve(world, server_id, channel_id, &ids, &[]) {
        data["resolved"] = resolved;
    }
    Ok(Typed { data })
}

/// The id that a value names: an id, or the name of a member or role.
pub(crate) fn id_of(world: &World, server_id: u64, value: &Value) -> Option<u64> {
    if let Some(id) = super::rest::snowflake(value) {
        return Some(id);
    }
    let name = value.as_str()?.trim_start_matches('@');
    let server = world.scene.servers.get(&server_id)?;
    let member = server.members.keys().find(|id| {
        world
            .scene
            .users
            .get(id)
            .is_some_and(|user| user.name == name)
    });
    member.copied().or_else(|| {
        server
            .roles
            .values()
            .find(|role| role.name == name)
            .map(|role| role.id)
    })
}

fn check(
    world: &World,
    server_id: u64,
    option: &Value,
    value: &Value,
    ids: &mut Vec<u64>,
) -> Result<Value, DriveError> {
    let choices = option["choices"].as_array().map_or(&[][..], Vec::as_slice);
    if !choices.is_empty() && !choices.iter().any(|choice| choice["value"] == *value) {
        let known: Vec<String> = choices
            .iter()
            .map(|choice| choice["value"].to_string())
            .collect();
        return no(format!("{value} is not one of {}", known.join(", ")));
    }
    match option["type"].as_u64() {
        Some(3) => {
            let Some(text) = value.as_str() else {
                return no(format!("{value} is not text"));
            };
            let length = text.chars().count() as u64;
            let least = option["min_length"].as_u64().unwrap_or(1);
            let most = option["max_length"].as_u64().unwrap_or(6000);
            if length < least || length > most {
                return no(format!(
                    "must have {least} to {most} characters, has {length}"
                ));
            }
            Ok(json!(text))
        }
        Some(kind @ (4 | 10)) => {
            let number = if kind == 4 {
                value.as_i64().map(|n| n as f64)
            } else {
                value.as_f64()
            };
            let Some(number) = number else {
                return no(format!("{value} is not a number"));
            };
            let below = option["min_value"]
                .as_f64()
                .is_some_and(|least| number < least);
            let above = option["max_value"]
                .as_f64()
                .is_some_and(|most| number > most);
            if below || above {
                no(format!("{value} is out of range"))
            } else {
                Ok(value.clone())
            }
        }
        Some(5) if value.is_boolean() => Ok(value.clone()),
        Some(5) => no(format!("{value} is not true or false")),
        Some(kind @ (6..=9)) => {
            let Some(id) = id_of(world, server_id, value) else {
                return no(format!("nobody is called {value}"));
            };
            let server = world.scene.servers.get(&server_id);
            let user = world.scene.users.contains_key(&id);
            let role = server.is_some_and(|server| server.roles.contains_key(&id));
            let channel = world.scene.channels.contains_key(&id);
            let fits = match kind {
                6 => user,
                7 => channel,
                8 => role,
                _ => user || role,
            };
            if !fits {
                return no(format!("{id} is not what this option takes"));
            }
            ids.push(id);
            Ok(json!(id.to_string()))
        }
        _ => no("options of this type cannot be typed here"),
    }
}
