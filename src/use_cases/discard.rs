//! `Discard` under a draft.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::Verb;
use crate::domain::verbs::discard;

impl House {
    /// Throws a draft away; its text stays on the timeline.
    pub async fn discard(
        &self,
        request: &Request,
        target: &Target,
        update: u32,
    ) -> Outcome<Recorded> {
        self.change(request, target, Verb::Draft, |incident, act, _| {
            discard::decide(incident, act, update)
        })
        .await
    }
}
