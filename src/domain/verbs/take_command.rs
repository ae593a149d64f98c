//! Take command of an empty chair.

use super::open;
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::UserId;
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Words};
use crate::domain::words::Role;

/// Of two people at once the first has it; the second is told who.
pub fn decide(incident: &Incident, act: &Act, user: UserId) -> Decided {
    open(incident, "commanded")?;
    let role = Role::Commander;
    match incident.holder(role) {
        Some(holder) if holder == user => return Err(Refusal::AlreadyHolds { role, user }),
        Some(holder) => return Err(Refusal::ChairHeld { role, holder }),
        None => {}
    }
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::RoleAssigned {
            role,
            user,
            previous: None,
        },
        Words::new(),
    );
    decision.done()
}
