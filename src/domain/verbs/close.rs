//! Close: the review is done, nothing is left to write.

use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::status::{Status, StatusName};
use crate::domain::timeline::{Fact, Words};
use crate::domain::words::Severity;

/// From Resolved; critical and major ones only with a generated review.
pub fn decide(incident: &Incident, act: &Act) -> Decided {
    match &incident.status {
        Status::Resolved { .. } => {}
        Status::Closed { at, .. } => {
            return Err(Refusal::AlreadyThere {
                id: incident.id,
                status: StatusName::Closed,
                since: *at,
            });
        }
        status => {
            return Err(Refusal::WrongStatus {
                id: incident.id,
                status: status.name(),
                wanted: "closed",
                next: if status.is_open() {
                    "`/incident resolve` it first."
                } else {
                    "There is nothing left to close."
                },
            });
        }
    }
    if incident.severity != Severity::Minor && incident.review.generated_at.is_none() {
        return Err(Refusal::ReviewMissing {
            id: incident.id,
            severity: incident.severity,
        });
    }
    let mut decision = Decision::on(incident);
    decision.record(act, Fact::Closed, Words::new());
    decision.done()
}
