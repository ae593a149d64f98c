//! Mitigate: say what is tried, and what it did.

use super::{SHORT, open, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Field, words};
use crate::domain::words::{MitigationAction, Outcome};

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mitigate {
    /// What sort of step.
    pub action: MitigationAction,
    /// More on it.
    pub note: Option<String>,
    /// What it did; still trying if not said.
    pub outcome: Option<Outcome>,
}

/// The same action while the last one of its sort is still tried is the same mitigation with its
/// outcome; otherwise it is a new one.
pub fn decide(incident: &Incident, act: &Act, ask: Mitigate) -> Decided {
    open(incident, "mitigated")?;
    let note = optional("The note", ask.note, SHORT)?;
    let outcome = ask.outcome.unwrap_or(Outcome::Trying);
    let trying = incident
        .mitigations
        .iter()
        .rev()
        .find(|known| known.action == ask.action)
        .filter(|known| known.outcome == Outcome::Trying && outcome != Outcome::Trying);
    let mitigation = match trying {
        Some(known) => known.number,
        None => incident.mitigations.last().map_or(0, |known| known.number) + 1,
    };
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::MitigationRecorded {
            mitigation,
            action: ask.action,
            outcome,
        },
        words([(Field::Text, note)]),
    );
    decision.done()
}
