//! Impact: what customers notice, how many, what it costs, since when.

use chrono::{DateTime, Utc};

use super::{SHORT, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::milestones::Milestone;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Field, words};

/// What was asked; what is not named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DescribeImpact {
    /// In a sentence meant for customers too.
    pub description: Option<String>,
    /// How many.
    pub customers: Option<String>,
    /// What a minute costs.
    pub revenue_per_minute: Option<String>,
    /// Since when.
    pub started_at: Option<DateTime<Utc>>,
}

/// Allowed in every status: figures often come later.
pub fn decide(incident: &Incident, act: &Act, ask: DescribeImpact) -> Decided {
    let described = words([
        (
            Field::Description,
            optional("The description", ask.description, SHORT)?,
        ),
        (
            Field::Customers,
            optional("The number of customers", ask.customers, 100)?,
        ),
        (
            Field::RevenuePerMinute,
            optional("The revenue per minute", ask.revenue_per_minute, 100)?,
        ),
    ]);
    if described.is_empty() && ask.started_at.is_none() {
        return Err(Refusal::NothingGiven);
    }
    let started_at = ask.started_at.map(|at| at.min(act.occurred_at));
    if let Some(started_at) = started_at {
        incident
            .milestones
            .clone()
            .set_checked(Milestone::ImpactStarted, started_at)?;
    }
    let mut decision = Decision::on(incident);
    decision.record(act, Fact::ImpactDescribed { started_at }, described);
    decision.done()
}
