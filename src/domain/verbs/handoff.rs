//! Hand off command: offered here, taken with [`super::accept_handoff`].

use super::{SHORT, open, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::UserId;
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Field, words};
use crate::domain::words::Role;

/// Offers the command to somebody. Until they take it the old commander stays named.
pub fn decide(incident: &Incident, act: &Act, to: UserId, note: Option<String>) -> Decided {
    open(incident, "handed over")?;
    let note = optional("The note", note, SHORT)?;
    match incident.holder(Role::Commander) {
        None => return Err(Refusal::NoCommander { id: incident.id }),
        Some(commander) if commander == to => return Err(Refusal::HandoffToSelf),
        Some(_) => {}
    }
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::HandoffOffered { to },
        words([(Field::Text, note)]),
    );
    decision.done()
}
