//! Assign: put somebody in a chair.

use super::open;
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::UserId;
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Words};
use crate::domain::words::Role;

/// Fills a chair of an open incident, or gives it to somebody else.
pub fn decide(incident: &Incident, act: &Act, role: Role, user: UserId) -> Decided {
    open(incident, "staffed")?;
    let previous = incident.holder(role);
    if previous == Some(user) {
        return Err(Refusal::AlreadyHolds { role, user });
    }
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::RoleAssigned {
            role,
            user,
            previous,
        },
        Words::new(),
    );
    decision.done()
}
