//! What is to happen outside after a decision: data for the courier, judged again when it is sent.
//!
//! The views of an incident (card, digest entry, drafts, pages …) are not listed here: each write
//! to an incident makes all its views due, and the courier edits only those that differ.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::{ChannelId, MessageId, UserId};
use super::incident::Incident;
use super::page::PAGE_HOLDS;
use super::status::StatusName;
use super::status_update::{UpdateState, approval_holds};
use super::timeline::{Lapse, Seq};
use super::words::Severity;

/// Something to do outside, once decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Said exactly once.
    Say(Say),
    /// Idempotent at Discord: repeated until done.
    Do(Do),
}

/// A message that is said exactly once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum Say {
    /// Call somebody: `round` 1 is the page, 2 its repetition.
    Page { page: u32, round: u32 },
    /// Tell the people in the incident that customers wait for a word.
    RemindUpdate { due: DateTime<Utc> },
    /// Put the approved text before customers.
    Publish { update: u32 },
    /// One line in the incident's channel on what was done from elsewhere.
    Echo { seq: Seq },
    /// The review document, as files in the incident's channel.
    Review { seq: Seq },
    /// An approved text came back; its approver is told.
    Returned { update: u32, why: Lapse },
    /// Something was typed while nobody listened, and was not recorded.
    NotRecorded {
        user: UserId,
        command: String,
        at: DateTime<Utc>,
    },
}

/// Something that may be done twice without harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Do {
    /// Show under a captured message that it is stored.
    React {
        channel: ChannelId,
        message: MessageId,
        emoji: String,
    },
    /// Pin the incident card, whichever message it is by then.
    PinCard,
    /// Take away a message that another one stands for now.
    Delete {
        channel: ChannelId,
        message: MessageId,
    },
}

/// Something at Discord that shows the present state of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Show {
    /// The incident's channel: name, topic, permissions.
    Channel,
    /// The pinned incident card.
    Card,
    /// The entry in `#incidents`.
    Digest,
    /// The message of a customer text, with its buttons.
    Draft(u32),
    /// The message of a page, with its button.
    Page(u32),
}

/// What shows something else once this has happened.
pub fn shown_by(fact: &super::timeline::Fact) -> Vec<Show> {
    use super::timeline::Fact;
    let mut shows = vec![Show::Card, Show::Digest];
    match fact {
        Fact::MadePrivate { .. } | Fact::Invited { .. } => shows.push(Show::Channel),
        Fact::UpdateDrafted { update, .. }
        | Fact::UpdateEdited { update }
        | Fact::UpdateApproved { update, .. }
        | Fact::UpdatePublished { update, .. }
        | Fact::UpdateDiscarded { update }
        | Fact::UpdateReturned { update, .. } => shows.push(Show::Draft(*update)),
        Fact::PageAcknowledged { page } => shows.push(Show::Page(*page)),
        _ => {}
    }
    shows
}

/// Echoes older than this become one line.
pub const ECHO_HOLDS: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

impl Say {
    /// Until when this is worth saying.
    pub fn not_after(&self, incident: &Incident, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::Page { .. } => Some(now + PAGE_HOLDS),
            Self::Publish { .. } => Some(now + approval_holds(incident.severity)),
            Self::Echo { .. } | Self::NotRecorded { .. } => Some(now + ECHO_HOLDS),
            Self::RemindUpdate { .. } | Self::Review { .. } | Self::Returned { .. } => None,
        }
    }

    /// Whether it is still true, as the incident stands now.
    pub fn still_if(&self, incident: &Incident) -> Result<(), Lapse> {
        let holds = match self {
            Self::Page { page, .. } => {
                incident.status.is_open()
                    && incident
                        .page(*page)
                        .is_some_and(|page| page.acknowledged.is_none())
            }
            Self::RemindUpdate { due } => {
                incident.status.is_open()
                    && incident.next_update.is_some_and(|next| next.due_at == *due)
            }
            Self::Publish { update } => incident.update(*update).is_some_and(|update| {
                matches!(
                    &update.state,
                    UpdateState::Approved { status, severity, .. }
                        if (*status, *severity) == bound_state(incident)
                )
            }),
            Self::Echo { .. }
            | Self::Review { .. }
            | Self::Returned { .. }
            | Self::NotRecorded { .. } => true,
        };
        if holds {
            Ok(())
        } else {
            Err(Lapse::NoLongerTrue)
        }
    }

    /// The id that people and programs can read in the message, e.g. `INC-42 · update 3`.
    pub fn readable_id(&self, incident: &Incident) -> String {
        let id = incident.id;
        match self {
            Self::Page { page, round: 1 } => format!("{id} · page {page}"),
            Self::Page { page, round } => format!("{id} · page {page}, call {round}"),
            Self::RemindUpdate { due } => format!("{id} · reminder {}", due.timestamp()),
            Self::Publish { update } => format!("{id} · update {update}"),
            Self::Echo { seq } => format!("{id} #{seq}"),
            Self::Review { seq } => format!("{id} · review #{seq}"),
            Self::Returned { update, .. } => format!("{id} · update {update} returned"),
            Self::NotRecorded { at, .. } => format!("{id} · not recorded {}", at.timestamp()),
        }
    }
}

/// What an approval is bound to besides the text.
fn bound_state(incident: &Incident) -> (StatusName, Severity) {
    (incident.status.name(), incident.severity)
}
