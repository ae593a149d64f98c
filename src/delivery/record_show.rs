//! How views ended.

use std::time::Duration;

use chrono::TimeDelta;

use super::failure::{Gone, Made, Verdict};
use super::places;
use super::record::{NOT_IN_SERVER, OUR_MISTAKE, Recorder, SERVER_FULL, TOKEN_PAUSE, Unread};
use super::says::STILL_UNDER_WAY;
use super::task::{Failed, Show};
use crate::discord::api::{Call, Failure, Reply};
use crate::domain::effect::Do;
use crate::domain::ids::{ChannelId, MessageId};
use crate::store::views::{self, Name, View};
use crate::store::{Result, effects};

/// A message whose edits Discord refuses for so long is replaced by a new one.
const LAGS_TOO_LONG: TimeDelta = TimeDelta::minutes(10);

impl Recorder<'_> {
    pub(super) async fn showed(
        &mut self,
        show: &Show,
        called: &std::result::Result<Reply, Failed>,
    ) -> Result<()> {
        let reply = match called {
            Ok(reply) => reply,
            Err(failed) => return self.not_shown(show, failed).await,
        };
        let view = &show.view;
        match &show.call {
            Call::CreateChannel { .. } => {
                let Some(seen) = places::seen_in(&reply.body) else {
                    return self.not_shown(show, &without_id(show)).await;
                };
                let id = seen.id;
                self.places.put(view.guild, seen);
                // Where an earlier attempt came through as well, the older one stays.
                let channel = self
                    .places
                    .marked(view.guild, &view.marker)
                    .first()
                    .copied();
                let channel = channel.unwrap_or(id);
                self.found(view, channel).await
            }
            Call::CreateMessage { channel, .. } => {
                let Some(id) = message_in(reply) else {
                    return self.not_shown(show, &without_id(show)).await;
                };
                self.stands(view, *channel, id).await?;
                // With the nonce of an earlier attempt it may be that one's message, and older
                // than this body: it is edited next.
                if !show.was_unknown() {
                    views::shown(self.tx, view.id, view.wanted, &show.hash).await?;
                }
                Ok(())
            }
            Call::EditAnswer { .. } => self.over(view).await,
            _ => {
                views::shown(self.tx, view.id, view.wanted, &show.hash).await?;
                if show.was_unknown() {
                    // The lost edit may still be executed, over this one.
                    views::again(self.tx, view.id, Some(self.now + STILL_UNDER_WAY)).await?;
                } else if view.again_at.is_some_and(|at| at <= self.now) {
                    views::again(self.tx, view.id, None).await?;
                }
                Ok(())
            }
        }
    }

    /// A message is the view from now on; a card is pinned.
    async fn stands(&mut self, view: &View, channel: ChannelId, message: MessageId) -> Result<()> {
        views::created(self.tx, view.id, message.0, Some(channel)).await?;
        if let (Name::Card, Some(incident)) = (view.name, view.incident) {
            effects::follow_up(self.tx, view.guild, incident, Do::PinCard, self.now).await?;
        }
        Ok(())
    }

    async fn not_shown(&mut self, show: &Show, failed: &Failed) -> Result<()> {
        let (view, was_unknown) = (&show.view, show.was_unknown());
        let id = view.id;
        match self.verdict(failed, view.tries + 1) {
            Verdict::Done => views::shown(self.tx, id, view.wanted, &show.hash).await,
            Verdict::Over => self.over(view).await,
            Verdict::Retry { after } => {
                views::failed(self.tx, id, was_unknown, self.after(after)).await
            }
            // Nothing is repeated before somebody looked, and the gateway may tell at any time.
            Verdict::OutcomeUnknown {
                made: Made::Channel,
                ..
            } => views::failed(self.tx, id, true, self.now).await,
            Verdict::RetryAndConfirm { after } | Verdict::OutcomeUnknown { after, .. } => {
                views::failed(self.tx, id, true, self.after(after)).await
            }
            Verdict::Wait { after, .. } => {
                views::postponed(self.tx, id, was_unknown, self.after(after)).await
            }
            Verdict::SlowEdit { after } => self.lags(view, was_unknown, after).await,
            Verdict::CategoryFull => {
                if let Some(category) = show.place {
                    self.places.full(view.guild, category);
                }
                views::postponed(self.tx, id, was_unknown, self.now).await
            }
            Verdict::GuildFull => views::park(self.tx, id, was_unknown, SERVER_FULL).await,
            Verdict::Gone(what) => {
                self.place_gone(show, what).await?;
                match what {
                    Gone::Guild => views::park(self.tx, id, was_unknown, NOT_IN_SERVER).await,
                    _ => Ok(()),
                }
            }
            Verdict::Blocked { words } => views::park(self.tx, id, was_unknown, &words).await,
            Verdict::Park(why) => views::park(self.tx, id, was_unknown, why.mend()).await,
            Verdict::ParkBug { .. } => views::park(self.tx, id, was_unknown, OUR_MISTAKE).await,
            Verdict::TokenRefused => {
                views::postponed(self.tx, id, was_unknown, self.now + TOKEN_PAUSE).await
            }
        }
    }

    /// What the call named is not there. Nothing can have come of it, so nothing is unknown.
    async fn place_gone(&mut self, show: &Show, what: Gone) -> Result<()> {
        let view = &show.view;
        views::postponed(self.tx, view.id, false, self.now).await?;
        match (what, show.place, view.as_message()) {
            (Gone::Category | Gone::Channel, Some(place), _) => {
                self.channel_gone(view.guild, place).await
            }
            (Gone::Message, _, Some(message)) => self.message_gone(message).await,
            _ => Ok(()),
        }
    }

    /// Discord refuses edits of an old message: only the newest state is tried, at its pace, until
    /// that takes too long. A page is never replaced: a new one would call people again.
    async fn lags(&mut self, view: &View, was_unknown: bool, after: Duration) -> Result<()> {
        let too_long = view
            .lagging_since
            .is_some_and(|since| self.now - since >= LAGS_TOO_LONG);
        match (view.name, view.incident, view.channel, view.as_message()) {
            (
                Name::Card | Name::Digest | Name::Draft,
                Some(incident),
                Some(channel),
                Some(message),
            ) if too_long => {
                views::lost(self.tx, view.id).await?;
                let old = Do::Delete { channel, message };
                effects::follow_up(self.tx, view.guild, incident, old, self.now).await
            }
            _ => {
                let retry_at = self.after(after);
                views::lags(self.tx, view.id, self.now, was_unknown, retry_at).await
            }
        }
    }

    /// A message of unknown outcome was looked for.
    pub(super) async fn traced_view(
        &mut self,
        view: &View,
        channel: ChannelId,
        traced: &std::result::Result<Option<MessageId>, Failed>,
    ) -> Result<()> {
        match traced {
            // What it shows may be old: it is edited next.
            Ok(Some(message)) => self.stands(view, channel, *message).await,
            Ok(None) => views::not_there(self.tx, view.id).await,
            Err(failed) => match self.unread(failed) {
                Unread::Later(at) => views::failed(self.tx, view.id, true, at).await,
                // A view that stands twice beats one that does not stand.
                Unread::Never(verdict) => {
                    views::not_there(self.tx, view.id).await?;
                    if verdict == Verdict::Gone(Gone::Channel) {
                        self.channel_gone(view.guild, channel).await?;
                    }
                    Ok(())
                }
            },
        }
    }
}

/// The id of the message that an answer describes.
pub(super) fn message_in(reply: &Reply) -> Option<MessageId> {
    reply.body["id"].as_str()?.parse().ok()
}

fn without_id(show: &Show) -> Failed {
    let failure = Failure::Unknown("the answer names no id".to_owned());
    Failed {
        call: show.call.clone(),
        failure,
    }
}
