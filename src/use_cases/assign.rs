//! `/incident assign`: put somebody in a chair.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::ids::UserId;
use crate::domain::policy::Verb;
use crate::domain::verbs::assign;
use crate::domain::words::Role;

impl House {
    /// Fills a chair, or gives it to somebody else.
    pub async fn assign(
        &self,
        request: &Request,
        target: &Target,
        role: Role,
        user: UserId,
    ) -> Outcome<Recorded> {
        self.change(request, target, Verb::Assign, |incident, act, _| {
            assign::decide(incident, act, role, user)
        })
        .await
    }
}
