//! `/review generate`: the review document from the timeline as it stands.

use super::house::load;
use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::ids::{ChannelId, GuildId, IncidentId};
use crate::domain::incident::Incident;
use crate::domain::policy::Verb;
use crate::domain::refusal::Refusal;
use crate::domain::timeline::TimelineEvent;
use crate::domain::verbs::review_generate;
use crate::store::{incidents, timeline};

impl House {
    /// Notes that the review was made, and has it posted in the incident's channel.
    pub async fn review_generate(
        &self,
        request: &Request,
        target: &Target,
    ) -> Outcome<Recorded> {
        self.change(request, target, Verb::ReviewGenerate, |incident, act, _| {
            review_generate::decide(incident, act)
        })
        .await
    }

    /// What the review is made of.
    pub async fn review_material(
        &self,
        request: &Request,
        target: &Target,
    ) -> Outcome<(Incident, Vec<TimelineEvent>, Option<ChannelId>)> {
        let mut conn = self.db.read().await?;
        let (_, stored, channel) = load(&mut conn, request, target).await?;
        let events = timeline::all(&mut conn, stored.incident.key).await?;
        Ok((stored.incident, events, channel))
    }

    /// The server of an incident that the terminal names without one; refused where there are
    /// several.
    pub async fn server_of(&self, asked: &str) -> Outcome<GuildId> {
        let unknown = || Refusal::UnknownIncident { asked: asked.to_owned() };
        let id: IncidentId = asked.parse().map_err(|_| unknown())?;
        let mut conn = self.db.read().await?;
        match incidents::servers_with(&mut conn, id).await?.as_slice() {
            [guild] => Ok(*guild),
            [] => Err(unknown().into()),
            several => Err(Refusal::SeveralServers {
                id,
                guilds: several.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            }
            .into()),
        }
    }
}
