//! A declaration whose severity could not be read: what was typed is kept until a button is pressed.

use chrono::TimeDelta;

use super::declare::Declared;
use super::{House, Outcome, Request};
use crate::domain::ids::UserId;
use crate::domain::refusal::Refusal;
use crate::domain::verbs::declare::Declare;
use crate::domain::words::Severity;
use crate::store::{Lane, StoreError, forms};

/// How long the buttons work.
const HELD_FOR: TimeDelta = TimeDelta::hours(24);

impl House {
    /// Keeps a declaration without its severity; gives the number that the buttons carry.
    pub async fn hold_declaration(
        &self,
        request: &Request,
        user: UserId,
        ask: &Declare,
    ) -> Outcome<i64> {
        let typed = serde_json::to_string(ask)
            .map_err(|error| StoreError::Inconsistent(error.to_string()))?;
        let now = self.clock.now();
        let mut tx = self.db.write(Lane::Actor).await?;
        let form = forms::hold(&mut tx, request.guild, user, &typed, now, now + HELD_FOR).await?;
        tx.commit().await?;
        Ok(form)
    }

    /// Declares what was kept, at the severity of the pressed button. The form goes with it, so a
    /// second press declares nothing.
    pub async fn declare_held(
        &self,
        request: &Request,
        user: UserId,
        form: i64,
        severity: Severity,
    ) -> Outcome<Declared> {
        let typed = {
            let mut conn = self.db.read().await?;
            forms::find(&mut conn, form, request.guild, user).await?
        };
        let typed = typed.ok_or(Refusal::FormGone)?;
        let mut ask: Declare = serde_json::from_str(&typed)
            .map_err(|error| StoreError::Inconsistent(error.to_string()))?;
        ask.severity = Some(severity);
        self.declare_from(request, ask, Some(form)).await
    }
}
