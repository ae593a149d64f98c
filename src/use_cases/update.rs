//! `/incident update`: say where the response stands.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::incident::Incident;
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

    /// Refuses what this person could not update anyway, before they are asked where it stands.
    pub async fn may_update(&self, request: &Request, target: &Target) -> Outcome<Incident> {
        self.before(request, target, Verb::Update, update::check)
            .await
    }
}
