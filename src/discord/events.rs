//! What Discord tells without being asked: servers, channels, deletions, sessions, and events that
//! cannot be read.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serenity::all::{Context, Event, FullEvent, GuildChannel, RawEventHandler};
use serenity::gateway::ConnectionStage;

use super::answering::Answer;
use super::asking::Ticket;
use super::framework::TOO_LATE;
use super::front::Front;
use super::handlers::reaction;
use crate::domain::ids::{ChannelId, GuildId, InteractionId, MessageId};

/// Kinds of unreadable events that are told apart in the log.
const KINDS: usize = 100;
/// Discord's type of an interaction that only wants choices.
/// <https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type>
const AUTOCOMPLETE: u64 = 4;

/// A channel or category as Discord tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its id.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// What stands over it.
    pub topic: Option<String>,
    /// Its category.
    pub parent: Option<ChannelId>,
    /// Discord's number of its type: 0 text, 4 category.
    pub kind: u8,
}

impl Seen {
    fn of(channel: &GuildChannel) -> Self {
        Self {
            id: ChannelId(channel.id.get()),
            name: channel.name.clone(),
            topic: channel.topic.clone(),
            parent: channel.parent_id.map(|id| ChannelId(id.get())),
            kind: channel.kind.into(),
        }
    }
}

/// Whoever brings Discord in line is told what changed there. None of these may block.
pub trait Told: Send + Sync + 'static {
    /// A server with all its channels: at the start of a session, or as we join.
    fn guild_seen(&self, guild: GuildId, channels: Vec<Seen>);
    /// A channel was made.
    fn channel_created(&self, guild: GuildId, channel: Seen);
    /// A channel was changed.
    fn channel_updated(&self, guild: GuildId, channel: Seen);
    /// What we may do in a server may have changed: a role or a channel of it did, or ours.
    fn permissions_changed(&self, guild: GuildId);
    /// A channel is gone.
    fn channel_deleted(&self, guild: GuildId, channel: ChannelId);
    /// A message is gone.
    fn message_deleted(&self, guild: GuildId, channel: ChannelId, message: MessageId);
    /// Discord has our first answer to this interaction.
    fn answer_confirmed(&self, interaction: InteractionId);
    /// There is a gap: a new session began, or an event could not be read.
    fn session_began(&self);
}

/// Whatever is not an interaction.
pub(super) async fn handle(front: &Front, event: &FullEvent) {
    let courier = &front.courier;
    match event {
        FullEvent::Ready { data_about_bot } => {
            tracing::info!(
                servers = data_about_bot.guilds.len(),
                "connected to Discord"
            );
            front.set_connected(true);
            front.has_missed_events();
            courier.session_began();
        }
        // Discord sends again what was missed, but not what came and could not be read.
        FullEvent::Resume { .. } => {
            front.set_connected(true);
            if front.has_missed_events() {
                courier.session_began();
            }
        }
        FullEvent::ShardStageUpdate { event } => {
            if matches!(
                event.new,
                ConnectionStage::Disconnected | ConnectionStage::Connecting
            ) {
                front.set_connected(false);
            }
        }
        FullEvent::GuildCreate { guild, .. } => courier.guild_seen(
            GuildId(guild.id.get()),
            guild.channels.values().map(Seen::of).collect(),
        ),
        FullEvent::ChannelCreate { channel } | FullEvent::CategoryCreate { category: channel } => {
            courier.channel_created(GuildId(channel.guild_id.get()), Seen::of(channel));
        }
        FullEvent::ChannelUpdate { new, .. } => {
            let guild = GuildId(new.guild_id.get());
            courier.channel_updated(guild, Seen::of(new));
            courier.permissions_changed(guild);
        }
        FullEvent::GuildRoleCreate { new } | FullEvent::GuildRoleUpdate { new, .. } => {
            courier.permissions_changed(GuildId(new.guild_id.get()));
        }
        FullEvent::GuildMemberUpdate { event, .. } if event.user.id.get() == front.bot.0 => {
            courier.permissions_changed(GuildId(event.guild_id.get()));
        }
        FullEvent::ChannelDelete { channel, .. }
        | FullEvent::CategoryDelete { category: channel } => {
            let (guild, channel) = (channel.guild_id.get(), channel.id.get());
            courier.channel_deleted(GuildId(guild), ChannelId(channel));
        }
        FullEvent::MessageDelete {
            channel_id,
            deleted_message_id,
            guild_id: Some(guild),
        } => {
            courier.message_deleted(
                GuildId(guild.get()),
                ChannelId(channel_id.get()),
                MessageId(deleted_message_id.get()),
            );
        }
        FullEvent::MessageDeleteBulk {
            channel_id,
            multiple_deleted_messages_ids,
            guild_id: Some(guild),
        } => {
            for message in multiple_deleted_messages_ids {
                courier.message_deleted(
                    GuildId(guild.get()),
                    ChannelId(channel_id.get()),
                    MessageId(message.get()),
                );
            }
        }
        FullEvent::ReactionAdd { add_reaction } => reaction::added(front, add_reaction).await,
        _ => {}
    }
}

/// Sees the events that serenity could not read, which it drops without a word.
pub(super) struct Unread {
    front: Front,
    kinds: Mutex<HashSet<String>>,
}

impl Unread {
    pub(super) fn new(front: Front) -> Self {
        Self {
            front,
            kinds: Mutex::default(),
        }
    }

    /// Whether this kind was not seen before.
    fn is_new(&self, kind: &str) -> bool {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.len() < KINDS && kinds.insert(kind.to_owned())
    }
}

#[serenity::async_trait]
impl RawEventHandler for Unread {
    async fn raw_event(&self, _: Context, event: Event) {
        let Event::Unknown(event) = event else { return };
        self.front.metrics.unparsed_events.inc();
        self.front.missed_an_event();
        let interaction = event.kind == "INTERACTION_CREATE";
        if self.is_new(&event.kind) || interaction {
            tracing::warn!(kind = event.kind, "an event of Discord's could not be read");
        } else {
            tracing::debug!(kind = event.kind, "an event of Discord's could not be read");
        }
        if !interaction || event.value["type"].as_u64() == Some(AUTOCOMPLETE) {
            return;
        }
        let id = event.value["id"]
            .as_str()
            .and_then(|id| id.parse::<u64>().ok());
        if let (Some(id), Some(token)) = (id, event.value["token"].as_str()) {
            let ticket = Ticket::new(id, token);
            if self.front.age(&ticket) <= TOO_LATE {
                let message = self.front.fault("an interaction could not be read");
                self.front.answer(&ticket, Answer::private(message)).await;
            }
        }
    }
}
