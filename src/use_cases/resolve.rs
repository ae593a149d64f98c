//! `/incident resolve`: the response ends.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::incident::Incident;
use crate::domain::policy::Verb;
use crate::domain::verbs::resolve::{self, Resolve};

impl House {
    /// Ends the response of an open incident.
    pub async fn resolve(
        &self,
        request: &Request,
        target: &Target,
        ask: Resolve,
    ) -> Outcome<Recorded> {
        self.change(request, target, Verb::Resolve, |incident, act, _| {
            resolve::decide(incident, act, ask)
        })
        .await
    }

    /// Refuses what this person could not resolve anyway, before they write a summary.
    pub async fn may_resolve(&self, request: &Request, target: &Target) -> Outcome<Incident> {
        self.before(request, target, Verb::Resolve, resolve::check)
            .await
    }
}
