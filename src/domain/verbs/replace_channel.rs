//! Replace the channel: somebody deleted it while the incident is open.

use crate::domain::decision::{Act, Decision};
use crate::domain::ids::ChannelId;
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Words};

/// Records it for an open incident; of a resolved one the channel stays gone.
pub fn decide(incident: &Incident, act: &Act, previous: ChannelId) -> Option<Decision> {
    if !incident.status.is_open() {
        return None;
    }
    let mut decision = Decision::on(incident);
    let seq = decision.record(act, Fact::ChannelReplaced { previous }, Words::new());
    decision.say(crate::domain::effect::Say::Echo { seq });
    Some(decision)
}
