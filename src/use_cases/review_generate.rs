//! `/review generate`: the review document from the timeline as it stands.

use std::collections::BTreeMap;

use super::house::load;
use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::ids::{ChannelId, GuildId, IncidentId, UserId};
use crate::domain::incident::Incident;
use crate::domain::policy::Verb;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::TimelineEvent;
use crate::domain::verbs::review_generate;
use crate::store::{incidents, people, timeline};

/// What a review is made of.
#[derive(Clone, Debug)]
pub struct Material {
    /// The incident.
    pub incident: Incident,
    /// Its whole timeline.
    pub events: Vec<TimelineEvent>,
    /// Its channel, once it stands.
    pub channel: Option<ChannelId>,
    /// What people were last called.
    pub names: BTreeMap<UserId, String>,
}

impl House {
    /// Notes that the review was made, and has it posted in the incident's channel.
    pub async fn review_generate(&self, request: &Request, target: &Target) -> Outcome<Recorded> {
        self.change(request, target, Verb::ReviewGenerate, |incident, act, _| {
            review_generate::decide(incident, act)
        })
        .await
    }

    /// What the review is made of.
    pub async fn review_material(&self, request: &Request, target: &Target) -> Outcome<Material> {
        let mut conn = self.db.read().await?;
        let (_, stored, channel) = load(&mut conn, request, target).await?;
        let events = timeline::all(&mut conn, stored.incident.key).await?;
        let names = people::names(&mut conn).await?;
        Ok(Material {
            incident: stored.incident,
            events,
            channel,
            names,
        })
    }

    /// The server of an incident that the terminal names without one; refused where there are
    /// several.
    pub async fn server_of(&self, asked: &str) -> Outcome<GuildId> {
        let unknown = || Refusal::UnknownIncident {
            asked: asked.to_owned(),
        };
        let id: IncidentId = asked.parse().map_err(|_| unknown())?;
        let mut conn = self.db.read().await?;
        match incidents::servers_with(&mut conn, id).await?.as_slice() {
            [guild] => Ok(*guild),
            [] => Err(unknown().into()),
            several => Err(Refusal::SeveralServers {
                id,
                guilds: several
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", "),
            }
            .into()),
        }
    }
}
