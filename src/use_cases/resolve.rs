//! `/incident resolve`: the response ends.

use super::house::load;
use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::incident::Incident;
use crate::domain::policy::{self, Verb};
use crate::domain::verbs::resolve::{self, Resolve};
use crate::store::servers;

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
        let mut conn = self.db.read().await?;
        let (person, stored, _) = load(&mut conn, request, target).await?;
        let settings = servers::settings(&mut conn, request.guild).await?;
        policy::may(
            Verb::Resolve,
            &person,
            &stored.incident,
            settings.narrowing(),
        )?;
        resolve::check(&stored.incident)?;
        Ok(stored.incident)
    }
}
