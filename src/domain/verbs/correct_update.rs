//! Correct: mend what customers were told, by a further draft that says so.

use super::{CUSTOMER, required};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::status_update::UpdateState;
use crate::domain::timeline::{Fact, Field, words};

/// Drafts a correction of a published update.
pub fn decide(incident: &Incident, act: &Act, update: u32, text: String) -> Decided {
    let wrong = incident.update(update).ok_or(Refusal::UnknownUpdate {
        id: incident.id,
        update,
    })?;
    if !matches!(wrong.state, UpdateState::Published { .. }) {
        return Err(Refusal::UpdateNotPublished {
            id: incident.id,
            update,
        });
    }
    let text = required("The text", text, CUSTOMER)?;
    let number = incident.updates.last().map_or(0, |update| update.number) + 1;
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::UpdateDrafted {
            update: number,
            phase: wrong.phase,
            corrects: Some(update),
        },
        words([(Field::Text, Some(text))]),
    );
    decision.done()
}
