//! Edit a draft: rewrite what customers are to be told.

use super::{CUSTOMER, required};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::status_update::{StatusUpdate, UpdateState};
use crate::domain::timeline::{Fact, Field, words};

/// Rewrites a draft that waits for approval.
pub fn decide(incident: &Incident, act: &Act, update: u32, text: String) -> Decided {
    waiting(incident, update)?;
    let text = required("The text", text, CUSTOMER)?;
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::UpdateEdited { update },
        words([(Field::Text, Some(text))]),
    );
    decision.done()
}

/// The draft of this number, if it still waits for approval.
pub fn waiting(incident: &Incident, number: u32) -> Result<&StatusUpdate, Refusal> {
    let update = incident.update(number).ok_or(Refusal::UnknownUpdate {
        id: incident.id,
        update: number,
    })?;
    match &update.state {
        UpdateState::Draft { .. } => Ok(update),
        state => Err(Refusal::UpdateNotDraft {
            id: incident.id,
            update: number,
            state: state.as_str(),
        }),
    }
}
