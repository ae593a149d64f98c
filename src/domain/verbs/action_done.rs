//! Mark an action item as done.

use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Words};

/// Done once; the first time stands.
pub fn decide(incident: &Incident, act: &Act, item: u32) -> Decided {
    let action = incident.action(item).ok_or(Refusal::UnknownAction {
        id: incident.id,
        item,
    })?;
    if action.done.is_some() {
        return Err(Refusal::ActionDone {
            id: incident.id,
            item,
        });
    }
    let mut decision = Decision::on(incident);
    decision.record(act, Fact::ActionDone { item }, Words::new());
    decision.done()
}
