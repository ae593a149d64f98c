//! `/incident note`: write something down.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::Verb;
use crate::domain::verbs::note::{self, Note};

impl House {
    /// Files a note, at the time it happened.
    pub async fn note(&self, request: &Request, target: &Target, ask: Note) -> Outcome<Recorded> {
        self.change(request, target, Verb::Note, |incident, act, _| {
            note::decide(incident, act, ask)
        })
        .await
    }
}
