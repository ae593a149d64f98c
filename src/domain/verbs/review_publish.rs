//! Show the review to everybody.

use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Words};

/// Publishes a review that was generated.
pub fn decide(incident: &Incident, act: &Act) -> Decided {
    if incident.review.generated_at.is_none() {
        return Err(Refusal::NoReview { id: incident.id });
    }
    let mut decision = Decision::on(incident);
    decision.record(act, Fact::ReviewPublished, Words::new());
    decision.done()
}
