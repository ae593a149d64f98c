//! The gateway's address, the application itself, its commands.

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::{Answered, Call, Reply};
use crate::sandbox::gateway::app_flags;
use crate::sandbox::judge;
use crate::sandbox::world::World;

pub(crate) fn gateway(world: &World, bot: bool) -> Answered {
    let url = format!("{}/gateway", world.scene.base_url.replacen("http", "ws", 1));
    if !bot {
        return Ok(Reply::ok(json!({"url": url})));
    }
    let gateway = &world.gateway;
    Ok(Reply::ok(json!({
        "url": url, "shards": 1,
        "session_start_limit": {
            "total": gateway.start_limit, "remaining": gateway.starts_left, "reset_after": 86_400_000, "max_concurrency": 1,
        },
    })))
}

pub(crate) fn me(world: &World) -> Answered {
    let mut user = world.scene.user_json(world.scene.app_id);
    crate::sandbox::render::merge(
        &mut user,
        json!({"verified": true, "mfa_enabled": true, "email": null, "locale": "en-US"}),
    );
    Ok(Reply::ok(user))
}

pub(crate) fn user(world: &World, id: u64) -> Answered {
    if !world.scene.users.contains_key(&id) {
        return Err(Refusal::unknown("User"));
    }
    Ok(Reply::ok(world.scene.user_json(id)))
}

pub(crate) fn application(world: &World) -> Answered {
    let scene = &world.scene;
    let name = scene
        .users
        .get(&scene.app_id)
        .map_or("", |user| user.name.as_str());
    let owner = scene
        .servers
        .values()
        .next()
        .map_or(scene.app_id, |server| server.owner_id);
    let flags = app_flags(scene.message_content);
    Ok(Reply::ok(json!({
        "id": scene.app_id.to_string(), "name": name, "icon": null, "description": "", "type": null,
        "bot": scene.user_json(scene.app_id), "bot_public": true, "bot_require_code_grant": false, "rpc_origins": [],
        "owner": scene.user_json(owner), "summary": "", "verify_key": "0".repeat(64), "team": null, "flags": flags,
        "flags_new": flags.to_string(), "redirect_uris": [], "interactions_endpoint_url": null,
        "role_connections_verification_url": null, "approximate_guild_count": scene.servers.len(),
        "approximate_user_install_count": 0, "approximate_user_authorization_count": 0, "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [], "integration_types_config": {"0": {}}, "tags": [],
    })))
}

pub(crate) fn list_commands(world: &World, server: Option<u64>) -> Answered {
    let commands = match server {
        None => world.scene.commands.clone(),
        Some(server) => world
            .scene
            .server_commands
            .get(&server)
            .cloned()
            .unwrap_or_default(),
    };
    Ok(Reply::ok(Value::Array(commands)))
}

pub(crate) fn put_commands(world: &mut World, server: Option<u64>, call: &Call) -> Answered {
    if let Some(server) = server
        && !world.scene.servers.contains_key(&server)
    {
        return Err(Refusal::no_access());
    }
    let Some(commands) = call.body.as_array() else {
        return Err(Refusal::form(
            "",
            "BASE_TYPE_BAD_TYPE",
            "Only iterables may be used in a ListType",
        ));
    };
    judge::commands(commands)?;
    let before = match server {
        None => &world.scene.commands,
        Some(server) => world.scene.server_commands.entry(server).or_default(),
    }
    .clone();
    let mut stored = Vec::new();
    for command in commands {
        let mut command = command.clone();
        let kind = command["type"].as_u64().unwrap_or(1);
        let same = before
            .iter()
            .find(|known| known["name"] == command["name"] && known["type"] == kind);
        let id = same.map_or_else(
            || json!(world.id().to_string()),
            |known| known["id"].clone(),
        );
        let version = json!(world.id().to_string());
        let extra = json!({"id": id, "application_id": world.scene.app_id.to_string(), "version": version, "type": kind});
        crate::sandbox::render::merge(&mut command, extra);
        if let Some(server) = server {
            command["guild_id"] = json!(server.to_string());
        }
        for (key, default) in [
            ("description", json!("")),
            ("default_member_permissions", Value::Null),
            ("nsfw", json!(false)),
            ("contexts", Value::Null),
            ("integration_types", json!([0])),
            ("dm_permission", json!(true)),
        ] {
            if command.get(key).is_none() {
                command[key] = default;
            }
        }
        if let Some(bits) = command["default_member_permissions"].as_u64() {
            command["default_member_permissions"] = json!(bits.to_string());
        }
        stored.push(command);
    }
    match server {
        None => world.scene.commands.clone_from(&stored),
        Some(server) => {
            world.scene.server_commands.insert(server, stored.clone());
        }
    }
    Ok(Reply::ok(Value::Array(stored)))
}
