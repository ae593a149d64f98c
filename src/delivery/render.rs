//! What is sent, made from the present state at the time it is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use super::places::{CATEGORY, INCIDENTS, TEXT, UPDATES};
use super::trace::Sign;
use crate::discord::api::Call;
use crate::discord::components::Button;
use crate::discord::message::{File, Message};
use crate::discord::views as shown;
use crate::domain::actor::Actor;
use crate::domain::effect::Say;
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::incident::Incident;
use crate::domain::look_alike::{Candidate, look_alikes};
use crate::domain::timeline::{Fact, TimelineEvent};
use crate::review::RenderError;
use crate::store::views::{self, Name, View};
use crate::store::{StoreError, people, servers, timeline};

/// Rows of the timeline that the card has.
const LATEST: u32 = 3;

/// Makes the files of a review out of an incident, its whole timeline and people's names.
pub type ReviewRenderer = Arc<
    dyn Fn(&Incident, &[TimelineEvent], &BTreeMap<UserId, String>) -> Result<Vec<File>, RenderError>
        + Send
        + Sync,
>;

/// Names exactly what people see of this body. Whom it may ping is not seen, and matters only when
/// it is first said.
pub(super) fn hash(body: &Value) -> Vec<u8> {
    let mut seen = body.clone();
    if let Some(fields) = seen.as_object_mut() {
        fields.remove("allowed_mentions");
    }
    Sha256::digest(seen.to_string().as_bytes()).to_vec()
}

/// A message on its way, with the nonce that makes a repetition the same one at Discord.
/// <https://discord.com/developers/docs/resources/message#create-message>
pub(super) fn create(channel: ChannelId, mut body: Value, files: Vec<File>, nonce: &str) -> Call {
    body["nonce"] = json!(nonce);
    body["enforce_nonce"] = json!(true);
    Call::CreateMessage {
        channel,
        body,
        files,
    }
}

/// Type and name of a view that is a channel of the server.
pub(super) fn server_channel(view: &View) -> (u8, String) {
    match view.name {
        Name::Incidents => (TEXT, INCIDENTS.to_owned()),
        Name::Updates => (TEXT, UPDATES.to_owned()),
        _ => {
            let number = u32::try_from(view.reference).unwrap_or(1);
            (CATEGORY, shown::channel::category_name(number))
        }
    }
}

/// The body that makes a channel of the server. Without overwrites: it is as open as the server.
pub(super) fn server_channel_body(view: &View) -> Value {
    let (kind, name) = server_channel(view);
    let mut body = json!({"name": name, "type": kind});
    let about = match view.name {
        Name::Incidents => "Every incident, newest state",
        Name::Updates => "What customers are told",
        _ => return body,
    };
    body["topic"] = json!(format!("{about} · kept by Warbell · {}", view.marker));
    body
}

/// The body that makes an incident's channel. Without overwrites it takes those of its category.
pub(super) fn incident_channel_body(
    incident: &Incident,
    marker: &str,
    category: ChannelId,
) -> Value {
    json!({
        "name": shown::channel::name(incident),
        "type": TEXT,
        "topic": shown::channel::topic(incident, marker),
        "parent_id": category,
    })
}

/// The message of a view; none where there is nothing to show any more.
pub(super) async fn message(
    conn: &mut SqliteConnection,
    view: &View,
    incident: &Incident,
    channel: Option<ChannelId>,
) -> Result<Option<Message>, StoreError> {
    Ok(match view.name {
        Name::Card => {
            let (latest, _) = timeline::newest(conn, incident.key, LATEST).await?;
            Some(shown::card::card(incident, &latest))
        }
        Name::Digest => Some(shown::digest::entry(incident, channel)),
        Name::Draft => u32::try_from(view.reference)
            .ok()
            .and_then(|number| incident.update(number))
            .map(|update| shown::draft::draft(incident, update)),
        Name::Page => {
            let (number, round) = (view.reference / 10, view.reference % 10);
            let (number, round) = (
                u32::try_from(number).ok(),
                u32::try_from(round).unwrap_or(1),
            );
            number
                .and_then(|number| incident.page(number))
                .map(|page| shown::page::page(incident, page, round))
        }
        Name::Category | Name::Incidents | Name::Updates | Name::Channel | Name::Answer => None,
    })
}

/// How the message of a view is told from others.
pub(super) fn sign_of_view(view: &View, incident: &Incident) -> Sign {
    match view.name {
        Name::Card => Sign::Button(
            Button::AddNote {
                incident: incident.key,
            }
            .encode(),
        ),
        Name::Draft => Sign::Begins(format!("**{} · update {}**", incident.id, view.reference)),
        _ => Sign::Begins(format!("**{} · ", incident.id)),
    }
}

/// The final answer to a declare. `open`: the open incidents that whoever asked may see.
pub(super) async fn answer(
    conn: &mut SqliteConnection,
    incident: &Incident,
    channel: ChannelId,
    open: &[Incident],
) -> Result<Message, StoreError> {
    // As the first answer named them: those that were open before.
    let candidates: Vec<Candidate<usize>> = open
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, other)| other.key < incident.key)
        .map(|(index, other)| Candidate {
            id: index,
            title: other.title.clone(),
            services: other.services.clone(),
        })
        .collect();
    let mut alike = Vec::new();
    for index in look_alikes(&incident.title, &incident.services, &candidates) {
        let other = &open[index];
        let stands_in = views::channel_of(conn, other.key).await?;
        alike.push((other.id, other.title.clone(), stands_in));
    }
    Ok(shown::answer::declared(incident, Some(channel), &alike))
}

/// What is said; none where what it was about is not there.
pub(super) async fn say(
    conn: &mut SqliteConnection,
    incident: &Incident,
    say: &Say,
    review: &ReviewRenderer,
) -> Result<Option<Message>, StoreError> {
    Ok(match say {
        Say::Page { page, round } => incident
            .page(*page)
            .map(|page| shown::page::page(incident, page, *round)),
        Say::RemindUpdate { due, seq } => {
            let speakers = servers::settings(conn, incident.guild)
                .await?
                .communications;
            Some(shown::answer::reminder(incident, *due, *seq, speakers))
        }
        Say::Publish { update } => incident
            .update(*update)
            .map(|update| shown::public_update::update(incident, update)),
        Say::Echo { seq } => timeline::range(conn, incident.key, *seq, *seq)
            .await?
            .first()
            .map(|event| shown::answer::echo(incident, event)),
        Say::Review { seq } => {
            let events = timeline::all(conn, incident.key).await?;
            let names = people::names(conn).await?;
            let files = review(incident, &events, &names).map_err(StoreError::inconsistent)?;
            Some(shown::answer::review_ready(incident, *seq, files))
        }
        Say::Returned { update, why, seq } => {
            let events = timeline::all(conn, incident.key).await?;
            let approver = approver_of(&events, *update);
            Some(shown::answer::returned(
                incident, *update, *why, *seq, approver,
            ))
        }
        Say::NotRecorded { user, command, at } => {
            Some(shown::answer::not_recorded(incident, *user, command, *at))
        }
    })
}

/// How what was said is told from others.
pub(super) fn sign_of_say(incident: &Incident, say: &Say, message: &Message) -> Sign {
    match say {
        Say::Publish { .. } if incident.is_private() => Sign::Reads(message.content.clone()),
        _ => Sign::Named(say.readable_id(incident)),
    }
}

fn approver_of(events: &[TimelineEvent], update: u32) -> Option<&Actor> {
    events
        .iter()
        .rev()
        .find(|event| {
            matches!(&event.fact, Fact::UpdateApproved { update: number, .. } if *number == update)
        })
        .map(|event| &event.actor)
}
