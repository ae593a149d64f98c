//! Remind: customers wait for a word.

use crate::domain::decision::{Act, Decision};
use crate::domain::effect::Say;
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Words};

/// Reminds once per interval while the next update is due; otherwise there is nothing to do.
pub fn decide(incident: &Incident, act: &Act) -> Option<Decision> {
    let next = incident.next_update?;
    if !incident.status.is_open() || next.remind_at > act.now {
        return None;
    }
    let due = next.due_at;
    let mut decision = Decision::on(incident);
    let seq = decision.record(act, Fact::UpdateReminded { due }, Words::new());
    decision.say(Say::RemindUpdate { due, seq });
    Some(decision)
}
