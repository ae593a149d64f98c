//! Generate the review document from the timeline as it stands.

use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::effect::Say;
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Words};

/// Allowed in every status and as often as wanted: a review is a view.
pub fn decide(incident: &Incident, act: &Act) -> Decided {
    let mut decision = Decision::on(incident);
    let seq = decision.record(act, Fact::ReviewGenerated, Words::new());
    decision.say(Say::Review { seq });
    decision.done()
}
