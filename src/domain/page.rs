//! Calls to people: a page, its acknowledgement, its one repetition.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::ids::Mention;
use super::timeline::Seq;
use super::words::Severity;

/// One call to a person or a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its number in the incident, from 1.
    pub number: u32,
    /// Who was called.
    pub who: Mention,
    /// Who called.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// The timeline event that holds the reason.
    pub reason_seq: Seq,
    /// Why; empty if no reason was given.
    pub reason: String,
    /// When it is repeated if nobody answers; `None` once repeated, answered or not to be.
    pub repeat_at: Option<DateTime<Utc>>,
    /// When it was repeated.
    pub repeated_at: Option<DateTime<Utc>>,
    /// Who said "I have it", and when.
    pub acknowledged: Option<(Actor, DateTime<Utc>)>,
}

/// How long a page waits for an answer before it is repeated, once. Minor ones are not.
pub fn repeat_after(severity: Severity) -> Option<TimeDelta> {
    match severity {
        Severity::Critical => Some(TimeDelta::minutes(5)),
        Severity::Major => Some(TimeDelta::minutes(10)),
        Severity::Minor => None,
    }
}

/// How long a page is worth saying. After that it lapses.
pub const PAGE_HOLDS: TimeDelta = TimeDelta::minutes(15);
