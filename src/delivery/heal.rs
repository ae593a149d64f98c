//! What people deleted or mended at Discord, and what comes back.

use super::record::Recorder;
use crate::domain::ids::{ChannelId, GuildId, IncidentKey, MessageId};
use crate::domain::status_update::UpdateState;
use crate::domain::timeline::Fact;
use crate::domain::verbs::replace_channel;
use crate::store::views::{self, Name, View};
use crate::store::{Result, effects, timeline};

impl Recorder<'_> {
    /// A channel is gone, and everything in it.
    pub(super) async fn channel_gone(&mut self, guild: GuildId, channel: ChannelId) -> Result<()> {
        self.places.remove(guild, channel);
        // Before the messages: whether these come back depends on it.
        for view in views::by_target(self.tx.conn(), channel.0).await? {
            match (view.name, view.incident) {
                (Name::Category | Name::Incidents | Name::Updates, _) => {
                    views::lost(self.tx, view.id).await?;
                }
                (Name::Channel, Some(incident)) if !view.gone => {
                    self.incident_channel_gone(&view, incident, channel).await?;
                }
                _ => {}
            }
        }
        for view in views::in_channel(self.tx.conn(), channel).await? {
            if let (Name::Digest, Some(incident)) = (view.name, view.incident)
                && !self.is_open(incident).await?
            {
                // The list begins anew with what is open; others return when there is news.
                views::released(self.tx, view.id).await?;
            } else {
                self.lost(&view).await?;
            }
        }
        Ok(())
    }

    /// A message is gone.
    pub(super) async fn message_gone(&mut self, message: MessageId) -> Result<()> {
        for view in views::by_target(self.tx.conn(), message.0).await? {
            if view.channel.is_some() {
                self.lost(&view).await?;
            }
        }
        Ok(())
    }

    /// What waits for a mend is tried again; if nothing was mended it is parked again.
    pub(super) async fn try_parked_again(&mut self, guild: GuildId) -> Result<()> {
        views::unpark(self.tx, guild).await?;
        effects::unpark(self.tx, guild).await?;
        Ok(())
    }

    /// The channel of an open incident is made again, once: who deletes it twice means it.
    async fn incident_channel_gone(
        &mut self,
        view: &View,
        incident: IncidentKey,
        channel: ChannelId,
    ) -> Result<()> {
        let stored = self.stored(incident).await?;
        let act = self.act();
        let decision = stored
            .as_ref()
            .and_then(|stored| replace_channel::decide(&stored.incident, &act, channel));
        let events = timeline::all(self.tx.conn(), incident).await?;
        let was_replaced = events
            .iter()
            .any(|event| matches!(event.fact, Fact::ChannelReplaced { .. }));
        if decision.is_none() || was_replaced {
            return views::gone(self.tx, view.id).await;
        }
        views::lost(self.tx, view.id).await?;
        self.decided(stored, decision).await
    }

    /// A message of ours is gone. What shows the present state comes back where there is a place
    /// for it; what was said was said.
    async fn lost(&mut self, view: &View) -> Result<()> {
        let Some(incident) = view.incident else {
            return Ok(());
        };
        let comes_back = match view.name {
            Name::Digest => true,
            Name::Card => self.has_place(incident).await?,
            Name::Draft => {
                self.has_place(incident).await? && self.is_undecided(view, incident).await?
            }
            _ => false,
        };
        if comes_back {
            views::lost(self.tx, view.id).await
        } else {
            views::gone(self.tx, view.id).await
        }
    }

    async fn has_place(&mut self, incident: IncidentKey) -> Result<bool> {
        let channel = views::of_incident(self.tx.conn(), incident, Name::Channel, 0).await?;
        Ok(channel.is_some_and(|channel| !channel.gone))
    }

    async fn is_open(&mut self, incident: IncidentKey) -> Result<bool> {
        let stored = self.stored(incident).await?;
        Ok(stored.is_some_and(|stored| stored.incident.status.is_open()))
    }

    async fn is_undecided(&mut self, view: &View, incident: IncidentKey) -> Result<bool> {
        let stored = self.stored(incident).await?;
        let number = u32::try_from(view.reference).unwrap_or_default();
        let update = stored
            .as_ref()
            .and_then(|stored| stored.incident.update(number));
        Ok(update.is_some_and(|update| {
            matches!(
                update.state,
                UpdateState::Draft { .. } | UpdateState::Approved { .. }
            )
        }))
    }
}
