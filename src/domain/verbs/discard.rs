//! Discard a draft.

use super::edit_draft::waiting;
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Words};

/// Throws a draft away; its text stays on the timeline.
pub fn decide(incident: &Incident, act: &Act, update: u32) -> Decided {
    waiting(incident, update)?;
    let mut decision = Decision::on(incident);
    decision.record(act, Fact::UpdateDiscarded { update }, Words::new());
    decision.done()
}
