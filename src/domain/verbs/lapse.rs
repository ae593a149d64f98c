//! Lapse: something that was to be said is not said any more. That is never silent.

use crate::domain::decision::{Act, Decision};
use crate::domain::effect::Say;
use crate::domain::incident::Incident;
use crate::domain::status_update::UpdateState;
use crate::domain::timeline::{Fact, Lapse, Seq, Words};

/// Records that `say` went unsaid. `None` where nothing needs saying: the incident moved on and
/// the timeline shows it (a page that was answered, a reminder after the update went out).
pub fn decide(incident: &Incident, act: &Act, say: &Say, why: Lapse) -> Option<Decision> {
    let mut decision = Decision::on(incident);
    match say {
        Say::Page { page, round } => {
            let answered = incident
                .page(*page)
                .is_some_and(|page| page.acknowledged.is_some());
            if answered && why == Lapse::NoLongerTrue {
                return None;
            }
            decision.record(
                act,
                Fact::PageLapsed {
                    page: *page,
                    round: *round,
                    why,
                },
                Words::new(),
            );
        }
        Say::RemindUpdate { due } => {
            if why == Lapse::NoLongerTrue {
                return None;
            }
            decision.record(act, Fact::ReminderLapsed { due: *due, why }, Words::new());
        }
        Say::Publish { update } => {
            if !matches!(
                incident.update(*update)?.state,
                UpdateState::Approved { .. }
            ) {
                return None;
            }
            decision.record(
                act,
                Fact::UpdateReturned {
                    update: *update,
                    why,
                },
                Words::new(),
            );
            decision.say(Say::Returned {
                update: *update,
                why,
            });
        }
        Say::Echo { seq } => {
            decision.record(
                act,
                Fact::EchoesLapsed {
                    first: *seq,
                    last: *seq,
                },
                Words::new(),
            );
        }
        Say::Review { .. } | Say::Returned { .. } | Say::NotRecorded { .. } => return None,
    }
    Some(decision)
}

/// Records that lines for the channel were kept back for too long, and has that said as one line
/// in their place.
pub fn echoes(incident: &Incident, act: &Act, first: Seq, last: Seq) -> Decision {
    let mut decision = Decision::on(incident);
    let seq = decision.record(act, Fact::EchoesLapsed { first, last }, Words::new());
    decision.say(Say::Echo { seq });
    decision
}
