//! INTERACTION_CREATE: what the bot is sent when someone uses it.
//!
//! Source: Discord's "Receiving and Responding". Every field that a client may require is there.

use std::sync::Arc;

use rand::Rng;
use serde_json::{Value, json};

use super::scene::Interaction;
use super::world::World;

/// What someone does.
pub(crate) struct Doing {
    pub(crate) kind: u8,
    pub(crate) channel_id: u64,
    pub(crate) user_id: u64,
    pub(crate) message_id: Option<u64>,
    pub(crate) data: Value,
}

/// Sends it to the bot and returns the interaction's id.
pub(crate) fn send(world: &mut World, doing: Doing) -> u64 {
    let id = world.id();
    let created_at = world.now();
    let token = format!(
        "aW50ZXJhY3Rpb246{}",
        hex::encode(rand::rng().random::<[u8; 48]>())
    );
    let scene = &world.scene;
    let app = scene.app_id;
    let (mut channel, server_id, user_bits, bot_bits) =
        scene.channels.get(&doing.channel_id).map_or_else(
            || (json!({}), 0, 0, 0),
            |channel| {
                let (user, bot) = (
                    scene.permissions(channel, doing.user_id),
                    scene.permissions(channel, app),
                );
                (scene.channel_json(channel), channel.server_id, user, bot)
            },
        );
    channel["permissions"] = json!(user_bits.to_string());
    let mut payload = json!({
        "id": id.to_string(), "application_id": app.to_string(), "type": doing.kind, "data": doing.data,
        "guild_id": server_id.to_string(),
        "guild": {"id": server_id.to_string(), "locale": "en-US", "features": []},
        "guild_locale": "en-US", "channel_id": doing.channel_id.to_string(), "channel": channel, "token": token, "version": 1,
        "app_permissions": bot_bits.to_string(), "locale": "en-US", "entitlements": [], "entitlement_sku_ids": [],
        "authorizing_integration_owners": {"0": server_id.to_string()}, "context": 0, "attachment_size_limit": 10_485_760,
    });
    if let Some(member) = scene
        .servers
        .get(&server_id)
        .and_then(|server| server.members.get(&doing.user_id))
    {
        let mut member = scene.member_json(member, true);
        member["permissions"] = json!(user_bits.to_string());
        payload["member"] = member;
    } else {
        payload["user"] = scene.user_json(doing.user_id);
    }
    if let Some(message) = doing.message_id.and_then(|id| scene.messages.get(&id)) {
        payload["message"] = scene.message_json(message);
    }
    let interaction = Interaction {
        id,
        token,
        kind: doing.kind,
        channel_id: doing.channel_id,
        server_id,
        user_id: doing.user_id,
        message_id: doing.message_id,
        created_at,
        payload: payload.clone(),
        first: None,
        original: None,
        followups: Vec::new(),
        edits: 0,
    };
    world.scene.interactions.insert(id, Arc::new(interaction));
    world.tell("INTERACTION_CREATE", 0, server_id, &payload);
    id
}

/// `resolved` for ids of users, roles and channels named in a command.
pub(crate) fn resolve(
    world: &World,
    server_id: u64,
    channel_id: u64,
    ids: &[u64],
    messages: &[u64],
) -> Option<Value> {
    let scene = &world.scene;
    let mut resolved = json!({});
    let server = scene.servers.get(&server_id);
    for id in ids {
        let key = id.to_string();
        if scene.users.contains_key(id) {
            resolved["users"][&key] = scene.user_json(*id);
            if let Some(member) = server.and_then(|server| server.members.get(id)) {
                let mut member = scene.member_json(member, false);
                let bits = scene
                    .channels
                    .get(&channel_id)
                    .map_or(0, |channel| scene.permissions(channel, *id));
                member["permissions"] = json!(bits.to_string());
                resolved["members"][&key] = member;
            }
        } else if let Some(role) = server.and_then(|server| server.roles.get(id)) {
            resolved["roles"][&key] = scene.role_json(role);
        } else if let Some(channel) = scene.channels.get(id) {
            resolved["channels"][&key] = scene.channel_json(channel);
            resolved["channels"][&key]["permissions"] = json!("0");
        }
    }
    for id in messages {
        if let Some(message) = scene.messages.get(id) {
            // The target of a message menu is given whole, whatever the intents.
            resolved["messages"][id.to_string()] = scene.message_json(message);
        }
    }
    resolved
        .as_object()
        .is_some_and(|map| !map.is_empty())
        .then_some(resolved)
}

/// Sends a hand-made payload; what answering needs (id, token) is made up where it is missing.
pub(crate) fn send_raw(world: &mut World, mut payload: Value) -> u64 {
    let number = |value: &Value| super::rest::snowflake(value);
    let id = number(&payload["id"]).unwrap_or_else(|| world.id());
    payload["id"] = json!(id.to_string());
    if payload["token"].as_str().is_none() {
        payload["token"] = json!(hex::encode(rand::rng().random::<[u8; 48]>()));
    }
    let server_id = number(&payload["guild_id"]).unwrap_or(0);
    let user = number(&payload["member"]["user"]["id"]).or_else(|| number(&payload["user"]["id"]));
    let interaction = Interaction {
        id,
        token: payload["token"].as_str().unwrap_or_default().to_owned(),
        kind: number(&payload["type"])
            .and_then(|kind| u8::try_from(kind).ok())
            .unwrap_or(0),
        channel_id: number(&payload["channel_id"]).unwrap_or(0),
        server_id,
        user_id: user.unwrap_or(0),
        message_id: number(&payload["message"]["id"]),
        created_at: super::snowflake::made_at(id),
        payload: payload.clone(),
        first: None,
        original: None,
        followups: Vec::new(),
        edits: 0,
    };
    world.scene.interactions.insert(id, Arc::new(interaction));
    world.tell("INTERACTION_CREATE", 0, server_id, &payload);
    id
}
