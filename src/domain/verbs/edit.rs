//! Edit: mend title, summary, services or kind, or make the incident private.

use super::{LONG, SERVICES, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::IncidentId;
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::domain::timeline::{Fact, Field, Words, words};
use crate::domain::words::Kind;

/// What was asked; what is not named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// A new title.
    pub title: Option<String>,
    /// A new summary.
    pub summary: Option<String>,
    /// A new list of services.
    pub services: Option<String>,
    /// Another kind.
    pub kind: Option<Kind>,
    /// Only its own people may know of it from now on.
    pub private: Option<bool>,
}

/// `private_id` is the number that the store counted in case the incident becomes private.
pub fn decide(
    incident: &Incident,
    act: &Act,
    ask: Edit,
    private_id: Option<IncidentId>,
) -> Decided {
    let title = ask.title.map(|title| text::title(&title)).transpose()?;
    let edited = words([
        (Field::Title, title),
        (Field::Summary, optional("The summary", ask.summary, LONG)?),
        (
            Field::Services,
            optional("The list of services", ask.services, SERVICES)?,
        ),
    ]);
    let incident_kind = ask.kind.filter(|kind| *kind != incident.kind);
    match ask.private {
        Some(true) if incident.is_private() => {
            return Err(Refusal::AlreadyPrivate { id: incident.id });
        }
        Some(false) if incident.is_private() => return Err(Refusal::StaysPrivate),
        _ => {}
    }
    let mut decision = Decision::on(incident);
    if let (Some(true), Some(to)) = (ask.private, private_id) {
        decision.record(
            act,
            Fact::MadePrivate {
                from: incident.id,
                to,
            },
            Words::new(),
        );
    }
    if !edited.is_empty() || incident_kind.is_some() {
        decision.record(act, Fact::DetailsEdited { incident_kind }, edited);
    }
    if decision.events.is_empty() {
        return Err(Refusal::NothingGiven);
    }
    decision.done()
}
