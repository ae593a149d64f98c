//! How what was to be said or done ended.

use super::claim::Unsaid;
use super::failure::{Gone, Verdict};
use super::record::{NOT_IN_SERVER, OUR_MISTAKE, Recorder, SERVER_FULL, TOKEN_PAUSE, Unread};
use super::record_show::message_in;
use super::task::{Failed, Saying, Tracing};
use crate::discord::api::{Failure, Reply};
use crate::domain::effect::{Do, Say};
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::timeline::Lapse;
use crate::domain::verbs::publish;
use crate::store::Result;
use crate::store::effects::{self, Waiting};
use crate::store::views::{self, Name};

impl Recorder<'_> {
    pub(super) async fn said(
        &mut self,
        saying: &Saying,
        called: &std::result::Result<Reply, Failed>,
    ) -> Result<()> {
        let Saying {
            effect,
            say,
            channel,
            ..
        } = saying;
        match called {
            Ok(reply) => match message_in(reply) {
                Some(message) => {
                    // With the nonce of an earlier attempt it may be that one's, and older.
                    let hash = if effect.unknown {
                        &[][..]
                    } else {
                        &saying.hash
                    };
                    self.stands_said(effect, say, *channel, message, hash).await
                }
                None => {
                    let failure = Failure::Unknown("the answer names no id".to_owned());
                    let failed = Failed {
                        call: saying.call.clone(),
                        failure,
                    };
                    self.not_said(saying, &failed).await
                }
            },
            Err(failed) => self.not_said(saying, failed).await,
        }
    }

    /// It was said, as this message.
    async fn stands_said(
        &mut self,
        effect: &Waiting,
        say: &Say,
        channel: ChannelId,
        message: MessageId,
        hash: &[u8],
    ) -> Result<()> {
        match say {
            // From now on it shows whether somebody answered.
            Say::Page { page, round } => {
                let reference = i64::from(*page) * 10 + i64::from(*round);
                let (guild, incident) = (effect.guild, effect.incident);
                let message = (channel, message);
                views::add_standing(
                    self.tx,
                    guild,
                    incident,
                    Name::Page,
                    reference,
                    message,
                    hash,
                )
                .await?;
            }
            // That it stands before customers is a fact of the incident, in the same transaction.
            Say::Publish { update } => {
                let stored = self.stored(effect.incident).await?;
                let act = self.act();
                let decision = stored.as_ref().and_then(|stored| {
                    publish::decide(&stored.incident, &act, *update, channel, message)
                });
                self.decided(stored, decision).await?;
            }
            _ => {}
        }
        effects::done(self.tx, effect.id, Some((channel, message))).await
    }

    async fn not_said(&mut self, saying: &Saying, failed: &Failed) -> Result<()> {
        let Saying {
            effect,
            say,
            channel,
            ..
        } = saying;
        let (id, was_unknown) = (effect.id, effect.unknown);
        match self.verdict(failed, effect.tries + 1) {
            Verdict::Done | Verdict::Over => effects::done(self.tx, id, None).await,
            Verdict::Retry { after } => {
                effects::failed(self.tx, id, was_unknown, self.after(after)).await
            }
            Verdict::RetryAndConfirm { after } | Verdict::OutcomeUnknown { after, .. } => {
                effects::failed(self.tx, id, true, self.after(after)).await
            }
            Verdict::Wait { after, .. } | Verdict::SlowEdit { after } => {
                effects::postponed(self.tx, id, was_unknown, self.after(after)).await
            }
            Verdict::Gone(Gone::Guild) => {
                effects::park(self.tx, id, was_unknown, NOT_IN_SERVER).await
            }
            // It waits for the channel that is made instead, or lapses with it.
            Verdict::Gone(_) | Verdict::CategoryFull => {
                effects::postponed(self.tx, id, false, self.now).await?;
                self.channel_gone(effect.guild, *channel).await
            }
            Verdict::GuildFull => effects::park(self.tx, id, was_unknown, SERVER_FULL).await,
            Verdict::Blocked { .. } => self.unsaid(effect, say, Lapse::Blocked).await,
            Verdict::Park(why) => effects::park(self.tx, id, was_unknown, why.mend()).await,
            Verdict::ParkBug { .. } => effects::park(self.tx, id, was_unknown, OUR_MISTAKE).await,
            Verdict::TokenRefused => {
                effects::postponed(self.tx, id, was_unknown, self.now + TOKEN_PAUSE).await
            }
        }
    }

    /// What was said with unknown outcome was looked for.
    pub(super) async fn traced_say(
        &mut self,
        tracing: &Tracing,
        traced: &std::result::Result<Option<MessageId>, Failed>,
    ) -> Result<()> {
        let Tracing {
            effect,
            say,
            channel,
            ..
        } = tracing;
        let failed = match traced {
            Ok(Some(message)) => {
                return self.stands_said(effect, say, *channel, *message, &[]).await;
            }
            Ok(None) => None,
            Err(failed) => match self.unread(failed) {
                Unread::Later(at) => return effects::failed(self.tx, effect.id, true, at).await,
                Unread::Never(verdict) => Some(verdict),
            },
        };
        match (say, &failed) {
            // Customers are never told twice by chance: whoever approved it looks for himself.
            (Say::Publish { .. }, Some(_)) => self.unsaid(effect, say, Lapse::Unknown).await?,
            // Twice beats never. What is no longer to be said lapses when it is looked at next.
            _ => effects::failed(self.tx, effect.id, false, self.now).await?,
        }
        if failed == Some(Verdict::Gone(Gone::Channel)) {
            self.channel_gone(effect.guild, *channel).await?;
        }
        Ok(())
    }

    async fn unsaid(&mut self, effect: &Waiting, say: &Say, why: Lapse) -> Result<()> {
        let (effect, say) = (effect.clone(), say.clone());
        self.lapsed(&[Unsaid {
            effect,
            say,
            why,
            nowhere: why == Lapse::Blocked,
        }])
        .await
    }

    /// Something that may be done twice was tried.
    pub(super) async fn did(
        &mut self,
        effect: &Waiting,
        r#do: &Do,
        called: &std::result::Result<Reply, Failed>,
    ) -> Result<()> {
        let id = effect.id;
        let Err(failed) = called else {
            return effects::done(self.tx, id, None).await;
        };
        match self.verdict(failed, effect.tries + 1) {
            Verdict::Retry { after }
            | Verdict::RetryAndConfirm { after }
            | Verdict::OutcomeUnknown { after, .. } => {
                effects::failed(self.tx, id, false, self.after(after)).await
            }
            Verdict::Wait { after, .. } | Verdict::SlowEdit { after } => {
                effects::postponed(self.tx, id, false, self.after(after)).await
            }
            Verdict::TokenRefused => {
                effects::postponed(self.tx, id, false, self.now + TOKEN_PAUSE).await
            }
            Verdict::Park(why) => effects::park(self.tx, id, false, why.mend()).await,
            Verdict::ParkBug { .. } => effects::park(self.tx, id, false, OUR_MISTAKE).await,
            Verdict::Blocked { words } => effects::park(self.tx, id, false, &words).await,
            Verdict::GuildFull => effects::park(self.tx, id, false, SERVER_FULL).await,
            verdict
            @ (Verdict::Done | Verdict::Over | Verdict::Gone(_) | Verdict::CategoryFull) => {
                effects::done(self.tx, id, None).await?;
                // A new card brings its own pin.
                if let (Do::PinCard, Verdict::Gone(what)) = (r#do, verdict) {
                    self.card_gone(effect, what).await?;
                }
                Ok(())
            }
        }
    }

    async fn card_gone(&mut self, effect: &Waiting, what: Gone) -> Result<()> {
        let card = views::of_incident(self.tx.conn(), effect.incident, Name::Card, 0).await?;
        let Some(card) = card else { return Ok(()) };
        match (what, card.channel, card.as_message()) {
            (Gone::Message, _, Some(message)) => self.message_gone(message).await,
            (Gone::Channel, Some(channel), _) => self.channel_gone(effect.guild, channel).await,
            _ => Ok(()),
        }
    }
}
