//! `/incident escalate`: raise the severity, and call the next people.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::incident::Incident;
use crate::domain::policy::Verb;
use crate::domain::verbs::escalate::{self, Escalate};
use crate::domain::words::Severity;

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

    /// Refuses what this person could not escalate anyway, before they write why. Gives the
    /// severity that it would get.
    pub async fn may_escalate(
        &self,
        request: &Request,
        target: &Target,
    ) -> Outcome<(Incident, Severity)> {
        let possible = |incident: &Incident| escalate::check(incident).map(|_| ());
        let incident = self
            .before(request, target, Verb::Escalate, possible)
            .await?;
        let to = escalate::check(&incident)?;
        Ok((incident, to))
    }
}
