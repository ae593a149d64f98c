//! Messages, pins, reactions.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::channels::{channel_of, require};
use super::refusal::Refusal;
use super::{Answered, Call, Reply, snowflake};
use crate::sandbox::judge::{self, Form};
use crate::sandbox::permissions::{
    ADD_REACTIONS, ATTACH_FILES, EMBED_LINKS, MANAGE_MESSAGES, PIN_MESSAGES, READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
};
use crate::sandbox::render::time;
use crate::sandbox::scene::{
    ANNOUNCEMENT, Attachment, CATEGORY, COMPONENTS_V2, CROSSPOSTED, Message, SUPPRESS_NOTIFICATIONS,
};
use crate::sandbox::world::{Draft, Patch, SeenNonce, World};

/// Pins a channel can have (Discord's limit).
const MOST_PINS: usize = 250;
/// How long a nonce is known; Discord says "the past few minutes".
const NONCE_MEMORY: TimeDelta = TimeDelta::minutes(5);

/// A message that stands in this channel for all to see.
pub(crate) fn message_of(world: &World, channel: u64, id: u64) -> Result<Arc<Message>, Refusal> {
    let found = world
        .scene
        .messages
        .get(&id)
        .filter(|m| m.channel_id == channel && m.only_for.is_none());
    found.cloned().ok_or_else(|| Refusal::unknown("Message"))
}

pub(crate) fn values(body: &Value, key: &str) -> Option<Vec<Value>> {
    match body.get(key) {
        None => None,
        Some(Value::Array(list)) => Some(list.clone()),
        Some(_) => Some(Vec::new()),
    }
}

pub(crate) fn text(body: &Value) -> String {
    body.get("content")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The uploaded files, named as `attachments` says.
pub(crate) fn uploads(world: &mut World, call: &Call, body: &Value) -> Vec<Attachment> {
    let listed = values(body, "attachments").unwrap_or_default();
    let mut files = Vec::new();
    for (n, file) in call.files.iter().enumerate() {
        let named = listed
            .iter()
            .find(|a| snowflake(&a["id"]) == Some(n as u64))
            .and_then(|a| a["filename"].as_str());
        let filename = named.unwrap_or(&file.filename).to_owned();
        let id = world.id();
        files.push(Attachment {
            id,
            filename,
            content_type: file.content_type.clone(),
            bytes: file.bytes.clone(),
        });
    }
    files
}

/// The patch that a body asks for.
pub(crate) fn patch(world: &mut World, call: &Call, body: &Value) -> Patch {
    let listed = values(body, "attachments");
    let keep = listed.map(|list| {
        list.iter()
            .filter_map(|a| snowflake(&a["id"]))
            .filter(|id| *id > 100)
            .collect()
    });
    Patch {
        content: body.get("content").map(|_| text(body)),
        embeds: values(body, "embeds"),
        components: values(body, "components"),
        keep_attachments: keep,
        new_attachments: uploads(world, call, body),
        flags: body.get("flags").and_then(Value::as_u64),
        allowed_mentions: body.get("allowed_mentions").cloned(),
    }
}

/// Whether an edited message keeps this part.
pub(crate) fn stays(message: &Message) -> impl Fn(&str) -> bool {
    let (content, embeds) = (!message.content.is_empty(), !message.embeds.is_empty());
    let (components, attachments) = (
        !message.components.is_empty(),
        !message.attachments.is_empty(),
    );
    move |key| match key {
        "content" => content,
        "embeds" => embeds,
        "components" => components,
        "attachments" => attachments,
        _ => false,
    }
}

/// AutoMod's word on a text.
pub(crate) fn automod(world: &World, body: &Value) -> Result<(), Refusal> {
    match &world.automod {
        Some(word) if body.to_string().contains(word.as_str()) => Err(Refusal::new(
            400,
            200_000,
            "Message was blocked by automatic moderation",
        )),
        _ => Ok(()),
    }
}

pub(crate) fn create(world: &mut World, channel_id: u64, call: &Call) -> Answered {
    let (channel, may) = channel_of(world, channel_id)?;
    if channel.kind == CATEGORY {
        return Err(Refusal::new(
            400,
            50008,
            "Cannot send messages in a non-text channel",
        ));
    }
    require(may, SEND_MESSAGES)?;
    let body = &call.body;
    judge::message(body, Form::Create, call.files.len(), |_| false)?;
    if !values(body, "embeds").unwrap_or_default().is_empty() {
        require(may, EMBED_LINKS)?;
    }
    if !call.files.is_empty() {
        require(may, ATTACH_FILES)?;
    }
    automod(world, body)?;
    let now = world.now();
    let me = world.scene.app_id;
    let nonce = body.get("nonce").filter(|nonce| !nonce.is_null()).cloned();
    let nonce_text = nonce.as_ref().map(|nonce| {
        nonce
            .as_str()
            .map_or_else(|| nonce.to_string(), str::to_owned)
    });
    world.nonces.retain(|seen| now - seen.at < NONCE_MEMORY);
    if let (Some(text), true) = (&nonce_text, body["enforce_nonce"] == true) {
        let seen = world
            .nonces
            .iter()
            .find(|s| s.nonce == *text && s.author_id == me && s.channel_id == channel_id);
        if let Some(message) = seen.and_then(|seen| world.scene.messages.get(&seen.message_id)) {
            let mut answer = world.scene.message_json(message);
            answer["nonce"] = json!(nonce);
            return Ok(Reply::ok(answer));
        }
    }
    let reference = snowflake(&body["message_reference"]["message_id"]);
    if let Some(reference) = reference
        && message_of(world, channel_id, reference).is_err()
        && body["message_reference"]["fail_if_not_exists"] != false
    {
        let message = "Unknown message";
        return Err(Refusal::form(
            "message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
            message,
        ));
    }
    let attachments = uploads(world, call, body);
    let id = world.post(Draft {
        channel_id,
        author_id: me,
        kind: if reference.is_some() { 19 } else { 0 },
        content: text(body),
        embeds: values(body, "embeds").unwrap_or_default(),
        components: values(body, "components").unwrap_or_default(),
        attachments,
        flags: body.get("flags").and_then(Value::as_u64).unwrap_or(0)
            & (1 << 2 | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2),
        nonce: nonce.clone(),
        allowed_mentions: body.get("allowed_mentions").cloned(),
        reference,
        ..Draft::default()
    });
    if let Some(nonce) = nonce_text {
        world.nonces.push(SeenNonce {
            channel_id,
            author_id: me,
            nonce,
            message_id: id,
            at: now,
        });
    }
    let mut answer = world
        .scene
        .messages
        .get(&id)
        .map_or(Value::Null, |message| world.scene.message_json(message));
    if nonce.is_some() {
        answer["nonce"] = json!(nonce);
    }
    Ok(Reply::ok(answer))
}

pub(crate) fn get(world: &World, channel_id: u64, id: u64) -> Answered {
    let (_, may) = channel_of(world, channel_id)?;
    require(may, READ_MESSAGE_HISTORY)?;
    let message = message_of(world, channel_id, id)?;
    Ok(Reply::ok(world.scene.message_for_bot(&message)))
}

/// Newest first, as Discord gives them.
pub(crate) fn list(world: &World, channel_id: u64, call: &Call) -> Answered {
    let (_, may) = channel_of(world, channel_id)?;
    if may & READ_MESSAGE_HISTORY == 0 {
        return Ok(Reply::ok(json!([])));
    }
    let limit = call.number("limit").unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(Refusal::form(
            "limit",
            "NUMBER_TYPE_MAX",
            "int value should be between 1 and 100.",
        ));
    }
    let limit = usize::try_from(limit).unwrap_or(50);
    let all: Vec<&Arc<Message>> = world
        .scene
        .messages
        .values()
        .filter(|m| m.channel_id == channel_id && m.only_for.is_none())
        .collect();
    let mut found: Vec<&Arc<Message>> = if let Some(before) = call.number("before") {
        all.iter()
            .rev()
            .filter(|m| m.id < before)
            .take(limit)
            .copied()
            .collect()
    } else if let Some(after) = call.number("after") {
        all.iter()
            .filter(|m| m.id > after)
            .take(limit)
            .copied()
            .collect()
    } else if let Some(around) = call.number("around") {
        let older = all
            .iter()
            .rev()
            .filter(|m| m.id <= around)
            .take(limit / 2 + 1);
        older
            .chain(all.iter().filter(|m| m.id > around).take(limit / 2))
            .take(limit)
            .copied()
            .collect()
    } else {
        all.iter().rev().take(limit).copied().collect()
    };
    found.sort_by_key(|message| std::cmp::Reverse(message.id));
    Ok(Reply::ok(
        found
            .into_iter()
            .map(|message| world.scene.message_for_bot(message))
            .collect(),
    ))
}

pub(crate) fn edit(world: &mut World, channel_id: u64, id: u64, call: &Call) -> Answered {
    let (_, may) = channel_of(world, channel_id)?;
    let message = message_of(world, channel_id, id)?;
    if message.author_id != world.scene.app_id {
        let flags_only = call
            .body
            .as_object()
            .is_some_and(|body| body.keys().all(|key| key == "flags"));
        if !flags_only || may & MANAGE_MESSAGES == 0 {
            return Err(Refusal::new(
                403,
                50005,
                "Cannot edit a message authored by another user",
            ));
        }
    }
    if message.kind == 6 {
        return Err(Refusal::new(
            403,
            50021,
            "Cannot execute action on a system message",
        ));
    }
    judge::message(&call.body, Form::Edit, call.files.len(), stays(&message))?;
    automod(world, &call.body)?;
    if world.old_edit_refused(&message) {
        let said = "Maximum number of edits to messages older than 1 hour reached. Try again later";
        return Err(Refusal {
            code: 30046,
            message: said.to_owned(),
            ..Refusal::limited(60.0, "shared")
        });
    }
    let patch = patch(world, call, &call.body);
    world.edit(id, patch);
    Ok(Reply::ok(
        world
            .scene
            .messages
            .get(&id)
            .map_or(Value::Null, |message| world.scene.message_for_bot(message)),
    ))
}

pub(crate) fn delete(world: &mut World, channel_id: u64, id: u64) -> Answered {
    let (_, may) = channel_of(world, channel_id)?;
    let message = message_of(world, channel_id, id)?;
    if message.author_id != world.scene.app_id {
        require(may, MANAGE_MESSAGES)?;
    }
    world.delete_message(id);
    Ok(Reply::none())
}

pub(crate) fn crosspost(world: &mut World, channel_id: u64, id: u64) -> Answered {
    let (channel, may) = channel_of(world, channel_id)?;
    let message = message_of(world, channel_id, id)?;
    if channel.kind != ANNOUNCEMENT {
        return Err(Refusal::new(
            400,
            50024,
            "Cannot execute action on this channel type",
        ));
    }
    require(
        may,
        if message.author_id == world.scene.app_id {
            SEND_MESSAGES
        } else {
            MANAGE_MESSAGES
        },
    )?;
    if message.flags & CROSSPOSTED != 0 {
        return Err(Refusal::new(
            400,
            40033,
            "This message has already been crossposted",
        ));
    }
    if let Some(message) = world.scene.messages.get_mut(&id) {
        Arc::make_mut(message).flags |= CROSSPOSTED;
    }
    get(world, channel_id, id)
}

pub(crate) fn list_pins(world: &World, channel_id: u64, old: bool, call: &Call) -> Answered {
    let (_, may) = channel_of(world, channel_id)?;
    if may & READ_MESSAGE_HISTORY == 0 {
        return Ok(Reply::ok(if old {
            json!([])
        } else {
            json!({"items": [], "has_more": false})
        }));
    }
    let mut pinned: Vec<(&Arc<Message>, _)> = world
        .scene
        .messages
        .values()
        .filter(|message| message.channel_id == channel_id)
        .filter_map(|message| message.pinned_at.map(|at| (message, at)))
        .collect();
    pinned.sort_by_key(|(message, at)| std::cmp::Reverse((*at, message.id)));
    if old {
        return Ok(Reply::ok(
            pinned
                .into_iter()
                .take(50)
                .map(|(message, _)| world.scene.message_for_bot(message))
                .collect(),
        ));
    }
    if let Some(before) = call
        .query
        .get("before")
        .and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok())
    {
        pinned.retain(|(_, at)| *at < before);
    }
    let limit = usize::try_from(call.number("limit").unwrap_or(50).clamp(1, 50)).unwrap_or(50);
    let has_more = pinned.len() > limit;
    let items: Vec<Value> = pinned
        .into_iter()
        .take(limit)
        .map(|(message, at)| json!({"pinned_at": time(at), "message": world.scene.message_for_bot(message)}))
        .collect();
    Ok(Reply::ok(json!({"items": items, "has_more": has_more})))
}

pub(crate) fn pin(world: &mut World, channel_id: u64, id: u64, on: bool) -> Answered {
    let (_, may) = channel_of(world, channel_id)?;
    let message = message_of(world, channel_id, id)?;
    require(may, PIN_MESSAGES)?;
    let me = world.scene.app_id;
    if !on {
        world.unpin(id);
        return Ok(Reply::none());
    }
    if message.kind == 6 {
        return Err(Refusal::new(
            403,
            50021,
            "Cannot execute action on a system message",
        ));
    }
    let pins = world
        .scene
        .messages
        .values()
        .filter(|m| m.channel_id == channel_id && m.pinned_at.is_some())
        .count();
    if message.pinned_at.is_none() && pins >= MOST_PINS {
        return Err(Refusal::new(
            400,
            30003,
            "Maximum number of pins reached for the channel (250)",
        ));
    }
    world.pin(id, me);
    Ok(Reply::none())
}

pub(crate) fn add_reaction(world: &mut World, channel_id: u64, id: u64, emoji: &str) -> Answered {
    let (_, may) = channel_of(world, channel_id)?;
    let message = message_of(world, channel_id, id)?;
    require(may, READ_MESSAGE_HISTORY)?;
    let known = message
        .reactions
        .iter()
        .any(|reaction| reaction.emoji == emoji);
    if !known {
        require(may, ADD_REACTIONS)?;
        if message.reactions.len() >= 20 {
            return Err(Refusal::new(
                400,
                30010,
                "Maximum number of reactions reached (20)",
            ));
        }
    }
    // Letters and digits are no emoji; a server's own is `name:id`, and there are none here.
    if emoji.is_ascii() {
        return Err(Refusal::unknown("Emoji"));
    }
    let me = world.scene.app_id;
    world.react(id, me, emoji);
    Ok(Reply::none())
}

pub(crate) fn remove_reaction(
    world: &mut World,
    channel_id: u64,
    id: u64,
    emoji: &str,
    user: Option<u64>,
) -> Answered {
    let (_, may) = channel_of(world, channel_id)?;
    message_of(world, channel_id, id)?;
    let me = world.scene.app_id;
    let whose = user.unwrap_or(me);
    if whose != me {
        require(may, MANAGE_MESSAGES)?;
    }
    world.unreact(id, whose, emoji);
    Ok(Reply::none())
}

pub(crate) fn list_reactions(
    world: &World,
    channel_id: u64,
    id: u64,
    emoji: &str,
    call: &Call,
) -> Answered {
    let (_, may) = channel_of(world, channel_id)?;
    require(may, READ_MESSAGE_HISTORY)?;
    let message = message_of(world, channel_id, id)?;
    let after = call.number("after").unwrap_or(0);
    let limit = usize::try_from(call.number("limit").unwrap_or(25).clamp(1, 100)).unwrap_or(25);
    let reaction = message
        .reactions
        .iter()
        .find(|reaction| reaction.emoji == emoji);
    let mut users = reaction
        .map(|reaction| reaction.users.clone())
        .unwrap_or_default();
    users.sort_unstable();
    users.retain(|user| *user > after);
    Ok(Reply::ok(
        users
            .into_iter()
            .take(limit)
            .map(|user| world.scene.user_json(user))
            .collect(),
    ))
}
