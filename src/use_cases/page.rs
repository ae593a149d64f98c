//! `/incident page`: call a person or a role now.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::Verb;
use crate::domain::verbs::page::{self, PageSomebody};

impl House {
    /// Calls somebody into an open incident.
    pub async fn page(
        &self,
        request: &Request,
        target: &Target,
        ask: PageSomebody,
    ) -> Outcome<Recorded> {
        self.change(request, target, Verb::Page, |incident, act, _| {
            page::decide(incident, act, ask)
        })
        .await
    }
}
