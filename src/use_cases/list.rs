//! `/incident list`: what there is.

use super::{House, Outcome, Request};
use crate::domain::ids::ChannelId;
use crate::domain::incident::Incident;
use crate::domain::visibility::Viewer;
use crate::store::incidents::{self, Filter};
use crate::store::views;

/// How many incidents a list names.
pub const MOST: usize = 20;

/// Incidents that the person may see.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The newest first, each with its channel once that stands.
    pub incidents: Vec<(Incident, Option<ChannelId>)>,
    /// How many others there are.
    pub more: usize,
}

impl House {
    /// Lists what the person may see.
    pub async fn list(&self, request: &Request, filter: Filter) -> Outcome<Listed> {
        let mut conn = self.db.read().await?;
        let viewer = Viewer::of(&request.person);
        let mut found =
            incidents::list(&mut conn, &viewer, request.guild, filter, usize::MAX).await?;
        let more = found.len().saturating_sub(MOST);
        found.truncate(MOST);
        let mut incidents = Vec::new();
        for incident in found {
            let channel = views::channel_of(&mut conn, incident.key).await?;
            incidents.push((incident, channel));
        }
        Ok(Listed { incidents, more })
    }
}
