//! `/incident show`: one incident as it stands.

use super::house::load;
use super::{House, Outcome, Request, Target};
use crate::domain::ids::ChannelId;
use crate::domain::incident::Incident;
use crate::domain::timeline::TimelineEvent;
use crate::store::timeline;

/// How many rows a card shows.
pub const LATEST: u32 = 3;

/// What is shown of an incident.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The incident.
    pub incident: Incident,
    /// Its latest rows, oldest first.
    pub latest: Vec<TimelineEvent>,
    /// Its channel, once it stands.
    pub channel: Option<ChannelId>,
}

impl House {
    /// Shows an incident that the person may see.
    pub async fn show(&self, request: &Request, target: &Target) -> Outcome<Shown> {
        let mut conn = self.db.read().await?;
        let (_, stored, channel) = load(&mut conn, request, target).await?;
        let (latest, _) = timeline::newest(&mut conn, stored.incident.key, LATEST).await?;
        Ok(Shown {
            incident: stored.incident,
            latest,
            channel,
        })
    }
}
