//! Draft: write what customers are to be told.

use super::{CUSTOMER, optional};
use crate::domain::customer_text::{self, CustomerFacts};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::milestones::Milestone;
use crate::domain::refusal::Refusal;
use crate::domain::status::{Status, StatusName};
use crate::domain::status_update::cadence;
use crate::domain::timeline::{Fact, Field, words};
use crate::domain::words::Phase;

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The incident's own if not said.
    pub phase: Option<Phase>,
    /// The template's if not said.
    pub text: Option<String>,
}

/// Writes a draft. It goes nowhere before a person approves it.
pub fn decide(incident: &Incident, act: &Act, ask: Draft) -> Decided {
    let phase = match (ask.phase, &incident.status) {
        (_, Status::Closed { .. } | Status::Cancelled { .. } | Status::Merged { .. }) => {
            return Err(Refusal::WrongStatus {
                id: incident.id,
                status: incident.status.name(),
                wanted: "reported on",
                next: "What customers were told stands in the updates channel.",
            });
        }
        (Some(phase), _) => phase,
        (None, status) => phase_of(status.name()),
    };
    let text = match optional("The text", ask.text, CUSTOMER)? {
        Some(text) => text,
        None => from_template(incident, act, phase),
    };
    let update = incident.updates.last().map_or(0, |update| update.number) + 1;
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::UpdateDrafted {
            update,
            phase,
            corrects: None,
        },
        words([(Field::Text, Some(text))]),
    );
    decision.done()
}

/// The stage that customers are told of in this status.
pub fn phase_of(status: StatusName) -> Phase {
    match status {
        StatusName::Identified => Phase::Identified,
        StatusName::Monitoring => Phase::Monitoring,
        StatusName::Resolved | StatusName::Closed => Phase::Resolved,
        StatusName::Investigating | StatusName::Cancelled | StatusName::Merged => {
            Phase::Investigating
        }
    }
}

/// Out of fields that are meant for customers; never internal notes.
fn from_template(incident: &Incident, act: &Act, phase: Phase) -> String {
    customer_text::draft(&CustomerFacts {
        phase,
        severity: incident.severity,
        kind: incident.kind,
        services: &incident.services,
        impact: incident.impact.description.as_deref(),
        started_at: incident.milestones.get(Milestone::ImpactStarted),
        next_update_by: (phase != Phase::Resolved).then(|| act.now + cadence(incident.severity)),
        resolved_at: incident.milestones.get(Milestone::Resolved),
    })
}
