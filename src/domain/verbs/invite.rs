//! Invite: let somebody into a private incident.

use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::Mention;
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Words};

/// Opens a private incident to a person or a role.
pub fn decide(incident: &Incident, act: &Act, who: Mention) -> Decided {
    if !incident.is_private() {
        return Err(Refusal::NotPrivate { id: incident.id });
    }
    let mut decision = Decision::on(incident);
    decision.record(act, Fact::Invited { who }, Words::new());
    decision.done()
}
