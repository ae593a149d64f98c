//! One thing that is done at Discord, from its first call to how it ended.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::holds::Hold;
use super::places::seen_in;
use super::trace::{Asker, Sign};
use crate::discord::api::{Call, Failure, Reply};
use crate::discord::events::Seen;
use crate::domain::effect::{Do, Say};
use crate::domain::ids::{ChannelId, GuildId, MessageId};
use crate::store::effects::Waiting;
use crate::store::views::{Name, View, ViewId};

/// A call, and how it failed.
#[derive(Clone, Debug)]
pub(super) struct Failed {
    pub(super) call: Call,
    pub(super) failure: Failure,
}

/// Something to do. Those that change Discord are committed as attempts before they run.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// Brings a view in line: makes it, or edits it.
    Show(Show),
    /// Says something.
    Say(Saying),
    /// Does something that may be done twice.
    Do {
        effect: Waiting,
        r#do: Do,
        call: Call,
    },
    /// Looks whether a view's message was sent after all.
    TraceView {
        view: View,
        channel: ChannelId,
        from: DateTime<Utc>,
        sign: Sign,
    },
    /// Looks whether something was said after all.
    TraceSay(Tracing),
    /// Reads the channels of a server.
    List {
        guild: GuildId,
        asked_at: DateTime<Utc>,
    },
    /// Looks whether a channel of the wanted name is only ours.
    Vet { view: View, channel: ChannelId },
    /// Takes away a channel that stands twice, if it is only ours; a category, which is empty.
    Clear {
        guild: GuildId,
        channel: ChannelId,
        category: bool,
    },
}

/// See [`Task::Show`].
#[derive(Clone, Debug)]
pub(super) struct Show {
    pub(super) view: View,
    /// SHA-256 of the body.
    pub(super) hash: Vec<u8>,
    /// The channel that a message goes to; the category that a channel goes into.
    pub(super) place: Option<ChannelId>,
    /// Somebody looked and it was not there: what is unknown of earlier attempts is settled.
    pub(super) afresh: bool,
    pub(super) call: Call,
}

impl Show {
    /// Whether an earlier attempt may have had an effect.
    pub(super) fn was_unknown(&self) -> bool {
        self.view.unknown && !self.afresh
    }
}

/// See [`Task::Say`].
#[derive(Clone, Debug)]
pub(super) struct Saying {
    pub(super) effect: Waiting,
    pub(super) say: Say,
    /// The view of the channel that it is said in.
    pub(super) order: ViewId,
    pub(super) channel: ChannelId,
    /// SHA-256 of the body.
    pub(super) hash: Vec<u8>,
    pub(super) call: Call,
}

/// See [`Task::TraceSay`].
#[derive(Clone, Debug)]
pub(super) struct Tracing {
    pub(super) effect: Waiting,
    pub(super) say: Say,
    pub(super) order: ViewId,
    pub(super) channel: ChannelId,
    pub(super) from: DateTime<Utc>,
    pub(super) sign: Sign,
}

/// How a task ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The one call of a show, a say, a do.
    Called(Result<Reply, Failed>),
    /// A trace.
    Traced(Result<Option<MessageId>, Failed>),
    /// A server's channels.
    Listed(Result<Vec<Seen>, Failed>),
    /// Whether the channel was only ours; after [`Task::Clear`]: and so is gone.
    Ours(Result<bool, Failed>),
}

impl Task {
    /// What nobody else may touch meanwhile.
    pub(super) fn holds(&self) -> Vec<Hold> {
        match self {
            Self::Show(show) => {
                let view = &show.view;
                let room = show.place.filter(|_| view.name == Name::Channel);
                let into = match &show.call {
                    Call::CreateChannel { guild, .. } => Some(guild.0),
                    Call::CreateMessage { channel, .. } | Call::EditMessage { channel, .. } => {
                        Some(channel.0)
                    }
                    _ => None,
                };
                let more = room.map(Hold::Room).into_iter().chain(into.map(Hold::Into));
                std::iter::once(Hold::View(view.id)).chain(more).collect()
            }
            Self::Say(Saying {
                effect,
                order,
                channel,
                ..
            }) => {
                vec![
                    Hold::Effect(effect.id),
                    Hold::Says(*order),
                    Hold::Into(channel.0),
                ]
            }
            Self::TraceSay(Tracing { effect, order, .. }) => {
                vec![Hold::Effect(effect.id), Hold::Says(*order)]
            }
            Self::Do { effect, .. } => vec![Hold::Effect(effect.id)],
            Self::TraceView { view, .. } => vec![Hold::View(view.id)],
            Self::List { guild, .. } => vec![Hold::Listing(*guild)],
            Self::Vet { view, channel } => vec![Hold::View(view.id), Hold::Looking(*channel)],
            Self::Clear { channel, .. } => vec![Hold::Looking(*channel)],
        }
    }

    /// Whether an earlier attempt of the same failed.
    pub(super) fn is_retry(&self) -> bool {
        match self {
            Self::Show(show) => show.view.tries > 0,
            Self::Say(saying) => saying.effect.tries > 0,
            Self::Do { effect, .. } => effect.tries > 0,
            _ => false,
        }
    }

    /// How it ends if the program itself fails.
    pub(super) fn broken(&self, why: &str) -> Outcome {
        let failed = |call: Call| Failed {
            call,
            failure: Failure::Unknown(why.to_owned()),
        };
        match self {
            Self::Show(Show { call, .. })
            | Self::Say(Saying { call, .. })
            | Self::Do { call, .. } => Outcome::Called(Err(failed(call.clone()))),
            Self::TraceView { channel, .. } | Self::TraceSay(Tracing { channel, .. }) => {
                Outcome::Traced(Err(failed(Call::ListMessages {
                    channel: *channel,
                    after: None,
                })))
            }
            Self::List { guild, .. } => {
                Outcome::Listed(Err(failed(Call::ListChannels { guild: *guild })))
            }
            Self::Vet { channel, .. } | Self::Clear { channel, .. } => {
                Outcome::Ours(Err(failed(Call::ListMessages {
                    channel: *channel,
                    after: None,
                })))
            }
        }
    }

    /// Does it.
    pub(super) async fn run(&self, asker: &Asker) -> Outcome {
        match self {
            Self::Show(Show { call, .. })
            | Self::Say(Saying { call, .. })
            | Self::Do { call, .. } => Outcome::Called(asker.call(call.clone()).await),
            Self::TraceView {
                channel,
                from,
                sign,
                ..
            }
            | Self::TraceSay(Tracing {
                channel,
                from,
                sign,
                ..
            }) => Outcome::Traced(asker.find(*channel, *from, sign).await),
            Self::List { guild, .. } => {
                let listed = asker.call(Call::ListChannels { guild: *guild }).await;
                Outcome::Listed(listed.map(|reply| channels_in(&reply.body)))
            }
            Self::Vet { channel, .. } => Outcome::Ours(asker.only_ours(*channel).await),
            Self::Clear {
                channel, category, ..
            } => Outcome::Ours(clear(asker, *channel, *category).await),
        }
    }
}

fn channels_in(body: &Value) -> Vec<Seen> {
    body.as_array()
        .into_iter()
        .flatten()
        .filter_map(seen_in)
        .collect()
}

async fn clear(asker: &Asker, channel: ChannelId, category: bool) -> Result<bool, Failed> {
    let ours = category || asker.only_ours(channel).await?;
    if ours {
        asker.call(Call::DeleteChannel { channel }).await?;
    }
    Ok(ours)
}
