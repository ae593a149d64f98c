//! Page: call a person or a role now.

use super::{SHORT, open, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::effect::Say;
use crate::domain::ids::Mention;
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Field, words};

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSomebody {
    /// Who.
    pub who: Mention,
    /// Why.
    pub reason: Option<String>,
}

/// Calls somebody into an open incident.
pub fn decide(incident: &Incident, act: &Act, ask: PageSomebody) -> Decided {
    open(incident, "paged for")?;
    let reason = optional("The reason", ask.reason, SHORT)?;
    let mut decision = Decision::on(incident);
    call(&mut decision, act, ask.who, reason);
    decision.done()
}

/// Records a page and has it said.
pub(super) fn call(decision: &mut Decision, act: &Act, who: Mention, reason: Option<String>) {
    let page = decision.incident.pages.last().map_or(0, |page| page.number) + 1;
    decision.record(
        act,
        Fact::Paged { page, who },
        words([(Field::Reason, reason)]),
    );
    decision.say(Say::Page { page, round: 1 });
}
