//! Autocomplete of `incident`: what the person may see and seems to mean.

use super::{House, Outcome, Request};
use crate::domain::incident::Incident;
use crate::domain::visibility::Viewer;
use crate::store::incidents::{self, Filter};

/// Discord shows at most so many choices.
/// <https://discord.com/developers/docs/interactions/application-commands#autocomplete>
pub const CHOICES: usize = 25;

impl House {
    /// Incidents whose id or title contains what was typed; open ones first, the newest first.
    pub async fn find(&self, request: &Request, typed: &str) -> Outcome<Vec<Incident>> {
        let mut conn = self.db.read().await?;
        let viewer = Viewer::of(&request.person);
        let typed = typed.trim().to_lowercase();
        let mut found: Vec<Incident> =
            incidents::list(&mut conn, &viewer, request.guild, Filter::All, 500)
                .await?
                .into_iter()
                .filter(|incident| {
                    incident.id.to_string().to_lowercase().contains(&typed)
                        || incident.title.to_lowercase().contains(&typed)
                })
                .collect();
        found.sort_by_key(|incident| !incident.status.is_open());
        found.truncate(CHOICES);
        Ok(found)
    }
}
