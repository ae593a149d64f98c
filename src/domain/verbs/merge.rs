//! Merge: two incidents turned out to be one.

use super::open;
use crate::domain::decision::{Act, Decision};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::{Fact, Words};

/// Merges one open incident into another of equal visibility. Gives both sides: the one that is
/// merged, then the one that goes on.
pub fn decide(
    incident: &Incident,
    into: &Incident,
    act: &Act,
) -> Result<(Decision, Decision), Refusal> {
    if incident.key == into.key {
        return Err(Refusal::MergeIntoItself);
    }
    open(incident, "merged")?;
    open(into, "merged into")?;
    if incident.is_private() != into.is_private() {
        return Err(Refusal::MergeAcrossVisibility);
    }
    let mut merged = Decision::on(incident);
    merged.record(act, Fact::Merged { into: into.id }, Words::new());
    let mut goes_on = Decision::on(into);
    goes_on.record(act, Fact::MergedHere { from: incident.id }, Words::new());
    Ok((merged, goes_on))
}
