//! Downgrade: lower the severity.

use super::{SHORT, open, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Field, words};
use crate::domain::words::Severity;

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Downgrade {
    /// To which severity; one down if not said.
    pub to: Option<Severity>,
    /// Why.
    pub reason: Option<String>,
}

/// Lowers the severity of an open incident.
pub fn decide(incident: &Incident, act: &Act, ask: Downgrade) -> Decided {
    open(incident, "downgraded")?;
    let reason = optional("The reason", ask.reason, SHORT)?;
    let from = incident.severity;
    let one_down = match from {
        Severity::Critical => Severity::Major,
        Severity::Major => Severity::Minor,
        Severity::Minor => return Err(Refusal::NothingBetter { id: incident.id }),
    };
    let to = ask.to.unwrap_or(one_down);
    if !from.is_worse_than(to) {
        return Err(Refusal::WrongSeverity {
            id: incident.id,
            severity: from,
            to,
            direction: "downgrade",
            next: "`/incident escalate` raises it.",
        });
    }
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::Downgraded { from, to },
        words([(Field::Reason, reason)]),
    );
    decision.done()
}
