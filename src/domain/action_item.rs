//! Follow-ups: one owner, one date, one purpose.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::ids::UserId;
use super::timeline::Seq;
use super::words::ActionKind;

/// A follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionItem {
    /// Its number in the incident, from 1.
    pub number: u32,
    /// What is to be done.
    pub text: String,
    /// The timeline event that holds the text.
    pub text_seq: Seq,
    /// Who sees to it.
    pub owner: Option<UserId>,
    /// By when.
    pub due_at: Option<DateTime<Utc>>,
    /// What it is for.
    pub kind: ActionKind,
    /// Who said that it is done, and when.
    pub done: Option<(Actor, DateTime<Utc>)>,
}
