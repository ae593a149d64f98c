//! `/me zone`: the zone that somebody's times are read in.

use chrono_tz::Tz;

use super::{House, Outcome};
use crate::domain::ids::UserId;
use crate::store::{Lane, people};

impl House {
    /// Sets it.
    pub async fn set_zone(&self, user: UserId, zone: Tz) -> Outcome<()> {
        let mut tx = self.db.write(Lane::Actor).await?;
        people::set_zone(&mut tx, user, zone).await?;
        tx.commit().await?;
        Ok(())
    }
}
