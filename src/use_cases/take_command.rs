//! `Take command` of an empty chair.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::Verb;
use crate::domain::refusal::Refusal;
use crate::domain::verbs::take_command;

impl House {
    /// Of two people at once the first has it.
    pub async fn take_command(&self, request: &Request, target: &Target) -> Outcome<Recorded> {
        self.change(request, target, Verb::TakeCommand, |incident, act, _| {
            let user = act.actor.user().ok_or(Refusal::OnlyInAServer)?;
            take_command::decide(incident, act, user)
        })
        .await
    }
}
