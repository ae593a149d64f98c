//! A page was not answered: the same people are called once more.

use super::{House, Outcome};
use crate::domain::actor::Actor;
use crate::domain::decision::Act;
use crate::domain::ids::IncidentKey;
use crate::domain::verbs::repeat_page;
use crate::domain::visibility::Viewer;
use crate::store::{Lane, decisions, incidents};

impl House {
    /// Calls again if the page still waits; otherwise changes nothing.
    pub async fn repeat_page(&self, incident: IncidentKey, page: u32) -> Outcome<()> {
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
        if let Some(decision) = repeat_page::decide(&stored.incident, &act, page) {
            decisions::record(&mut tx, &stored, &decision).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
