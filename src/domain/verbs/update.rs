//! Update: say where the response stands.

use super::{SHORT, open, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::status::StatusName;
use crate::domain::timeline::{Fact, Field, words};

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Investigating, identified or monitoring.
    pub status: StatusName,
    /// What there is to say.
    pub note: Option<String>,
}

/// Refuses what cannot be updated, before anybody is asked where it stands.
pub fn check(incident: &Incident) -> Result<(), Refusal> {
    open(incident, "updated")
}

/// Moves freely between the three open statuses. The same status again is worth a row if there is
/// something to say.
pub fn decide(incident: &Incident, act: &Act, ask: Update) -> Decided {
    check(incident)?;
    let note = optional("The note", ask.note, SHORT)?;
    let from = incident.status.name();
    let to = ask.status;
    if !to.is_open() {
        return Err(Refusal::WrongStatus {
            id: incident.id,
            status: from,
            wanted: "moved there by an update",
            next: "`/incident resolve` ends the response.",
        });
    }
    if from == to && note.is_none() {
        return Err(Refusal::SameStatus {
            id: incident.id,
            status: to,
        });
    }
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::StatusChanged { from, to },
        words([(Field::Reason, note)]),
    );
    decision.done()
}
