//! `Edit` under a draft.

use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::incident::Incident;
use crate::domain::policy::Verb;
use crate::domain::status_update::StatusUpdate;
use crate::domain::verbs::edit_draft;

impl House {
    /// Rewrites a draft that waits for approval.
    pub async fn edit_draft(
        &self,
        request: &Request,
        target: &Target,
        update: u32,
        text: String,
    ) -> Outcome<Recorded> {
        self.change(request, target, Verb::Draft, |incident, act, _| {
            edit_draft::decide(incident, act, update, text)
        })
        .await
    }

    /// The draft as it stands, for the form that edits it.
    pub async fn draft_to_edit(
        &self,
        request: &Request,
        target: &Target,
        update: u32,
    ) -> Outcome<(Incident, StatusUpdate)> {
        let waiting = |incident: &Incident| edit_draft::waiting(incident, update).map(|_| ());
        let incident = self.before(request, target, Verb::Draft, waiting).await?;
        let draft = edit_draft::waiting(&incident, update)?.clone();
        Ok((incident, draft))
    }
}
