//! Resolve: the response ends.

use super::{LONG, optional, required, wrong_status};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::status::{Status, StatusName};
use crate::domain::timeline::{Fact, Field, words};

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolve {
    /// How it ended.
    pub summary: String,
    /// What set it off, if it is known.
    pub trigger: Option<String>,
}

/// Refuses what cannot be resolved, before anybody is asked for a summary.
pub fn check(incident: &Incident) -> Result<(), Refusal> {
    match &incident.status {
        Status::Investigating | Status::Identified | Status::Monitoring => Ok(()),
        Status::Resolved { at, .. } => Err(Refusal::AlreadyThere {
            id: incident.id,
            status: StatusName::Resolved,
            since: *at,
        }),
        _ => Err(wrong_status(incident, "resolved")),
    }
}

/// Ends the response of an open incident.
pub fn decide(incident: &Incident, act: &Act, ask: Resolve) -> Decided {
    check(incident)?;
    let summary = required("The summary", ask.summary, LONG)?;
    let trigger = optional("The trigger", ask.trigger, LONG)?;
    let mut decision = Decision::on(incident);
    let from = incident.status.name();
    decision.record(
        act,
        Fact::Resolved { from },
        words([(Field::Summary, Some(summary)), (Field::Trigger, trigger)]),
    );
    decision.done()
}
