//! Cancel: it was no incident.

use super::{SHORT, open, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Field, words};

/// From any open status; final.
pub fn decide(incident: &Incident, act: &Act, reason: Option<String>) -> Decided {
    open(incident, "cancelled")?;
    let reason = optional("The reason", reason, SHORT)?;
    let mut decision = Decision::on(incident);
    let from = incident.status.name();
    decision.record(
        act,
        Fact::Cancelled { from },
        words([(Field::Reason, reason)]),
    );
    decision.done()
}
