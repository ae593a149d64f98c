//! Add an action item.

use chrono::{DateTime, Utc};

use super::{SHORT, required};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::UserId;
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Field, words};
use crate::domain::words::ActionKind;

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddAction {
    /// What is to be done.
    pub text: String,
    /// Who sees to it.
    pub owner: Option<UserId>,
    /// By when.
    pub due_at: Option<DateTime<Utc>>,
    /// What it is for; prevention if not said.
    pub kind: Option<ActionKind>,
}

/// Notes a follow-up, in every status.
pub fn decide(incident: &Incident, act: &Act, ask: AddAction) -> Decided {
    let text = required("The action item", ask.text, SHORT)?;
    let item = incident.actions.last().map_or(0, |action| action.number) + 1;
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::ActionAdded {
            item,
            owner: ask.owner,
            due_at: ask.due_at,
            action: ask.kind.unwrap_or(ActionKind::Prevent),
        },
        words([(Field::Text, Some(text))]),
    );
    decision.done()
}
