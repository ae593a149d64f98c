//! Reopen: the response goes on.

use super::{SHORT, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::domain::timeline::{Fact, Field, words};

/// From Resolved or Closed, back to Investigating.
pub fn decide(incident: &Incident, act: &Act, reason: Option<String>) -> Decided {
    let reason = optional("The reason", reason, SHORT)?;
    let from = incident.status.name();
    let next = match &incident.status {
        Status::Resolved { .. } | Status::Closed { .. } => {
            let mut decision = Decision::on(incident);
            decision.record(
                act,
                Fact::Reopened { from },
                words([(Field::Reason, reason)]),
            );
            return decision.done();
        }
        Status::Cancelled { .. } | Status::Merged { .. } => {
            "That is final: `/incident declare` begins a new one."
        }
        _ => "It is open: `/incident update` moves it.",
    };
    Err(Refusal::WrongStatus {
        id: incident.id,
        status: from,
        wanted: "reopened",
        next,
    })
}
