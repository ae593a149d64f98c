//! The things that exist: servers, channels, roles, members, messages, interactions.
//!
//! Cloning a [`Scene`] is cheap where it grows (messages, interactions and requests are shared).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

/// Everything that exists at one moment.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// The application's id; its bot user bears the same one.
    pub app_id: u64,
    /// Where attachments are served from.
    pub base_url: String,
    /// Whether the application may read the text of others' messages (the portal's switch).
    pub message_content: bool,
    /// Servers by id.
    pub servers: BTreeMap<u64, ServerData>,
    /// Channels and categories by id.
    pub channels: BTreeMap<u64, Channel>,
    /// People and bots by id.
    pub users: BTreeMap<u64, User>,
    /// Messages by id, the ephemeral ones too.
    pub messages: BTreeMap<u64, Arc<Message>>,
    /// Interactions by id.
    pub interactions: BTreeMap<u64, Arc<Interaction>>,
    /// Commands for all servers, as Discord stores them.
    pub commands: Vec<Value>,
    /// Commands of one server.
    pub server_commands: BTreeMap<u64, Vec<Value>>,
    /// Every ping that really reached someone's notifications, oldest first.
    pub pings: Vec<Ping>,
    /// Every REST request, oldest first.
    pub requests: Vec<Arc<RequestRecord>>,
    /// Sessions that were begun with IDENTIFY.
    pub identifies: u64,
    /// Sessions that were taken up again with RESUME.
    pub resumes: u64,
}

/// A server.
#[derive(Clone, Debug)]
pub struct ServerData {
    /// Its id, also that of `@everyone`.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Who owns it, and may do anything in it.
    pub owner_id: u64,
    /// Roles by id.
    pub roles: BTreeMap<u64, Role>,
    /// Members by user id.
    pub members: BTreeMap<u64, Member>,
}

/// A role.
#[derive(Clone, Debug)]
pub struct Role {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Permission bits.
    pub permissions: u64,
    /// Whether anyone may ping it.
    pub mentionable: bool,
    /// Whether an application owns it.
    pub managed_by: Option<u64>,
    /// Its place; a higher one is more.
    pub position: u64,
}

/// Someone's membership of a server.
#[derive(Clone, Debug)]
pub struct Member {
    /// Whose.
    pub user_id: u64,
    /// Roles held, without `@everyone`.
    pub roles: Vec<u64>,
    /// Since when.
    pub joined_at: DateTime<Utc>,
}

/// A person or bot.
#[derive(Clone, Debug)]
pub struct User {
    /// Their id.
    pub id: u64,
    /// Their name.
    pub name: String,
    /// Whether it is a bot.
    pub bot: bool,
}

/// Discord's channel type of a text channel.
pub const TEXT: u8 = 0;
/// Discord's channel type of a category.
pub const CATEGORY: u8 = 4;
/// Discord's channel type of an announcement channel.
pub const ANNOUNCEMENT: u8 = 5;
/// Discord's channel type of a direct message.
pub const DM: u8 = 1;

/// A channel or category.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its id.
    pub id: u64,
    /// Its server; zero for a direct message.
    pub server_id: u64,
    /// Discord's channel type.
    pub kind: u8,
    /// Its name.
    pub name: String,
    /// Its topic.
    pub topic: Option<String>,
    /// The category it is in.
    pub parent_id: Option<u64>,
    /// Its place in the list.
    pub position: u64,
    /// Permission overwrites.
    pub overwrites: Vec<Overwrite>,
    /// The id of the last message, even a deleted one.
    pub last_message_id: Option<u64>,
    /// When something was last pinned.
    pub last_pin_at: Option<DateTime<Utc>>,
    /// When it was renamed or retopicked lately, for the limit of two in ten minutes.
    pub renamed_at: Vec<DateTime<Utc>>,
    /// The other side of a direct message.
    pub recipient: Option<u64>,
}

/// What a role or member may or may not do in one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overwrite {
    /// The role or member.
    pub id: u64,
    /// Whether it is a member's.
    pub member: bool,
    /// Bits given.
    pub allow: u64,
    /// Bits taken.
    pub deny: u64,
}

/// An attached file.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub filename: String,
    /// What it says it is.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
}

/// An emoji under a message and who put it there.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Who reacted, in order.
    pub users: Vec<u64>,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: u64,
    /// Where it is.
    pub channel_id: u64,
    /// The server it is in; zero in a direct message.
    pub server_id: u64,
    /// Who wrote it.
    pub author_id: u64,
    /// Discord's message type: 0 default, 6 pin notice, 19 reply, 20 answer to a command.
    pub kind: u8,
    /// Its text.
    pub content: String,
    /// Its embeds, as sent.
    pub embeds: Vec<Value>,
    /// Its components, as sent.
    pub components: Vec<Value>,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Discord's message flags.
    pub flags: u64,
    /// When it was last edited.
    pub edited_at: Option<DateTime<Utc>>,
    /// How often it was edited.
    pub edits: u32,
    /// The sender's nonce.
    pub nonce: Option<Value>,
    /// When it was pinned, if it is.
    pub pinned_at: Option<DateTime<Utc>>,
    /// Reactions, in the order they came.
    pub reactions: Vec<Reaction>,
    /// Who alone can see it, if it is ephemeral.
    pub only_for: Option<u64>,
    /// The interaction that it answers.
    pub interaction_id: Option<u64>,
    /// The message it replies to or speaks of.
    pub reference: Option<u64>,
    /// People named by the text and let through by `allowed_mentions`.
    pub mentions: Vec<u64>,
    /// Roles likewise.
    pub mention_roles: Vec<u64>,
    /// Whether everyone was named likewise.
    pub mention_everyone: bool,
}

/// Message flag: published to the channels that follow this one.
pub const CROSSPOSTED: u64 = 1;
/// Message flag: only one person sees it.
pub const EPHEMERAL: u64 = 1 << 6;
/// Message flag: "… is thinking".
pub const LOADING: u64 = 1 << 7;
/// Message flag: no notification.
pub const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
/// Message flag: laid out with components alone.
pub const COMPONENTS_V2: u64 = 1 << 15;

/// A ping that got through.
#[derive(Clone, Debug)]
pub struct Ping {
    /// The message that pinged.
    pub message_id: u64,
    /// Where.
    pub channel_id: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who wrote it.
    pub author_id: u64,
    /// People named.
    pub users: Vec<u64>,
    /// Roles named.
    pub roles: Vec<u64>,
    /// Whether `@everyone` or `@here` was meant.
    pub everyone: bool,
    /// Everybody notified: members who can see the channel, the author excepted.
    pub reached: Vec<u64>,
    /// Whether an edit did it (Discord marks the message as a mention, without a push).
    pub by_edit: bool,
    /// The text.
    pub content: String,
}

/// One interaction and what became of it.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// Its id.
    pub id: u64,
    /// The token that answers it.
    pub token: String,
    /// Discord's interaction type: 2 command, 3 component, 4 autocomplete, 5 modal submit.
    pub kind: u8,
    /// Where.
    pub channel_id: u64,
    /// In which server.
    pub server_id: u64,
    /// Whose.
    pub user_id: u64,
    /// The message whose component was used.
    pub message_id: Option<u64>,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// The body of its INTERACTION_CREATE.
    pub payload: Value,
    /// The first answer.
    pub first: Option<FirstAnswer>,
    /// The message that `@original` names.
    pub original: Option<u64>,
    /// Messages sent after the first answer.
    pub followups: Vec<u64>,
    /// How often the answer was edited.
    pub edits: u32,
}

/// What an interaction was first answered with.
#[derive(Clone, Debug)]
pub enum FirstAnswer {
    /// A message.
    Message,
    /// "… is thinking"; only for the person if ephemeral.
    Deferred {
        /// Whether only the person sees it.
        ephemeral: bool,
    },
    /// Nothing for now; the component's message stays.
    DeferredUpdate,
    /// The component's message, changed.
    Update,
    /// Choices for an option being typed.
    Choices(Vec<Value>),
    /// A form.
    Modal(Value),
}

/// One REST request and its answer.
#[derive(Clone, Debug)]
pub struct RequestRecord {
    /// Its number, from 1.
    pub n: u64,
    /// When it came.
    pub at: DateTime<Utc>,
    /// The method.
    pub method: String,
    /// The path without `/api/v10`; interaction tokens are cut to `…`.
    pub path: String,
    /// The route in words: "create channel", "edit message" …
    pub kind: &'static str,
    /// The JSON body.
    pub body: Value,
    /// The audit-log reason, decoded.
    pub reason: Option<String>,
    /// The status; zero while it runs or if the connection was cut.
    pub status: u16,
    /// The JSON answer.
    pub answer: Value,
}
