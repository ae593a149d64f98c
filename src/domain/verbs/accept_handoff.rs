//! `I have command`: the named person takes over.

use super::open;
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::UserId;
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Words};
use crate::domain::words::Role;

/// Takes the command that was offered to `user`.
pub fn decide(incident: &Incident, act: &Act, user: UserId) -> Decided {
    open(incident, "handed over")?;
    if incident.handoff_to != Some(user) {
        return Err(Refusal::HandoffOver);
    }
    let mut decision = Decision::on(incident);
    let from = incident.holder(Role::Commander);
    decision.record(act, Fact::HandoffAccepted { from, to: user }, Words::new());
    decision.done()
}
