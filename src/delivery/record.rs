//! Writing down how things ended. All of it in the one transaction of a wake; asks nobody.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::claim::{Settled, Unsaid};
use super::failure::{Verdict, verdict};
use super::handle::{Fact, Figures};
use super::places::Places;
use super::task::{Failed, Outcome, Task};
use crate::domain::actor::Actor;
use crate::domain::decision::{Act, Decision};
use crate::domain::effect::{Say, Show};
use crate::domain::ids::{ChannelId, GuildId, IncidentKey, InteractionId};
use crate::domain::timeline::Seq;
use crate::domain::verbs::lapse;
use crate::domain::visibility::Viewer;
use crate::store::incidents::{self, Stored};
use crate::store::views::{self, Name, View};
use crate::store::{Result, WriteTx, decisions, effects, interactions};

/// After a 401, the next try to find out whether the token is taken again.
pub(super) const TOKEN_PAUSE: TimeDelta = TimeDelta::seconds(30);
/// Where a failure does not say when to look again.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(30);

/// See the module's first line.
pub(super) struct Recorder<'a> {
    pub(super) tx: &'a mut WriteTx,
    pub(super) now: DateTime<Utc>,
    pub(super) places: &'a mut Places,
    pub(super) confirmed: &'a mut HashSet<InteractionId>,
    pub(super) figures: &'a Figures,
    /// Whether Discord refused the bot's token.
    pub(super) token_refused: bool,
}

/// What a failure of a look means.
pub(super) enum Unread {
    /// Look again then.
    Later(DateTime<Utc>),
    /// It cannot be read.
    Never(Verdict),
}

impl Recorder<'_> {
    /// How a task ended.
    pub(super) async fn ended(&mut self, task: &Task, outcome: &Outcome) -> Result<()> {
        match (task, outcome) {
            (Task::Show(show), Outcome::Called(called)) => self.showed(show, called).await,
            (Task::Say(saying), Outcome::Called(called)) => self.said(saying, called).await,
            (Task::Do { effect, r#do, .. }, Outcome::Called(called)) => {
                self.did(effect, r#do, called).await
            }
            (Task::TraceView { view, channel, .. }, Outcome::Traced(traced)) => {
                self.traced_view(view, *channel, traced).await
            }
            (Task::TraceSay(tracing), Outcome::Traced(traced)) => {
                self.traced_say(tracing, traced).await
            }
            (Task::List { guild, asked_at }, Outcome::Listed(listed)) => {
                match listed {
                    Ok(channels) => self.places.listed(*guild, channels.clone(), *asked_at),
                    Err(failed) => {
                        let at = self.next_look(failed);
                        self.places.ask_again(*guild, at);
                    }
                }
                Ok(())
            }
            (Task::Vet { view, channel }, Outcome::Ours(ours)) => {
                match ours {
                    Ok(true) => self.found(view, *channel).await?,
                    Ok(false) => self.places.strange(view.guild, *channel),
                    Err(failed) => match self.unread(failed) {
                        Unread::Later(at) => {
                            views::failed(self.tx, view.id, view.unknown, at).await?;
                        }
                        // Whoever closed it to us did not mean it for us.
                        Unread::Never(_) => self.places.strange(view.guild, *channel),
                    },
                }
                Ok(())
            }
            (Task::Clear { guild, channel, .. }, Outcome::Ours(gone)) => {
                match gone {
                    Ok(true) => self.places.remove(*guild, *channel),
                    Ok(false) => self.places.strange(*guild, *channel),
                    Err(failed) => self.not_cleared(*guild, *channel, failed),
                }
                Ok(())
            }
            // A task ends in its own way; the compiler cannot know that.
            (task, outcome) => {
                tracing::error!(?task, ?outcome, "a task ended as another one");
                Ok(())
            }
        }
    }

    /// What the courier was told.
    pub(super) async fn told(&mut self, fact: &Fact) -> Result<()> {
        match fact {
            Fact::ChannelDeleted(guild, channel) => self.channel_gone(*guild, *channel).await,
            Fact::MessageDeleted(message) => self.message_gone(*message).await,
            Fact::PerhapsMended(guild) => self.try_parked_again(*guild).await,
            Fact::AnswerConfirmed(interaction) => {
                interactions::confirmed(self.tx, *interaction).await?;
                // From now on the row says so.
                self.confirmed.remove(interaction);
                Ok(())
            }
            Fact::GuildSeen(..) | Fact::ChannelSeen(..) | Fact::Settle(_) => Ok(()),
        }
    }

    /// Rows that needed no call.
    pub(super) async fn settled(&mut self, settled: &Settled) -> Result<()> {
        match settled {
            Settled::Shown { view, hash } => {
                views::shown(self.tx, view.id, view.wanted, hash).await
            }
            Settled::Found { view, channel } => self.found(view, *channel).await,
            Settled::Over { view } => self.over(view).await,
            Settled::Done { effect } => effects::done(self.tx, *effect, None).await,
            Settled::ViewParked { view, why } => views::park(self.tx, *view, false, why).await,
            Settled::EffectParked { effect, why } => {
                effects::park(self.tx, *effect, false, why).await
            }
        }
    }

    /// A channel is the view from now on.
    pub(super) async fn found(&mut self, view: &View, channel: ChannelId) -> Result<()> {
        views::created(self.tx, view.id, channel.0, None).await?;
        views::shown(self.tx, view.id, view.wanted, &[]).await?;
        match (view.name, view.incident) {
            // An entry that stands without its channel names it from now on.
            (Name::Channel, Some(incident)) => views::touch(self.tx, incident, Show::Digest).await,
            _ => Ok(()),
        }
    }

    /// Nobody waits for it any more.
    pub(super) async fn over(&mut self, view: &View) -> Result<()> {
        views::gone(self.tx, view.id).await?;
        if view.name == Name::Answer {
            let interaction = InteractionId::from_db(view.reference);
            interactions::forget_token(self.tx, interaction).await?;
        }
        Ok(())
    }

    /// What is not said any more. Echoes of one incident become one line.
    pub(super) async fn lapsed(&mut self, lapses: &[Unsaid]) -> Result<()> {
        let mut echoes: BTreeMap<(IncidentKey, bool), (Seq, Seq)> = BTreeMap::new();
        for Unsaid {
            effect,
            say,
            why,
            nowhere,
        } in lapses
        {
            effects::lapsed(self.tx, effect.id).await?;
            if let Say::Echo { seq } = say {
                let rows = echoes
                    .entry((effect.incident, *nowhere))
                    .or_insert((*seq, *seq));
                *rows = (rows.0.min(*seq), rows.1.max(*seq));
                continue;
            }
            let stored = self.stored(effect.incident).await?;
            let decision = stored
                .as_ref()
                .and_then(|s| lapse::decide(&s.incident, &self.act(), say, *why));
            self.decided(stored, decision).await?;
        }
        for ((incident, nowhere), (first, last)) in echoes {
            let stored = self.stored(incident).await?;
            let decision = stored.as_ref().map(|stored| {
                let mut decision = lapse::echoes(&stored.incident, &self.act(), first, last);
                if nowhere {
                    decision.effects.clear();
                }
                decision
            });
            self.decided(stored, decision).await?;
        }
        self.figures.count_lapsed(lapses.len());
        Ok(())
    }

    pub(super) async fn stored(&mut self, incident: IncidentKey) -> Result<Option<Stored>> {
        incidents::by_key(self.tx.conn(), &Viewer::Operator, incident).await
    }

    pub(super) async fn decided(
        &mut self,
        before: Option<Stored>,
        decision: Option<Decision>,
    ) -> Result<()> {
        match (before, decision) {
            (Some(before), Some(decision)) => decisions::record(self.tx, &before, &decision).await,
            _ => Ok(()),
        }
    }

    /// What happens by itself, now.
    pub(super) fn act(&self) -> Act {
        Act {
            actor: Actor::Warbell,
            occurred_at: self.now,
            now: self.now,
        }
    }

    pub(super) fn after(&self, wait: Duration) -> DateTime<Utc> {
        TimeDelta::from_std(wait)
            .ok()
            .and_then(|wait| self.now.checked_add_signed(wait))
            .unwrap_or(self.now + LOOK_AGAIN)
    }

    /// The table's word on a failure; what concerns all rows is noted here.
    pub(super) fn verdict(&mut self, failed: &Failed, attempt: u32) -> Verdict {
        let verdict = verdict(&failed.call, &failed.failure, attempt, rand::random());
        let (call, error) = (failed.call.route(), &failed.failure);
        match &verdict {
            Verdict::ParkBug { words } => {
                tracing::error!(call, words, "Discord refuses what I sent: that is a bug");
            }
            Verdict::Park(why) => tracing::warn!(call, mend = why.mend(), "delivery is parked"),
            Verdict::TokenRefused => {
                tracing::error!(call, %error, "Discord refuses the bot's token: delivery stops");
                self.token_refused = true;
            }
            Verdict::Wait { scope: Some(_), .. } | Verdict::SlowEdit { .. } => {
                self.figures.count_limited();
                tracing::debug!(call, %error, "limited");
            }
            _ => tracing::debug!(call, %error, ?verdict, "a call failed"),
        }
        verdict
    }

    /// What a failure of a look means.
    pub(super) fn unread(&mut self, failed: &Failed) -> Unread {
        match self.verdict(failed, 3) {
            Verdict::Retry { after }
            | Verdict::RetryAndConfirm { after }
            | Verdict::OutcomeUnknown { after, .. }
            | Verdict::Wait { after, .. }
            | Verdict::SlowEdit { after } => Unread::Later(self.after(after)),
            Verdict::TokenRefused => Unread::Later(self.now + TOKEN_PAUSE),
            verdict => Unread::Never(verdict),
        }
    }

    fn next_look(&mut self, failed: &Failed) -> DateTime<Utc> {
        match self.unread(failed) {
            Unread::Later(at) => at,
            Unread::Never(_) => self.now + LOOK_AGAIN,
        }
    }

    fn not_cleared(&mut self, guild: GuildId, channel: ChannelId, failed: &Failed) {
        match self.unread(failed) {
            Unread::Later(at) => self.places.ask_again(guild, at),
            Unread::Never(Verdict::Gone(_) | Verdict::Done) => self.places.remove(guild, channel),
            Unread::Never(_) => self.places.strange(guild, channel),
        }
    }
}

/// What the operator reads of a row that our own mistake stops.
pub(super) const OUR_MISTAKE: &str =
    "Discord refused a request as malformed. That is a bug of Warbell: its log says more.";
/// The server is gone, or the bot was put out of it.
pub(super) const NOT_IN_SERVER: &str =
    "Warbell is not in this server: invite it again, then run /setup.";
/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes>: 30013.
pub(super) const SERVER_FULL: &str = "This server has 500 channels: delete some, then run /setup.";
