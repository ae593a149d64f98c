//! Acknowledge: "I have it."

use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Words};

/// Answers a page. The first answer stands.
pub fn decide(incident: &Incident, act: &Act, page: u32) -> Decided {
    let called = incident.page(page).ok_or(Refusal::UnknownPage {
        id: incident.id,
        page,
    })?;
    if let Some((by, at)) = &called.acknowledged {
        return Err(Refusal::AlreadyAcknowledged {
            by: by.clone(),
            at: *at,
        });
    }
    super::open(incident, "acknowledged any more")?;
    let mut decision = Decision::on(incident);
    decision.record(act, Fact::PageAcknowledged { page }, Words::new());
    decision.done()
}
