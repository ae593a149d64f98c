//! Note: write something down.

use chrono::{DateTime, Utc};

use super::{LONG, required};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Field, words};

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// What is to be written down.
    pub text: String,
    /// When it happened; now if not said.
    pub at: Option<DateTime<Utc>>,
}

/// Notes are taken in every status: the review needs them too.
pub fn decide(incident: &Incident, act: &Act, ask: Note) -> Decided {
    let text = required("The note", ask.text, LONG)?;
    let mut decision = Decision::on(incident);
    decision.record_at(
        act,
        ask.at.unwrap_or(act.occurred_at),
        Fact::NoteAdded,
        words([(Field::Text, Some(text))]),
    );
    decision.done()
}
