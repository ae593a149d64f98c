//! The few things that are asked of Discord: one call type, one trait, one REST implementation.
//!
//! A [`Call`] is data, so the limiter, the failure table, the logs and the simulation all read the
//! same thing. Retries are the courier's; this makes one attempt and says exactly how it ended.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::Value;

use super::message::File;
use crate::domain::ids::{ChannelId, GuildId, InteractionId, MessageId};

/// One request.
#[derive(Clone, Debug)]
pub enum Call {
    /// The first answer to an interaction. Not counted by any limit of Discord's.
    Answer {
        interaction: InteractionId,
        token: SecretString,
        body: Value,
    },
    /// Edits the first answer; the token holds for 15 minutes.
    EditAnswer {
        application: u64,
        token: SecretString,
        body: Value,
    },
    /// Creates a channel or category with topic and permissions in one body.
    CreateChannel { guild: GuildId, body: Value },
    /// Changes a channel.
    EditChannel { channel: ChannelId, body: Value },
    /// Deletes a channel.
    DeleteChannel { channel: ChannelId },
    /// Reads one channel.
    ReadChannel { channel: ChannelId },
    /// Lists the channels of a server.
    ListChannels { guild: GuildId },
    /// Sends a message.
    CreateMessage {
        channel: ChannelId,
        body: Value,
        files: Vec<File>,
    },
    /// Edits an own message.
    EditMessage {
        channel: ChannelId,
        message: MessageId,
        body: Value,
    },
    /// Deletes a message.
    DeleteMessage {
        channel: ChannelId,
        message: MessageId,
    },
    /// Reads one message.
    ReadMessage {
        channel: ChannelId,
        message: MessageId,
    },
    /// Reads up to 100 messages, those after `after` if given, else the newest.
    ListMessages {
        channel: ChannelId,
        after: Option<MessageId>,
    },
    /// Pins a message.
    Pin {
        channel: ChannelId,
        message: MessageId,
    },
    /// Reacts to a message.
    React {
        channel: ChannelId,
        message: MessageId,
        emoji: String,
    },
    /// The application behind the token, with its flags.
    CurrentApplication,
    /// Where the gateway is and how many sessions may still be started.
    GatewayBot,
    /// Replaces all application commands.
    SetCommands { application: u64, body: Value },
}

/// The top-level resource of a call: limits of the same name count apart for each.
/// <https://discord.com/developers/docs/topics/rate-limits>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Major {
    /// Counted per server.
    Guild(GuildId),
    /// Counted per channel.
    Channel(ChannelId),
    /// Counted once.
    Bot,
}

impl Call {
    /// What it does, for people, logs, metrics and the limiter: one name per path and method.
    ///
    /// A new name or topic counts as a route of its own, because Discord limits it to 2 in 10 min
    /// without saying so in the headers, and not the other changes of the same channel.
    pub fn route(&self) -> &'static str {
        match self {
            Self::Answer { .. } => "answer",
            Self::EditAnswer { .. } => "edit answer",
            Self::CreateChannel { .. } => "create channel",
            Self::EditChannel { body, .. }
                if body.get("name").is_some() || body.get("topic").is_some() =>
            {
                "rename channel"
            }
            Self::EditChannel { .. } => "edit channel",
            Self::DeleteChannel { .. } => "delete channel",
            Self::ReadChannel { .. } => "read channel",
            Self::ListChannels { .. } => "list channels",
            Self::CreateMessage { .. } => "create message",
            Self::EditMessage { .. } => "edit message",
            Self::DeleteMessage { .. } => "delete message",
            Self::ReadMessage { .. } => "read message",
            Self::ListMessages { .. } => "list messages",
            Self::Pin { .. } => "pin message",
            Self::React { .. } => "react",
            Self::CurrentApplication => "read application",
            Self::GatewayBot => "read gateway",
            Self::SetCommands { .. } => "set commands",
        }
    }

    /// The resource whose limits it counts against.
    pub fn major(&self) -> Major {
        match self {
            Self::CreateChannel { guild, .. } | Self::ListChannels { guild } => {
                Major::Guild(*guild)
            }
            Self::EditChannel { channel, .. }
            | Self::DeleteChannel { channel }
            | Self::ReadChannel { channel }
            | Self::CreateMessage { channel, .. }
            | Self::EditMessage { channel, .. }
            | Self::DeleteMessage { channel, .. }
            | Self::ReadMessage { channel, .. }
            | Self::ListMessages { channel, .. }
            | Self::Pin { channel, .. }
            | Self::React { channel, .. } => Major::Channel(*channel),
            Self::Answer { .. }
            | Self::EditAnswer { .. }
            | Self::CurrentApplication
            | Self::GatewayBot
            | Self::SetCommands { .. } => Major::Bot,
        }
    }

    /// Whether it answers an interaction: such calls go without the bot's token and stand outside
    /// its limits.
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Answer { .. } | Self::EditAnswer { .. })
    }
}

/// What Discord said of a limit, from the `X-RateLimit-*` headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateInfo {
    /// The name of the limit; it does not tell top-level resources apart.
    pub bucket: Arc<str>,
    /// How many calls it allows at a time.
    pub limit: u32,
    /// How many are left.
    pub remaining: u32,
    /// When all are allowed again.
    pub reset_after: Duration,
}

/// What Discord said to a call that took effect.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The body; null where there is none.
    pub body: Value,
    /// Discord's clock, from the `Date` header.
    pub date: Option<DateTime<Utc>>,
    /// The limit that it counted against, where Discord names one.
    pub rate: Option<RateInfo>,
}

/// Who shares a limit that was hit. <https://discord.com/developers/docs/topics/rate-limits>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitScope {
    /// This bot on this route.
    User,
    /// This bot on all routes.
    Global,
    /// Everybody on this resource.
    Shared,
}

/// How a call failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// Discord answered with an error.
    #[error("Discord answered {status} (code {code}): {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Discord's JSON code; 0 where there is none.
        code: u64,
        /// Discord's words.
        message: String,
        /// The whole error body, for the log and for `errors` of a 50035.
        body: Value,
        /// `retry_after` of a 429 in seconds, from the body or the header.
        retry_after: Option<f64>,
        /// The scope of a 429.
        scope: Option<LimitScope>,
        /// The limit that it counted against, where Discord names one.
        rate: Option<RateInfo>,
    },
    /// Not sent, because Discord would refuse it for some time yet.
    #[error("held back for {retry_after:?}: Discord's limit for this is used up")]
    Held {
        /// When to come back.
        retry_after: Duration,
    },
    /// The request never left: it certainly had no effect.
    #[error("Discord cannot be reached: {0}")]
    NotSent(String),
    /// The connection broke or the time ran out: nobody knows whether it had an effect.
    #[error("the connection to Discord broke before the answer: {0}")]
    Unknown(String),
}

/// Discord, as far as we ask it for anything.
#[async_trait]
pub trait DiscordApi: Send + Sync + 'static {
    /// Makes one attempt.
    async fn call(&self, call: Call) -> Result<Reply, Failure>;
}

#[async_trait]
impl<T: DiscordApi + ?Sized> DiscordApi for Arc<T> {
    async fn call(&self, call: Call) -> Result<Reply, Failure> {
        self.as_ref().call(call).await
    }
}
