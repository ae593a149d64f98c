//! Approve & publish: a person answers for the text, and it is queued in the same write.

use super::edit_draft::waiting;
use crate::domain::actor::Actor;
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::effect::Say;
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Words};

/// Approves exactly the text with this fingerprint: the one on the button's own message.
pub fn decide(incident: &Incident, act: &Act, update: u32, fingerprint: &str) -> Decided {
    if !matches!(act.actor, Actor::Member(_)) {
        return Err(Refusal::ApproveOnDiscord);
    }
    let draft = waiting(incident, update)?;
    let present = draft.fingerprint();
    if present != fingerprint {
        return Err(Refusal::UpdateChanged { update });
    }
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::UpdateApproved {
            update,
            fingerprint: present,
        },
        Words::new(),
    );
    decision.say(Say::Publish { update });
    decision.done()
}
