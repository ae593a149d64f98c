//! Publish: the courier says that the approved text stands before customers.

use crate::domain::decision::{Act, Decision};
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::incident::Incident;
use crate::domain::status_update::UpdateState;
use crate::domain::timeline::{Fact, Words};

/// Records it once, whatever happened to the incident meanwhile: it is a fact.
pub fn decide(
    incident: &Incident,
    act: &Act,
    update: u32,
    channel: ChannelId,
    message: MessageId,
) -> Option<Decision> {
    if matches!(
        incident.update(update)?.state,
        UpdateState::Published { .. }
    ) {
        return None;
    }
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::UpdatePublished {
            update,
            channel,
            message,
        },
        Words::new(),
    );
    Some(decision)
}
