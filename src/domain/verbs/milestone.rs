//! Milestone: say when something was really reached.

use chrono::{DateTime, Utc};

use super::{SHORT, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::milestones::Milestone;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Field, words};

/// Sets a milestone by hand; the order is checked and the reason kept.
pub fn decide(
    incident: &Incident,
    act: &Act,
    milestone: Milestone,
    at: DateTime<Utc>,
    reason: Option<String>,
) -> Decided {
    if !milestone.settable_by_hand() {
        return Err(Refusal::NotSetByHand {
            milestone: milestone.as_str(),
        });
    }
    let reason = optional("The reason", reason, SHORT)?;
    let at = at.min(act.occurred_at);
    let previous = incident.milestones.get(milestone);
    incident.milestones.clone().set_checked(milestone, at)?;
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::MilestoneSet {
            milestone,
            at,
            previous,
        },
        words([(Field::Reason, reason)]),
    );
    decision.done()
}
