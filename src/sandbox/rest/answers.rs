//! Answers to interactions.
//!
//! Source: Discord's "Receiving and Responding": one first answer within 3 seconds (40060 on a
//! second, 10062 when late), then edits and followups by token for 15 minutes.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::messages::{automod, patch, stays, text, uploads, values};
use super::refusal::Refusal;
use super::{Answered, Call, Reply};
use crate::sandbox::judge::{self, Form};
use crate::sandbox::scene::{EPHEMERAL, FirstAnswer, Interaction, LOADING, Message};
use crate::sandbox::world::{Draft, World, answer_flags};

/// How long the first answer may take.
const FIRST_ANSWER: TimeDelta = TimeDelta::seconds(3);
/// How long the token lives.
const TOKEN_LIFE: TimeDelta = TimeDelta::minutes(15);

fn wrong_type(message: &str) -> Refusal {
    Refusal::form("type", "INTERACTION_CALLBACK_TYPE_INVALID", message)
}

pub(crate) fn callback(world: &mut World, id: u64, token: &str, call: &Call) -> Answered {
    let now = world.now();
    let found = world
        .scene
        .interactions
        .get(&id)
        .filter(|interaction| interaction.token == token);
    let interaction = Arc::clone(found.ok_or_else(|| Refusal::unknown("Interaction"))?);
    if interaction.first.is_some() {
        return Err(Refusal::new(
            400,
            40060,
            "Interaction has already been acknowledged.",
        ));
    }
    if now - interaction.created_at > FIRST_ANSWER {
        return Err(Refusal::unknown("Interaction"));
    }
    judge::keys(&call.body, "", &["type", "data", "attachments"])?;
    let data = call
        .body
        .get("data")
        .filter(|data| !data.is_null())
        .cloned()
        .unwrap_or_else(|| json!({}));
    let kind = call.body["type"].as_u64().unwrap_or(0);
    let on_message = interaction.message_id.is_some();
    let (first, original) = match (kind, interaction.kind) {
        (8, 4) => {
            judge::choices(&data)?;
            (
                FirstAnswer::Choices(values(&data, "choices").unwrap_or_default()),
                None,
            )
        }
        (8, _) => return Err(wrong_type("Choices answer autocomplete interactions only.")),
        (_, 4) => {
            return Err(wrong_type(
                "An autocomplete interaction is answered with choices only.",
            ));
        }
        (4, _) => {
            judge::message(&data, Form::Answer, call.files.len(), |_| false)?;
            automod(world, &data)?;
            (
                FirstAnswer::Message,
                Some(post(world, &interaction, call, &data, 0)),
            )
        }
        (5, _) => {
            judge::keys(&data, "data", &["flags"])?;
            let ephemeral = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
            let draft = json!({"flags": data["flags"].as_u64().unwrap_or(0)});
            (
                FirstAnswer::Deferred { ephemeral },
                Some(post(world, &interaction, call, &draft, LOADING)),
            )
        }
        (6, 3 | 5) if on_message => (FirstAnswer::DeferredUpdate, interaction.message_id),
        (7, 3 | 5) if on_message => {
            let message = source(world, &interaction)?;
            judge::message(&data, Form::Answer, call.files.len(), stays(&message)).or_else(
                |refusal| {
                    // An update may leave out what it does not change.
                    if refusal.code == 50006 {
                        judge::message(&data, Form::EditAnswer, call.files.len(), stays(&message))
                    } else {
                        Err(refusal)
                    }
                },
            )?;
            automod(world, &data)?;
            let patch = patch(world, call, &data);
            world.edit(message.id, patch);
            (FirstAnswer::Update, Some(message.id))
        }
        (6 | 7, _) => return Err(wrong_type("Only a component's message can be updated.")),
        (9, 2 | 3) => {
            judge::modal(&data)?;
            (FirstAnswer::Modal(data.clone()), None)
        }
        (9, _) => return Err(wrong_type("A modal cannot answer a modal.")),
        _ => {
            return Err(Refusal::form(
                "type",
                "BASE_TYPE_CHOICES",
                "Value must be one of (4, 5, 6, 7, 8, 9).",
            ));
        }
    };
    if let Some(interaction) = world.scene.interactions.get_mut(&id) {
        let interaction = Arc::make_mut(interaction);
        interaction.first = Some(first);
        interaction.original = original;
    }
    if call
        .query
        .get("with_response")
        .is_none_or(|asked| asked != "true")
    {
        return Ok(Reply::none());
    }
    let message = original.and_then(|id| world.scene.messages.get(&id));
    let mut answer = json!({
        "interaction": {
            "id": id.to_string(), "type": interaction.kind, "response_message_id": original.map(|id| id.to_string()),
            "response_message_loading": kind == 5,
            "response_message_ephemeral": message.is_some_and(|message| message.only_for.is_some()),
        },
        "resource": {"type": kind},
    });
    if let Some(message) = message {
        answer["resource"]["message"] = world.scene.message_json(message);
    }
    Ok(Reply::ok(answer))
}

fn post(
    world: &mut World,
    interaction: &Interaction,
    call: &Call,
    data: &Value,
    extra_flags: u64,
) -> u64 {
    let flags = answer_flags(data.get("flags").and_then(Value::as_u64).unwrap_or(0)) | extra_flags;
    let attachments = uploads(world, call, data);
    world.post(Draft {
        channel_id: interaction.channel_id,
        author_id: world.scene.app_id,
        kind: if interaction.kind == 2 { 20 } else { 0 },
        content: text(data),
        embeds: values(data, "embeds").unwrap_or_default(),
        components: values(data, "components").unwrap_or_default(),
        attachments,
        flags,
        allowed_mentions: data.get("allowed_mentions").cloned(),
        only_for: (flags & EPHEMERAL != 0).then_some(interaction.user_id),
        interaction_id: Some(interaction.id),
        ..Draft::default()
    })
}

fn source(world: &World, interaction: &Interaction) -> Result<Arc<Message>, Refusal> {
    let message = interaction
        .message_id
        .and_then(|id| world.scene.messages.get(&id));
    message.cloned().ok_or_else(|| Refusal::unknown("Message"))
}

/// The interaction of a living token that has been answered.
fn by_token(world: &World, token: &str) -> Result<Arc<Interaction>, Refusal> {
    let interaction = world
        .scene
        .interactions
        .values()
        .rev()
        .find(|interaction| interaction.token == token);
    let interaction = interaction.ok_or_else(|| Refusal::unknown("Webhook"))?;
    if world.now() - interaction.created_at > TOKEN_LIFE {
        return Err(Refusal::new(401, 50027, "Invalid Webhook Token"));
    }
    if interaction.first.is_none() {
        return Err(Refusal::unknown("Webhook"));
    }
    Ok(interaction.clone())
}

fn named(
    world: &World,
    interaction: &Interaction,
    message: Option<u64>,
) -> Result<Arc<Message>, Refusal> {
    let id = match message {
        None => interaction.original,
        Some(id) => Some(id)
            .filter(|id| Some(*id) == interaction.original || interaction.followups.contains(id)),
    };
    id.and_then(|id| world.scene.messages.get(&id))
        .cloned()
        .ok_or_else(|| Refusal::unknown("Message"))
}

pub(crate) fn get(world: &World, token: &str, message: Option<u64>) -> Answered {
    let interaction = by_token(world, token)?;
    Ok(Reply::ok(world.scene.message_json(&*named(
        world,
        &interaction,
        message,
    )?)))
}

pub(crate) fn edit(world: &mut World, token: &str, message: Option<u64>, call: &Call) -> Answered {
    let interaction = by_token(world, token)?;
    let message = named(world, &interaction, message)?;
    judge::message(
        &call.body,
        Form::EditAnswer,
        call.files.len(),
        stays(&message),
    )?;
    automod(world, &call.body)?;
    let patch = patch(world, call, &call.body);
    world.edit(message.id, patch);
    if let Some(interaction) = world.scene.interactions.get_mut(&interaction.id) {
        Arc::make_mut(interaction).edits += 1;
    }
    Ok(Reply::ok(
        world
            .scene
            .messages
            .get(&message.id)
            .map_or(Value::Null, |message| world.scene.message_json(message)),
    ))
}

pub(crate) fn delete(world: &mut World, token: &str, message: Option<u64>) -> Answered {
    let interaction = by_token(world, token)?;
    let message = named(world, &interaction, message)?;
    world.delete_message(message.id);
    Ok(Reply::none())
}

pub(crate) fn followup(world: &mut World, token: &str, call: &Call) -> Answered {
    let interaction = by_token(world, token)?;
    judge::message(&call.body, Form::Followup, call.files.len(), |_| false)?;
    automod(world, &call.body)?;
    let waiting = interaction.original.filter(|id| {
        world
            .scene
            .messages
            .get(id)
            .is_some_and(|m| m.flags & LOADING != 0)
    });
    let id = if let Some(waiting) = waiting {
        // The first message after a deferral takes the place of "… is thinking".
        let patch = patch(world, call, &call.body);
        world.edit(waiting, patch);
        waiting
    } else {
        let id = post(world, &interaction, call, &call.body, 0);
        if let Some(interaction) = world.scene.interactions.get_mut(&interaction.id) {
            Arc::make_mut(interaction).followups.push(id);
        }
        id
    };
    Ok(Reply::ok(
        world
            .scene
            .messages
            .get(&id)
            .map_or(Value::Null, |message| world.scene.message_json(message)),
    ))
}
