//! `Edit` under a draft.

use super::house::load;
use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::incident::Incident;
use crate::domain::policy::{self, Verb};
use crate::domain::status_update::StatusUpdate;
use crate::domain::verbs::edit_draft;
use crate::store::servers;

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
        let mut conn = self.db.read().await?;
        let (person, stored, _) = load(&mut conn, request, target).await?;
        let settings = servers::settings(&mut conn, request.guild).await?;
        policy::may(Verb::Draft, &person, &stored.incident, settings.narrowing())?;
        let draft = edit_draft::waiting(&stored.incident, update)?.clone();
        Ok((stored.incident, draft))
    }
}
