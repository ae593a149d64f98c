//! `Acknowledge`: "I have it."

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::Verb;
use crate::domain::verbs::acknowledge;

impl House {
    /// Answers a page; the first answer stands.
    pub async fn acknowledge(
        &self,
        request: &Request,
        target: &Target,
        page: u32,
    ) -> Outcome<Recorded> {
        self.change(
            request,
            target,
            Verb::Acknowledge { page },
            |incident, act, _| acknowledge::decide(incident, act, page),
        )
        .await
    }
}
