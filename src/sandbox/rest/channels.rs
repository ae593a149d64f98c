//! Servers, channels, overwrites, roles and members.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::{Answered, Call, Reply, bits, snowflake};
use crate::sandbox::judge;
use crate::sandbox::permissions::{ALL, MANAGE_CHANNELS, MANAGE_ROLES, VIEW_CHANNEL};
use crate::sandbox::scene::{ANNOUNCEMENT, CATEGORY, Channel, DM, Overwrite, ServerData, TEXT};
use crate::sandbox::world::World;

const CHANNEL_KEYS: &[&str] = &[
    "type",
    "name",
    "position",
    "topic",
    "bitrate",
    "user_limit",
    "nsfw",
    "rate_limit_per_user",
    "parent_id",
    "permission_overwrites",
    "rtc_region",
    "video_quality_mode",
    "default_auto_archive_duration",
    "default_reaction_emoji",
    "default_thread_rate_limit_per_user",
    "default_sort_order",
    "default_forum_layout",
    "default_tag_setting",
    "available_tags",
    "flags",
];

/// Channels a server can have, categories counted (Discord's limit).
pub(crate) const MOST_CHANNELS: usize = 500;
/// Channels a category can have (Discord's limit).
pub(crate) const MOST_IN_CATEGORY: usize = 50;

fn server_of(world: &World, id: u64) -> Result<&ServerData, Refusal> {
    let server = world
        .scene
        .servers
        .get(&id)
        .ok_or_else(|| Refusal::unknown("Guild"))?;
    if server.members.contains_key(&world.scene.app_id) {
        Ok(server)
    } else {
        Err(Refusal::no_access())
    }
}

/// The channel, if the bot sees it.
pub(crate) fn channel_of(world: &World, id: u64) -> Result<(Channel, u64), Refusal> {
    let channel = world
        .scene
        .channels
        .get(&id)
        .ok_or_else(|| Refusal::unknown("Channel"))?;
    let may = world.scene.permissions(channel, world.scene.app_id);
    if may & VIEW_CHANNEL == 0 {
        return Err(Refusal::no_access());
    }
    Ok((channel.clone(), may))
}

pub(crate) fn require(may: u64, bits: u64) -> Result<(), Refusal> {
    if may & bits == bits {
        Ok(())
    } else {
        Err(Refusal::no_permission())
    }
}

pub(crate) fn list_servers(world: &World) -> Answered {
    let me = world.scene.app_id;
    let mine = world
        .scene
        .servers
        .values()
        .filter(|server| server.members.contains_key(&me));
    let servers = mine.map(|server| {
        json!({
            "id": server.id.to_string(), "name": server.name, "icon": null, "banner": null, "features": [],
            "owner": server.owner_id == me, "permissions": world.scene.server_permissions(server.id, me).to_string(),
        })
    });
    Ok(Reply::ok(servers.collect()))
}

pub(crate) fn get_server(world: &World, id: u64) -> Answered {
    Ok(Reply::ok(world.scene.server_json(server_of(world, id)?)))
}

pub(crate) fn list_channels(world: &World, id: u64) -> Answered {
    server_of(world, id)?;
    let channels = world
        .scene
        .channels
        .values()
        .filter(|channel| channel.server_id == id);
    Ok(Reply::ok(
        channels
            .map(|channel| world.scene.channel_json(channel))
            .collect(),
    ))
}

pub(crate) fn list_roles(world: &World, id: u64) -> Answered {
    let server = server_of(world, id)?;
    Ok(Reply::ok(
        server
            .roles
            .values()
            .map(|role| world.scene.role_json(role))
            .collect(),
    ))
}

pub(crate) fn list_members(world: &World, id: u64, call: &Call) -> Answered {
    let server = server_of(world, id)?;
    // Discord gives the list only to applications with the members intent in the portal.
    if world.gateway.privileged & crate::sandbox::gateway::intents::GUILD_MEMBERS == 0 {
        return Err(Refusal::no_access());
    }
    let limit = call.number("limit").unwrap_or(1).clamp(1, 1000);
    let after = call.number("after").unwrap_or(0);
    let members = server
        .members
        .range(after + 1..)
        .take(usize::try_from(limit).unwrap_or(1));
    Ok(Reply::ok(
        members
            .map(|(_, member)| world.scene.member_json(member, true))
            .collect(),
    ))
}

pub(crate) fn get_member(world: &World, id: u64, user: u64) -> Answered {
    let server = server_of(world, id)?;
    let member = server
        .members
        .get(&user)
        .ok_or_else(|| Refusal::unknown("Member"))?;
    Ok(Reply::ok(world.scene.member_json(member, true)))
}

pub(crate) fn get_channel(world: &World, id: u64) -> Answered {
    let (channel, _) = channel_of(world, id)?;
    Ok(Reply::ok(world.scene.channel_json(&channel)))
}

/// A name as Discord keeps it: text channels in lower case, spaces as hyphens.
pub(crate) fn normal_name(name: &str, kind: u8) -> String {
    if kind == CATEGORY {
        return name.trim().to_owned();
    }
    let mut out = String::new();
    for c in name.trim().to_lowercase().chars() {
        let c = if c.is_whitespace() { '-' } else { c };
        let dropped = c.is_ascii_punctuation() && c != '-' && c != '_';
        let doubled = c == '-' && out.ends_with('-');
        if !dropped && !doubled {
            out.push(c);
        }
    }
    out
}

fn judged_name(body: &Value, kind: u8) -> Result<Option<String>, Refusal> {
    let Some(name) = body.get("name") else {
        return Ok(None);
    };
    let name = normal_name(name.as_str().unwrap_or_default(), kind);
    if (1..=100).contains(&name.chars().count()) {
        return Ok(Some(name));
    }
    Err(Refusal::form(
        "name",
        "BASE_TYPE_BAD_LENGTH",
        "Must be between 1 and 100 in length.",
    ))
}

fn judged_topic(body: &Value) -> Result<Option<Option<String>>, Refusal> {
    let Some(topic) = body.get("topic") else {
        return Ok(None);
    };
    let topic = topic
        .as_str()
        .filter(|topic| !topic.is_empty())
        .map(str::to_owned);
    if topic
        .as_ref()
        .is_some_and(|topic| topic.chars().count() > 1024)
    {
        return Err(Refusal::form(
            "topic",
            "BASE_TYPE_MAX_LENGTH",
            "Must be 1024 or fewer in length.",
        ));
    }
    Ok(Some(topic))
}

fn judged_parent(
    world: &World,
    body: &Value,
    server_id: u64,
    child: Option<u64>,
) -> Result<Option<Option<u64>>, Refusal> {
    let Some(parent) = body.get("parent_id") else {
        return Ok(None);
    };
    let Some(parent) = snowflake(parent) else {
        return Ok(Some(None));
    };
    let category = world
        .scene
        .channels
        .get(&parent)
        .filter(|c| c.server_id == server_id && c.kind == CATEGORY);
    if category.is_none() {
        return Err(Refusal::form(
            "parent_id",
            "CHANNEL_PARENT_INVALID",
            "Category does not exist",
        ));
    }
    let inside = world
        .scene
        .channels
        .values()
        .filter(|c| c.parent_id == Some(parent) && Some(c.id) != child)
        .count();
    if inside >= MOST_IN_CATEGORY {
        let message =
            format!("Maximum number of channels in category reached ({MOST_IN_CATEGORY})");
        return Err(Refusal::form(
            "parent_id",
            "CHANNEL_PARENT_MAX_CHANNELS",
            message,
        ));
    }
    Ok(Some(Some(parent)))
}

fn judged_overwrite(
    world: &World,
    server_id: u64,
    id: u64,
    body: &Value,
) -> Result<Overwrite, Refusal> {
    let server = server_of(world, server_id)?;
    let (allow, deny) = (bits(&body["allow"])?, bits(&body["deny"])?);
    let member = match body.get("type") {
        None | Some(Value::Null) => !server.roles.contains_key(&id),
        Some(kind) => kind.as_u64() == Some(1) || kind.as_str() == Some("member"),
    };
    if !member && !server.roles.contains_key(&id) {
        return Err(Refusal::unknown("Overwrite"));
    }
    if member && !server.members.contains_key(&id) {
        return Err(Refusal::unknown("Overwrite"));
    }
    Ok(Overwrite {
        id,
        member,
        allow,
        deny,
    })
}

fn judged_overwrites(
    world: &World,
    body: &Value,
    server_id: u64,
) -> Result<Option<Vec<Overwrite>>, Refusal> {
    let Some(list) = body.get("permission_overwrites").and_then(Value::as_array) else {
        return Ok(None);
    };
    if list.len() > 1000 {
        return Err(Refusal::new(
            400,
            30060,
            "Maximum number of channel permission overwrites reached (1000)",
        ));
    }
    let mut overwrites: Vec<Overwrite> = Vec::new();
    for (n, item) in list.iter().enumerate() {
        judge::keys(
            item,
            &format!("permission_overwrites.{n}"),
            &["id", "type", "allow", "deny"],
        )?;
        let Some(id) = snowflake(&item["id"]) else {
            let path = format!("permission_overwrites.{n}.id");
            return Err(Refusal::form(
                &path,
                "BASE_TYPE_REQUIRED",
                "This field is required",
            ));
        };
        let overwrite = judged_overwrite(world, server_id, id, item)?;
        overwrites.retain(|known| known.id != id);
        overwrites.push(overwrite);
    }
    Ok(Some(overwrites))
}

/// A bot may give and take only what it has itself; MANAGE_ROLES in a channel takes an administrator.
fn may_set(may: u64, overwrites: &[Overwrite]) -> Result<(), Refusal> {
    if may == ALL || overwrites.is_empty() {
        return Ok(());
    }
    require(may, MANAGE_ROLES)?;
    let asked = overwrites
        .iter()
        .fold(0, |bits, overwrite| bits | overwrite.allow | overwrite.deny);
    if asked & !may != 0 || asked & MANAGE_ROLES != 0 {
        return Err(Refusal::no_permission());
    }
    Ok(())
}

pub(crate) fn create(world: &mut World, server_id: u64, call: &Call) -> Answered {
    server_of(world, server_id)?;
    let may = world
        .scene
        .server_permissions(server_id, world.scene.app_id);
    require(may, MANAGE_CHANNELS)?;
    let body = &call.body;
    judge::keys(body, "", CHANNEL_KEYS)?;
    let kind = body.get("type").and_then(Value::as_u64).unwrap_or(0);
    let Some(kind) = u8::try_from(kind)
        .ok()
        .filter(|kind| matches!(*kind, TEXT | CATEGORY | ANNOUNCEMENT))
    else {
        return Err(Refusal::form(
            "type",
            "BASE_TYPE_CHOICES",
            "Value must be one of (0, 4, 5) in the sandbox.",
        ));
    };
    let Some(name) = judged_name(body, kind)? else {
        return Err(Refusal::form(
            "name",
            "BASE_TYPE_REQUIRED",
            "This field is required",
        ));
    };
    let topic = judged_topic(body)?.flatten();
    let here = world
        .scene
        .channels
        .values()
        .filter(|channel| channel.server_id == server_id)
        .count();
    if here >= MOST_CHANNELS {
        return Err(Refusal::new(
            400,
            30013,
            "Maximum number of guild channels reached (500)",
        ));
    }
    let parent_id = judged_parent(world, body, server_id, None)?.flatten();
    let given = judged_overwrites(world, body, server_id)?;
    may_set(may, given.as_deref().unwrap_or_default())?;
    // Without overwrites of its own a channel starts with those of its category.
    let parent = parent_id.and_then(|id| world.scene.channels.get(&id));
    let overwrites = given.unwrap_or_else(|| {
        parent
            .map(|parent| parent.overwrites.clone())
            .unwrap_or_default()
    });
    if parent.is_some_and(|parent| {
        world.scene.permissions(parent, world.scene.app_id) & VIEW_CHANNEL == 0
    }) {
        return Err(Refusal::no_access());
    }
    let position = body
        .get("position")
        .and_then(Value::as_u64)
        .unwrap_or(here as u64);
    let id = world.id();
    let channel = Channel {
        id,
        server_id,
        kind,
        name,
        topic,
        parent_id,
        position,
        overwrites,
        last_message_id: None,
        last_pin_at: None,
        renamed_at: Vec::new(),
        recipient: None,
    };
    let answer = world.scene.channel_json(&channel);
    world.add_channel(channel);
    Ok(Reply::created(answer))
}

pub(crate) fn edit(world: &mut World, id: u64, call: &Call) -> Answered {
    let (channel, may) = channel_of(world, id)?;
    require(may, MANAGE_CHANNELS)?;
    let body = &call.body;
    judge::keys(body, "", CHANNEL_KEYS)?;
    let name = judged_name(body, channel.kind)?.filter(|name| *name != channel.name);
    let topic = judged_topic(body)?.filter(|topic| *topic != channel.topic);
    let parent = judged_parent(world, body, channel.server_id, Some(id))?;
    let overwrites = judged_overwrites(world, body, channel.server_id)?;
    if let Some(overwrites) = &overwrites {
        let changed: Vec<Overwrite> = overwrites
            .iter()
            .filter(|o| !channel.overwrites.contains(o))
            .copied()
            .collect();
        may_set(may, &changed)?;
    }
    let now = world.now();
    if name.is_some() || topic.is_some() {
        let ten = TimeDelta::minutes(10);
        let recent: Vec<_> = channel
            .renamed_at
            .iter()
            .copied()
            .filter(|at| now - *at < ten)
            .collect();
        if let [first, _, ..] = recent.as_slice() {
            // The headers of this route never tell of this limit.
            return Err(Refusal::limited(
                (*first + ten - now).as_seconds_f64(),
                "shared",
            ));
        }
    }
    let changed = world.change_channel(id, |channel| {
        if name.is_some() || topic.is_some() {
            channel.renamed_at.push(now);
        }
        if let Some(name) = name {
            channel.name = name;
        }
        if let Some(topic) = topic {
            channel.topic = topic;
        }
        if let Some(parent) = parent {
            channel.parent_id = parent;
        }
        if let Some(overwrites) = overwrites {
            channel.overwrites = overwrites;
        }
        if let Some(position) = body.get("position").and_then(Value::as_u64) {
            channel.position = position;
        }
    });
    Ok(Reply::ok(changed.map_or(Value::Null, |channel| {
        world.scene.channel_json(&channel)
    })))
}

pub(crate) fn delete(world: &mut World, id: u64) -> Answered {
    let (channel, may) = channel_of(world, id)?;
    require(may, MANAGE_CHANNELS)?;
    let answer = world.scene.channel_json(&channel);
    world.delete_channel(id);
    Ok(Reply::ok(answer))
}

pub(crate) fn put_overwrite(
    world: &mut World,
    id: u64,
    overwrite_id: u64,
    call: &Call,
) -> Answered {
    let (channel, may) = channel_of(world, id)?;
    judge::keys(&call.body, "", &["type", "allow", "deny", "id"])?;
    let overwrite = judged_overwrite(world, channel.server_id, overwrite_id, &call.body)?;
    may_set(may, &[overwrite])?;
    require(may, MANAGE_ROLES)?;
    if channel.overwrites.len() >= 1000
        && !channel
            .overwrites
            .iter()
            .any(|known| known.id == overwrite_id)
    {
        return Err(Refusal::new(
            400,
            30060,
            "Maximum number of channel permission overwrites reached (1000)",
        ));
    }
    world.change_channel(id, |channel| {
        channel.overwrites.retain(|known| known.id != overwrite_id);
        channel.overwrites.push(overwrite);
    });
    Ok(Reply::none())
}

pub(crate) fn delete_overwrite(world: &mut World, id: u64, overwrite_id: u64) -> Answered {
    let (channel, may) = channel_of(world, id)?;
    require(may, MANAGE_ROLES)?;
    if !channel
        .overwrites
        .iter()
        .any(|known| known.id == overwrite_id)
    {
        return Err(Refusal::unknown("Overwrite"));
    }
    world.change_channel(id, |channel| {
        channel.overwrites.retain(|known| known.id != overwrite_id)
    });
    Ok(Reply::none())
}

pub(crate) fn create_dm(world: &mut World, call: &Call) -> Answered {
    let Some(user) =
        snowflake(&call.body["recipient_id"]).filter(|id| world.scene.users.contains_key(id))
    else {
        return Err(Refusal::unknown("User"));
    };
    let known = world
        .scene
        .channels
        .values()
        .find(|c| c.kind == DM && c.recipient == Some(user))
        .map(|c| c.id);
    let id = known.unwrap_or_else(|| {
        let id = world.id();
        let channel = Channel {
            id,
            server_id: 0,
            kind: DM,
            name: String::new(),
            topic: None,
            parent_id: None,
            position: 0,
            overwrites: Vec::new(),
            last_message_id: None,
            last_pin_at: None,
            renamed_at: Vec::new(),
            recipient: Some(user),
        };
        world.scene.channels.insert(id, channel);
        id
    });
    let channel = world
        .scene
        .channels
        .get(&id)
        .map_or(json!({}), |channel| world.scene.channel_json(channel));
    Ok(Reply::ok(channel))
}
