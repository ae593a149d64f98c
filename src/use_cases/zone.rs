//! `/me zone`: the zone that somebody's times are read in.

use chrono_tz::Tz;

use super::{House, Outcome, Request};
use crate::domain::ids::UserId;
use crate::store::{Lane, people, servers};

impl House {
    /// Sets it.
    pub async fn set_zone(&self, user: UserId, zone: Tz) -> Outcome<()> {
        let mut tx = self.db.write(Lane::Actor).await?;
        people::set_zone(&mut tx, user, zone).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The zone that this person set, if they did, and the server's.
    pub async fn zones(&self, request: &Request) -> Outcome<(Option<Tz>, Tz)> {
        let mut conn = self.db.read().await?;
        let own = match request.person.actor.user() {
            Some(user) => people::zone(&mut conn, user).await?,
            None => None,
        };
        Ok((own, servers::settings(&mut conn, request.guild).await?.zone))
    }

    /// The zone that this person's times are read in: their own, else the server's.
    pub async fn zone_of(&self, request: &Request) -> Outcome<Tz> {
        let (own, server) = self.zones(request).await?;
        Ok(own.unwrap_or(server))
    }
}
