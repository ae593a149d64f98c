//! The world and every way it changes, whoever causes it: each change tells the gateway.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::faults::Faults;
use super::gateway::{Gateway, intents};
use super::limits::Limiter;
use super::permissions::VIEW_CHANNEL;
use super::pings::{self, Mentions};
use super::render::{blank, emoji_json, merge, time};
use super::scene::{
    Attachment, Channel, EPHEMERAL, LOADING, Message, Ping, Reaction, SUPPRESS_NOTIFICATIONS, Scene,
};
use super::snowflake::Mint;
use crate::clock::Clock;

/// Everything behind the one lock.
pub(crate) struct World {
    pub(crate) scene: Scene,
    pub(crate) clock: Clock,
    pub(crate) gateway: Gateway,
    pub(crate) limiter: Limiter,
    pub(crate) faults: Faults,
    pub(crate) nonces: Vec<SeenNonce>,
    /// Messages whose edits answer 30046.
    pub(crate) throttled_edits: Vec<u64>,
    /// How many edits of messages older than an hour a channel takes an hour; `None`: any number.
    pub(crate) old_edits: Option<u32>,
    pub(crate) old_edits_made: Vec<(u64, DateTime<Utc>)>,
    /// Text that the server's AutoMod refuses.
    pub(crate) automod: Option<String>,
    mint: Mint,
}

/// A nonce that `enforce_nonce` may meet again.
pub(crate) struct SeenNonce {
    pub(crate) channel_id: u64,
    pub(crate) author_id: u64,
    pub(crate) nonce: String,
    pub(crate) message_id: u64,
    pub(crate) at: DateTime<Utc>,
}

/// A message to be.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) channel_id: u64,
    pub(crate) author_id: u64,
    pub(crate) kind: u8,
    pub(crate) content: String,
    pub(crate) embeds: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) flags: u64,
    pub(crate) nonce: Option<Value>,
    pub(crate) allowed_mentions: Option<Value>,
    pub(crate) only_for: Option<u64>,
    pub(crate) interaction_id: Option<u64>,
    pub(crate) reference: Option<u64>,
}

/// What an edit changes; `None` stays.
#[derive(Default)]
pub(crate) struct Patch {
    pub(crate) content: Option<String>,
    pub(crate) embeds: Option<Vec<Value>>,
    pub(crate) components: Option<Vec<Value>>,
    pub(crate) keep_attachments: Option<Vec<u64>>,
    pub(crate) new_attachments: Vec<Attachment>,
    pub(crate) flags: Option<u64>,
    pub(crate) allowed_mentions: Option<Value>,
}

impl World {
    pub(crate) fn new(clock: Clock, scene: Scene) -> Self {
        Self {
            scene,
            clock,
            gateway: Gateway::default(),
            limiter: Limiter::default(),
            faults: Faults::default(),
            nonces: Vec::new(),
            throttled_edits: Vec::new(),
            old_edits: None,
            old_edits_made: Vec::new(),
            automod: None,
            mint: Mint::default(),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn id(&mut self) -> u64 {
        let now = self.now();
        self.mint.next(now)
    }

    /// Tells the bot of something in a server.
    pub(crate) fn tell(&mut self, kind: &str, intent: u64, server_id: u64, data: &Value) {
        self.gateway
            .dispatch(kind, intent, server_id, |_| data.clone());
    }

    /// Tells the bot of a channel.
    pub(crate) fn tell_channel(&mut self, kind: &str, channel: &Channel) {
        let data = self.scene.channel_json(channel);
        self.tell(kind, intents::GUILDS, channel.server_id, &data);
    }

    /// Tells the bot of a message, without its text where the session may not read it.
    fn tell_message(&mut self, kind: &str, message: &Message) {
        if message.only_for.is_some() || !self.scene.can_see(self.scene.app_id, message.channel_id)
        {
            return;
        }
        let mut full = self.scene.message_json(message);
        let member = self
            .scene
            .servers
            .get(&message.server_id)
            .and_then(|server| server.members.get(&message.author_id));
        if let Some(member) = member {
            merge(
                &mut full,
                json!({"guild_id": message.server_id.to_string(), "member": self.scene.member_json(member, false)}),
            );
        }
        if let Some(nonce) = message.nonce.as_ref().filter(|_| kind == "MESSAGE_CREATE") {
            full["nonce"] = nonce.clone();
        }
        let mut hidden = full.clone();
        blank(&mut hidden);
        let given = self.scene.text_is_given(message);
        let intent = if message.server_id == 0 {
            intents::DIRECT_MESSAGES
        } else {
            intents::GUILD_MESSAGES
        };
        self.gateway
            .dispatch(kind, intent, message.server_id, |session_intents| {
                if given || session_intents & intents::MESSAGE_CONTENT != 0 {
                    full.clone()
                } else {
                    hidden.clone()
                }
            });
    }

    /// Works out and writes down what a message's text mentions and whom it pings.
    fn mention(&mut self, message: &mut Message, allowed: Option<&Value>, by_edit: bool) {
        let Some(channel) = self.scene.channels.get(&message.channel_id) else {
            return;
        };
        let mut text = message.content.clone();
        collect_text_displays(&message.components, &mut text);
        let mentions = pings::read(&self.scene, channel, message.author_id, &text, allowed);
        let before = Mentions {
            users: std::mem::take(&mut message.mentions),
            roles: std::mem::take(&mut message.mention_roles),
            everyone: message.mention_everyone,
        };
        message.mentions.clone_from(&mentions.users);
        message.mention_roles.clone_from(&mentions.roles);
        message.mention_everyone = mentions.everyone;
        let silent = message.only_for.is_some() || message.flags & SUPPRESS_NOTIFICATIONS != 0;
        if mentions.is_empty() || silent || (by_edit && mentions == before) {
            return;
        }
        let reached = pings::reached(&self.scene, channel, message.author_id, &mentions);
        let (at, users, roles, everyone) = (
            self.now(),
            mentions.users,
            mentions.roles,
            mentions.everyone,
        );
        let (message_id, channel_id, author_id) =
            (message.id, message.channel_id, message.author_id);
        let content = message.content.clone();
        self.scene.pings.push(Ping {
            message_id,
            channel_id,
            at,
            author_id,
            users,
            roles,
            everyone,
            reached,
            by_edit,
            content,
        });
    }

    /// Posts a message and returns its id.
    pub(crate) fn post(&mut self, draft: Draft) -> u64 {
        let id = self.id();
        let server_id = self
            .scene
            .channels
            .get(&draft.channel_id)
            .map_or(0, |channel| channel.server_id);
        let mut message = Message {
            id,
            channel_id: draft.channel_id,
            server_id,
            author_id: draft.author_id,
            kind: draft.kind,
            content: draft.content,
            embeds: draft.embeds,
            components: draft.components,
            attachments: draft.attachments,
            flags: draft.flags,
            edited_at: None,
            edits: 0,
            nonce: draft.nonce,
            pinned_at: None,
            reactions: Vec::new(),
            only_for: draft.only_for,
            interaction_id: draft.interaction_id,
            reference: draft.reference,
            mentions: Vec::new(),
            mention_roles: Vec::new(),
            mention_everyone: false,
        };
        self.mention(&mut message, draft.allowed_mentions.as_ref(), false);
        if message.only_for.is_none()
            && let Some(channel) = self.scene.channels.get_mut(&message.channel_id)
        {
            channel.last_message_id = Some(id);
        }
        self.scene.messages.insert(id, Arc::new(message.clone()));
        self.tell_message("MESSAGE_CREATE", &message);
        id
    }

    /// Changes a message.
    pub(crate) fn edit(&mut self, id: u64, patch: Patch) {
        let now = self.now();
        let Some(mut message) = self
            .scene
            .messages
            .get(&id)
            .map(|message| Message::clone(message))
        else {
            return;
        };
        let filled = message.flags & LOADING != 0;
        message.flags &= !LOADING;
        let text_changed = patch.content.is_some() || patch.components.is_some();
        if let Some(content) = patch.content {
            message.content = content;
        }
        if let Some(embeds) = patch.embeds {
            message.embeds = embeds;
        }
        if let Some(components) = patch.components {
            message.components = components;
        }
        if let Some(flags) = patch.flags {
            // Only SUPPRESS_EMBEDS and COMPONENTS_V2 can be changed; EPHEMERAL is settled at the first answer.
            const CHANGEABLE: u64 = 1 << 2 | super::scene::COMPONENTS_V2;
            message.flags = (message.flags & !CHANGEABLE) | (flags & CHANGEABLE);
        }
        if let Some(keep) = patch.keep_attachments {
            message.attachments.retain(|file| keep.contains(&file.id));
        }
        message.attachments.extend(patch.new_attachments);
        if text_changed || patch.allowed_mentions.is_some() {
            // A deferred answer that is filled pings like a new message; a later edit only marks.
            self.mention(&mut message, patch.allowed_mentions.as_ref(), !filled);
        }
        if !filled {
            message.edited_at = Some(now);
        }
        message.edits += 1;
        self.scene.messages.insert(id, Arc::new(message.clone()));
        self.tell_message("MESSAGE_UPDATE", &message);
    }

    /// Takes a message away.
    pub(crate) fn delete_message(&mut self, id: u64) {
        let Some(message) = self.scene.messages.remove(&id) else {
            return;
        };
        if message.only_for.is_some() || !self.scene.can_see(self.scene.app_id, message.channel_id)
        {
            return;
        }
        let mut data = json!({"id": id.to_string(), "channel_id": message.channel_id.to_string()});
        if message.server_id != 0 {
            data["guild_id"] = json!(message.server_id.to_string());
        }
        self.tell(
            "MESSAGE_DELETE",
            intents::GUILD_MESSAGES,
            message.server_id,
            &data,
        );
    }

    /// Takes a channel away, with its messages. A category leaves its channels behind.
    pub(crate) fn delete_channel(&mut self, id: u64) -> Option<Channel> {
        let channel = self.scene.channels.remove(&id)?;
        self.scene
            .messages
            .retain(|_, message| message.channel_id != id);
        self.tell_channel("CHANNEL_DELETE", &channel);
        let orphans: Vec<u64> = self
            .scene
            .channels
            .values()
            .filter(|c| c.parent_id == Some(id))
            .map(|c| c.id)
            .collect();
        for orphan in orphans {
            self.change_channel(orphan, |channel| channel.parent_id = None);
        }
        Some(channel)
    }

    /// Puts a channel into the world.
    pub(crate) fn add_channel(&mut self, channel: Channel) {
        self.scene.channels.insert(channel.id, channel.clone());
        if self.scene.permissions(&channel, self.scene.app_id) & VIEW_CHANNEL != 0 {
            self.tell_channel("CHANNEL_CREATE", &channel);
        }
    }

    /// Changes a channel and tells of it.
    pub(crate) fn change_channel(
        &mut self,
        id: u64,
        change: impl FnOnce(&mut Channel),
    ) -> Option<Channel> {
        let channel = self.scene.channels.get_mut(&id)?;
        change(channel);
        let channel = channel.clone();
        self.tell_channel("CHANNEL_UPDATE", &channel);
        Some(channel)
    }

    /// Adds a reaction; false if it was there.
    pub(crate) fn react(&mut self, message_id: u64, user_id: u64, emoji: &str) -> bool {
        let Some(message) = self.scene.messages.get_mut(&message_id) else {
            return false;
        };
        let message = Arc::make_mut(message);
        match message
            .reactions
            .iter_mut()
            .find(|reaction| reaction.emoji == emoji)
        {
            Some(reaction) if reaction.users.contains(&user_id) => return false,
            Some(reaction) => reaction.users.push(user_id),
            None => message.reactions.push(Reaction {
                emoji: emoji.to_owned(),
                users: vec![user_id],
            }),
        }
        let message = message.clone();
        self.tell_reaction("MESSAGE_REACTION_ADD", &message, user_id, emoji);
        true
    }

    /// Takes a reaction away; false if there was none.
    pub(crate) fn unreact(&mut self, message_id: u64, user_id: u64, emoji: &str) -> bool {
        let Some(message) = self.scene.messages.get_mut(&message_id) else {
            return false;
        };
        let message = Arc::make_mut(message);
        let Some(reaction) = message
            .reactions
            .iter_mut()
            .find(|r| r.emoji == emoji && r.users.contains(&user_id))
        else {
            return false;
        };
        reaction.users.retain(|user| *user != user_id);
        message
            .reactions
            .retain(|reaction| !reaction.users.is_empty());
        let message = message.clone();
        self.tell_reaction("MESSAGE_REACTION_REMOVE", &message, user_id, emoji);
        true
    }

    fn tell_reaction(&mut self, kind: &str, message: &Message, user_id: u64, emoji: &str) {
        if !self.scene.can_see(self.scene.app_id, message.channel_id) {
            return;
        }
        let mut data = json!({
            "user_id": user_id.to_string(), "channel_id": message.channel_id.to_string(), "message_id": message.id.to_string(),
            "emoji": emoji_json(emoji), "burst": false, "type": 0,
        });
        if message.server_id != 0 {
            data["guild_id"] = json!(message.server_id.to_string());
        }
        if kind == "MESSAGE_REACTION_ADD" {
            data["message_author_id"] = json!(message.author_id.to_string());
            let member = self
                .scene
                .servers
                .get(&message.server_id)
                .and_then(|server| server.members.get(&user_id));
            if let Some(member) = member {
                data["member"] = self.scene.member_json(member, true);
            }
        }
        self.tell(
            kind,
            intents::GUILD_MESSAGE_REACTIONS,
            message.server_id,
            &data,
        );
    }

    /// Pins a message and leaves Discord's notice of it in the channel; false if it was pinned.
    pub(crate) fn pin(&mut self, message_id: u64, by: u64) -> bool {
        let now = self.now();
        let Some(message) = self.scene.messages.get_mut(&message_id) else {
            return false;
        };
        if message.pinned_at.is_some() {
            return false;
        }
        Arc::make_mut(message).pinned_at = Some(now);
        let message = Message::clone(message);
        if let Some(channel) = self.scene.channels.get_mut(&message.channel_id) {
            channel.last_pin_at = Some(now);
        }
        self.tell_message("MESSAGE_UPDATE", &message);
        self.tell_pins(message.channel_id, message.server_id);
        let (channel_id, reference) = (message.channel_id, Some(message_id));
        self.post(Draft {
            channel_id,
            author_id: by,
            kind: 6,
            reference,
            ..Draft::default()
        });
        true
    }

    /// Unpins a message; false if it was not pinned.
    pub(crate) fn unpin(&mut self, message_id: u64) -> bool {
        let Some(message) = self.scene.messages.get_mut(&message_id) else {
            return false;
        };
        if message.pinned_at.is_none() {
            return false;
        }
        Arc::make_mut(message).pinned_at = None;
        let message = Message::clone(message);
        self.tell_message("MESSAGE_UPDATE", &message);
        self.tell_pins(message.channel_id, message.server_id);
        true
    }

    fn tell_pins(&mut self, channel_id: u64, server_id: u64) {
        let last = self
            .scene
            .channels
            .get(&channel_id)
            .and_then(|channel| channel.last_pin_at)
            .map(time);
        let data = json!({"guild_id": server_id.to_string(), "channel_id": channel_id.to_string(), "last_pin_timestamp": last});
        self.tell("CHANNEL_PINS_UPDATE", intents::GUILDS, server_id, &data);
    }

    /// Tells of a role made or changed.
    pub(crate) fn tell_role(&mut self, kind: &str, server_id: u64, role_id: u64) {
        let Some(role) = self
            .scene
            .servers
            .get(&server_id)
            .and_then(|server| server.roles.get(&role_id))
        else {
            return;
        };
        let data = json!({"guild_id": server_id.to_string(), "role": self.scene.role_json(role)});
        self.tell(kind, intents::GUILDS, server_id, &data);
    }

    /// Tells of a member changed (to sessions with the members intent).
    pub(crate) fn tell_member(&mut self, kind: &str, server_id: u64, user_id: u64) {
        let Some(member) = self
            .scene
            .servers
            .get(&server_id)
            .and_then(|server| server.members.get(&user_id))
        else {
            return;
        };
        let mut data = self.scene.member_json(member, true);
        data["guild_id"] = json!(server_id.to_string());
        self.tell(kind, intents::GUILD_MEMBERS, server_id, &data);
    }

    /// Whether an edit of this message is refused with 30046, and counts it if it is old.
    pub(crate) fn old_edit_refused(&mut self, message: &Message) -> bool {
        let now = self.now();
        if self.throttled_edits.contains(&message.id) {
            return true;
        }
        let old = now - super::snowflake::made_at(message.id) > TimeDelta::hours(1);
        let (true, Some(most)) = (old, self.old_edits) else {
            return false;
        };
        self.old_edits_made
            .retain(|(_, at)| now - *at < TimeDelta::hours(1));
        let made = self
            .old_edits_made
            .iter()
            .filter(|(channel, _)| *channel == message.channel_id)
            .count();
        if made >= most as usize {
            return true;
        }
        self.old_edits_made.push((message.channel_id, now));
        false
    }
}

/// The flags a first answer's message gets.
pub(crate) fn answer_flags(asked: u64) -> u64 {
    asked & (EPHEMERAL | 1 << 2 | SUPPRESS_NOTIFICATIONS | super::scene::COMPONENTS_V2)
}

/// Text that components show as message text (Components V2) mentions like content.
fn collect_text_displays(components: &[Value], text: &mut String) {
    for component in components {
        if component["type"] == 10
            && let Some(content) = component["content"].as_str()
        {
            text.push('\n');
            text.push_str(content);
        }
        if let Some(inner) = component["components"].as_array() {
            collect_text_displays(inner, text);
        }
    }
}
