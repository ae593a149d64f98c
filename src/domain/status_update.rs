//! What customers are told: drafted → edited → approved → published, or discarded, or returned.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::actor::Actor;
use super::ids::{ChannelId, MessageId};
use super::status::StatusName;
use super::timeline::{Lapse, Seq};
use super::words::{Phase, Severity};

/// One text for customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusUpdate {
    /// Its number in the incident, from 1.
    pub number: u32,
    /// Which stage it speaks of.
    pub phase: Phase,
    /// The published update that this one corrects.
    pub corrects: Option<u32>,
    /// The present text; empty once redacted.
    pub text: String,
    /// The timeline event that holds the text.
    pub text_seq: Seq,
    /// Who wrote the present text.
    pub author: Actor,
    /// When the present text was written.
    pub written_at: DateTime<Utc>,
    /// How far it is.
    pub state: UpdateState,
}

/// How far a customer text is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum UpdateState {
    /// Waits for approval; `returned` says why it came back, if it did.
    Draft { returned: Option<Lapse> },
    /// Approved and queued, bound to the state that the approver saw.
    Approved {
        at: DateTime<Utc>,
        by: Actor,
        status: StatusName,
        severity: Severity,
    },
    /// It stands in the updates channel.
    Published {
        at: DateTime<Utc>,
        approved_by: Actor,
        channel: ChannelId,
        message: MessageId,
    },
    /// Thrown away.
    Discarded { at: DateTime<Utc>, by: Actor },
}

impl UpdateState {
    /// The stored name.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Draft { .. } => "draft",
            Self::Approved { .. } => "approved",
            Self::Published { .. } => "published",
            Self::Discarded { .. } => "discarded",
        }
    }
}

impl StatusUpdate {
    /// Names exactly this text: the first 16 hex digits of its SHA-256. A button carries it, so
    /// that an approval is of the text that was read.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.text)
    }
}

/// See [`StatusUpdate::fingerprint`].
pub fn fingerprint(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..8])
}

/// How often customers hear from us while it lasts.
pub fn cadence(severity: Severity) -> TimeDelta {
    match severity {
        Severity::Critical => TimeDelta::minutes(20),
        Severity::Major => TimeDelta::minutes(30),
        Severity::Minor => TimeDelta::hours(4),
    }
}

/// How long an approval holds while the text waits to go out.
pub fn approval_holds(severity: Severity) -> TimeDelta {
    match severity {
        Severity::Critical => TimeDelta::minutes(10),
        Severity::Major | Severity::Minor => TimeDelta::minutes(30),
    }
}

/// When customers expect the next word, and when the people in the incident are reminded of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextUpdate {
    /// Customers expect a word by then.
    pub due_at: DateTime<Utc>,
    /// The next reminder; `due_at` at first, one interval later after each.
    pub remind_at: DateTime<Utc>,
}
