//! Customers wait for a word: the people in the incident are reminded, once per interval.

use super::{House, Outcome};
use crate::domain::actor::Actor;
use crate::domain::decision::Act;
use crate::domain::ids::IncidentKey;
use crate::domain::verbs::remind_update;
use crate::domain::visibility::Viewer;
use crate::store::{Lane, decisions, incidents};

impl House {
    /// Reminds if an update is due; otherwise changes nothing.
    pub async fn remind_update(&self, incident: IncidentKey) -> Outcome<()> {
        let mut tx = self.db.write(Lane::Courier).await?;
        let Some(stored) = incidents::by_key(tx.conn(), &Viewer::Operator, incident).await? else {
            return Ok(());
        };
        let now = self.clock.now();
        let act = Act {
            actor: Actor::Warbell,
            occurred_at: now,
            now,
        };
        if let Some(decision) = remind_update::decide(&stored.incident, &act) {
            decisions::record(&mut tx, &stored, &decision).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
