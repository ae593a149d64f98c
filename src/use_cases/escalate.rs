//! `/incident escalate`: raise the severity, and call the next people.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::Verb;
use crate::domain::verbs::escalate::{self, Escalate};

impl House {
    /// Raises the severity and calls whom `/setup` names for it.
    pub async fn escalate(
        &self,
        request: &Request,
        target: &Target,
        ask: Escalate,
    ) -> Outcome<Recorded> {
        self.change(
            request,
            target,
            Verb::Escalate,
            |incident, act, settings| {
                escalate::decide(incident, act, ask, |severity| settings.pages_at(severity))
            },
        )
        .await
    }
}
