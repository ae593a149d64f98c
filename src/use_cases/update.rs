//! `/incident update`: say where the response stands.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::Verb;
use crate::domain::verbs::update::{self, Update};

impl House {
    /// Moves between Investigating, Identified and Monitoring.
    pub async fn update(
        &self,
        request: &Request,
        target: &Target,
        ask: Update,
    ) -> Outcome<Recorded> {
        self.change(request, target, Verb::Update, |incident, act, _| {
            update::decide(incident, act, ask)
        })
        .await
    }
}
