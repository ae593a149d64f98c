//! A command came too late to be executed: one line in the channel says so.

use super::{House, Outcome, Request};
use crate::domain::decision::Decision;
use crate::domain::effect::{Effect, Say};
use crate::domain::ids::UserId;
use crate::store::{Lane, effects, incidents};

impl House {
    /// Has it said in the incident's channel that `command` was not recorded. Elsewhere the
    /// person saw "did not respond", and that is all there is to say.
    pub async fn not_recorded(
        &self,
        request: &Request,
        user: UserId,
        command: String,
    ) -> Outcome<()> {
        let Some(channel) = request.channel else {
            return Ok(());
        };
        let mut tx = self.db.write(Lane::Courier).await?;
        let Some(stored) = incidents::at_channel(tx.conn(), request.guild, channel).await? else {
            return Ok(());
        };
        let say = Effect::Say(Say::NotRecorded {
            user,
            command,
            at: request.at,
        });
        let decision = Decision::on(&stored.incident);
        effects::add_once(&mut tx, &decision.incident, &say, self.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}
