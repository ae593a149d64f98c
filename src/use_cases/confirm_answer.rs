//! Discord took the first answer to an interaction, or never will.

use super::{House, Outcome};
use crate::domain::ids::InteractionId;
use crate::store::{Lane, interactions};

impl House {
    /// The answer stands: an equal command is a new one from now on.
    pub async fn answer_confirmed(&self, interaction: InteractionId) -> Outcome<()> {
        let mut tx = self.db.write(Lane::Courier).await?;
        interactions::confirmed(&mut tx, interaction).await?;
        tx.commit().await?;
        Ok(())
    }
}
