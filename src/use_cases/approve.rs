//! `Approve & publish`: a person answers for the text.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::Verb;
use crate::domain::verbs::approve;

impl House {
    /// Approves the text with this fingerprint and queues it, in one write.
    pub async fn approve(
        &self,
        request: &Request,
        target: &Target,
        update: u32,
        fingerprint: &str,
    ) -> Outcome<Recorded> {
        self.change(
            request,
            target,
            Verb::Approve { update },
            |incident, act, _| approve::decide(incident, act, update, fingerprint),
        )
        .await
    }
}
