//! Write a section of the review.

use super::{LONG, required};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Field, words};
use crate::domain::words::ReviewSection;

/// The last text of a section stands; the earlier ones stay on the timeline.
pub fn decide(incident: &Incident, act: &Act, section: ReviewSection, text: String) -> Decided {
    let text = required("The section", text, LONG)?;
    let mut decision = Decision::on(incident);
    decision.record(
        act,
        Fact::ReviewEdited { section },
        words([(Field::Text, Some(text))]),
    );
    decision.done()
}
