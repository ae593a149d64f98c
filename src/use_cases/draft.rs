//! `/status draft`: write what customers are to be told.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::Verb;
use crate::domain::verbs::draft::{self, Draft};

impl House {
    /// Drafts a customer text; it waits for approval.
    pub async fn draft(&self, request: &Request, target: &Target, ask: Draft) -> Outcome<Recorded> {
        self.change(request, target, Verb::Draft, |incident, act, _| {
            draft::decide(incident, act, ask)
        })
        .await
    }
}
