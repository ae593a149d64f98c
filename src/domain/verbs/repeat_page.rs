//! Repeat a page: nobody said "I have it", so the same people are called once more.

use crate::domain::decision::{Act, Decision};
use crate::domain::effect::Say;
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Words};

/// Calls again if the page still waits and its time has come; otherwise there is nothing to do.
pub fn decide(incident: &Incident, act: &Act, page: u32) -> Option<Decision> {
    let waiting = incident.page(page)?;
    if !incident.status.is_open() || waiting.repeat_at? > act.now {
        return None;
    }
    let mut decision = Decision::on(incident);
    decision.record(act, Fact::PageRepeated { page }, Words::new());
    decision.say(Say::Page { page, round: 2 });
    Some(decision)
}
