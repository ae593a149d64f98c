//! Asking the world what it looks like.

use std::fmt::Write as _;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::{Value, json};

use super::render::time;
use super::scene::{CATEGORY, Channel, EPHEMERAL, LOADING, Message, Ping, RequestRecord, Scene};
use super::snowflake::{ChannelId, MessageId, UserId, made_at};

/// The world at one moment. It does not move while one looks.
#[derive(Clone, Debug)]
pub struct Look {
    scene: Arc<Scene>,
}

impl Look {
    pub(crate) fn new(scene: Scene) -> Self {
        Self {
            scene: Arc::new(scene),
        }
    }

    /// Everything there is.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    fn shown(&self, channel: &Channel) -> ChannelLook {
        ChannelLook {
            look: self.clone(),
            channel: channel.clone(),
        }
    }

    /// All channels and categories, in the order they were made.
    pub fn channels(&self) -> Vec<ChannelLook> {
        self.scene
            .channels
            .values()
            .map(|channel| self.shown(channel))
            .collect()
    }

    /// Channels whose name begins so.
    pub fn channels_like(&self, prefix: &str) -> Vec<ChannelLook> {
        self.channels()
            .into_iter()
            .filter(|channel| channel.name.starts_with(prefix))
            .collect()
    }

    /// A channel by id.
    pub fn channel(&self, id: impl Into<u64>) -> Option<ChannelLook> {
        self.scene
            .channels
            .get(&id.into())
            .map(|channel| self.shown(channel))
    }

    /// The first channel or category of this name, in any server.
    pub fn channel_named(&self, name: &str) -> Option<ChannelLook> {
        self.scene
            .channels
            .values()
            .find(|channel| channel.name == name)
            .map(|channel| self.shown(channel))
    }

    /// A message by id, ephemeral ones too.
    pub fn message(&self, id: impl Into<u64>) -> Option<MessageLook> {
        let message = self.scene.messages.get(&id.into())?.clone();
        Some(MessageLook {
            look: self.clone(),
            message,
        })
    }

    /// All messages for all to see, oldest first.
    pub fn messages(&self) -> Vec<MessageLook> {
        let public = self
            .scene
            .messages
            .values()
            .filter(|message| message.only_for.is_none());
        public
            .map(|message| MessageLook {
                look: self.clone(),
                message: message.clone(),
            })
            .collect()
    }

    /// Whether this person sees this channel.
    pub fn can_see(&self, user: impl Into<u64>, channel: impl Into<u64>) -> bool {
        self.scene.can_see(user.into(), channel.into())
    }

    /// Every REST request so far.
    pub fn requests(&self) -> &[Arc<RequestRecord>] {
        &self.scene.requests
    }

    /// The REST requests to one route, by its name ("create channel" …).
    pub fn requests_to(&self, kind: &str) -> Vec<Arc<RequestRecord>> {
        self.scene
            .requests
            .iter()
            .filter(|request| request.kind == kind)
            .cloned()
            .collect()
    }

    /// Every ping that got through.
    pub fn pings(&self) -> &[Ping] {
        &self.scene.pings
    }

    /// The pings that this person was notified of by new messages.
    pub fn pings_of(&self, user: impl Into<u64>) -> Vec<Ping> {
        let user = user.into();
        self.scene
            .pings
            .iter()
            .filter(|ping| !ping.by_edit && ping.reached.contains(&user))
            .cloned()
            .collect()
    }

    /// Names of all registered commands.
    pub fn command_names(&self) -> Vec<String> {
        let of_servers = self.scene.server_commands.values().flatten();
        let all = self.scene.commands.iter().chain(of_servers);
        all.filter_map(|command| command["name"].as_str())
            .map(str::to_owned)
            .collect()
    }

    /// The world as text, for a person wondering why a test waits in vain.
    pub fn dump(&self) -> String {
        let mut out = String::new();
        for channel in self.scene.channels.values() {
            let mark = if channel.kind == CATEGORY { "▾" } else { "#" };
            let _infallible = writeln!(out, "{mark}{} ({})", channel.name, channel.id);
            for message in self
                .scene
                .messages
                .values()
                .filter(|message| message.channel_id == channel.id)
            {
                let message = MessageLook {
                    look: self.clone(),
                    message: message.clone(),
                };
                let _infallible = writeln!(out, "    {}", message.line());
            }
        }
        let _infallible = writeln!(out, "last requests:");
        for request in self.scene.requests.iter().rev().take(20).rev() {
            let _infallible = writeln!(
                out,
                "    {} {} {} {} -> {}",
                request.n, request.method, request.path, request.kind, request.status
            );
            if request.status >= 400 {
                let _infallible = writeln!(out, "        {}", request.answer);
            }
        }
        for interaction in self.scene.interactions.values().rev().take(5).rev() {
            let data = &interaction.payload["data"];
            let _infallible = writeln!(
                out,
                "interaction {} kind {} {data}: {:?}",
                interaction.id, interaction.kind, interaction.first
            );
        }
        out
    }

    /// The world as JSON, for scripts.
    pub fn json(&self) -> Value {
        let scene = &self.scene;
        let servers: Vec<Value> = scene
            .servers
            .values()
            .map(|server| {
                let members: Vec<Value> = server
                    .members
                    .values()
                    .map(|member| {
                        let name = scene.users.get(&member.user_id).map(|user| user.name.clone());
                        let roles: Vec<String> = member.roles.iter().map(u64::to_string).collect();
                        json!({"id": member.user_id.to_string(), "name": name, "roles": roles})
                    })
                    .collect();
                let roles: Vec<Value> =
                    server.roles.values().map(|r| json!({"id": r.id.to_string(), "name": r.name, "mentionable": r.mentionable})).collect();
                let channels: Vec<Value> =
                    self.channels().into_iter().filter(|c| c.server_id == server.id).map(|c| c.json()).collect();
                json!({"id": server.id.to_string(), "name": server.name, "members": members, "roles": roles, "channels": channels})
            })
            .collect();
        json!({
            "app_id": scene.app_id.to_string(), "servers": servers, "pings": scene.pings.len(), "requests": scene.requests.len(),
            "commands": self.command_names(),
        })
    }
}

/// A channel as it looked.
#[derive(Clone, Debug)]
pub struct ChannelLook {
    look: Look,
    channel: Channel,
}

impl Deref for ChannelLook {
    type Target = Channel;

    fn deref(&self) -> &Channel {
        &self.channel
    }
}

impl ChannelLook {
    /// Its id.
    pub fn id(&self) -> ChannelId {
        ChannelId(self.channel.id)
    }

    /// The category that it is in.
    pub fn category(&self) -> Option<ChannelLook> {
        self.channel.parent_id.and_then(|id| self.look.channel(id))
    }

    /// What stands in it for all to see, oldest first; pin notices included.
    pub fn all_messages(&self) -> Vec<MessageLook> {
        self.look
            .messages()
            .into_iter()
            .filter(|message| message.channel_id == self.channel.id)
            .collect()
    }

    /// What people and bots wrote in it, oldest first (no pin notices).
    pub fn messages(&self) -> Vec<MessageLook> {
        self.all_messages()
            .into_iter()
            .filter(|message| message.kind != 6)
            .collect()
    }

    /// What is pinned, in the order it was written.
    pub fn pins(&self) -> Vec<MessageLook> {
        self.all_messages()
            .into_iter()
            .filter(|message| message.pinned_at.is_some())
            .collect()
    }

    /// The first message whose visible text contains this.
    pub fn message_with(&self, text: &str) -> Option<MessageLook> {
        self.messages()
            .into_iter()
            .find(|message| message.text().contains(text))
    }

    /// Whether this person sees it.
    pub fn seen_by(&self, user: impl Into<u64>) -> bool {
        self.look.can_see(user, self.channel.id)
    }

    fn json(&self) -> Value {
        let messages: Vec<Value> = self.all_messages().iter().map(MessageLook::json).collect();
        let mut value = self.look.scene.channel_json(&self.channel);
        value["messages"] = json!(messages);
        value
    }
}

/// A message as it looked.
#[derive(Clone, Debug)]
pub struct MessageLook {
    look: Look,
    message: Arc<Message>,
}

impl Deref for MessageLook {
    type Target = Message;

    fn deref(&self) -> &Message {
        &self.message
    }
}

impl MessageLook {
    /// Its id.
    pub fn id(&self) -> MessageId {
        MessageId(self.message.id)
    }

    /// Who wrote it.
    pub fn author(&self) -> UserId {
        UserId(self.message.author_id)
    }

    /// Whether only one person sees it.
    pub fn is_ephemeral(&self) -> bool {
        self.message.flags & EPHEMERAL != 0
    }

    /// Whether it still says "… is thinking".
    pub fn is_loading(&self) -> bool {
        self.message.flags & LOADING != 0
    }

    /// Whether it is pinned.
    pub fn is_pinned(&self) -> bool {
        self.message.pinned_at.is_some()
    }

    /// All the text that a reader sees: content, embeds, text parts of components; no buttons.
    pub fn text(&self) -> String {
        let mut lines = Vec::new();
        if !self.message.content.is_empty() {
            lines.push(self.message.content.clone());
        }
        for embed in &self.message.embeds {
            let mut add = |value: &Value| {
                if let Some(text) = value.as_str().filter(|text| !text.is_empty()) {
                    lines.push(text.to_owned());
                }
            };
            add(&embed["author"]["name"]);
            add(&embed["title"]);
            add(&embed["description"]);
            for field in embed["fields"].as_array().into_iter().flatten() {
                add(&field["name"]);
                add(&field["value"]);
            }
            add(&embed["footer"]["text"]);
        }
        walk(&self.message.components, &mut |component| {
            if component["type"] == 10
                && let Some(text) = component["content"].as_str()
            {
                lines.push(text.to_owned());
            }
        });
        lines.join("\n")
    }

    /// The value of the embed field of this name.
    pub fn field(&self, name: &str) -> Option<String> {
        let fields = self
            .message
            .embeds
            .iter()
            .filter_map(|embed| embed["fields"].as_array())
            .flatten();
        fields
            .filter(|field| field["name"] == name)
            .find_map(|field| field["value"].as_str())
            .map(str::to_owned)
    }

    /// Labels of its buttons, disabled ones in brackets.
    pub fn buttons(&self) -> Vec<String> {
        let mut labels = Vec::new();
        walk(&self.message.components, &mut |component| {
            if component["type"] == 2 {
                let label = component["label"]
                    .as_str()
                    .or_else(|| component["emoji"]["name"].as_str())
                    .unwrap_or_default();
                labels.push(if component["disabled"] == true {
                    format!("[{label}]")
                } else {
                    label.to_owned()
                });
            }
        });
        labels
    }

    /// The `custom_id`s of all its components.
    pub fn custom_ids(&self) -> Vec<String> {
        let mut ids = Vec::new();
        walk(&self.message.components, &mut |component| {
            ids.extend(component["custom_id"].as_str().map(str::to_owned));
        });
        ids
    }

    /// The component of this label, placeholder or `custom_id`.
    pub(crate) fn component(&self, name: &str) -> Option<Value> {
        let mut found = None;
        walk(&self.message.components, &mut |component| {
            let fits = ["label", "custom_id", "placeholder"]
                .iter()
                .any(|key| component[*key] == name);
            if fits && found.is_none() {
                found = Some(component.clone());
            }
        });
        found
    }

    /// Whether this emoji stands under it, from this person.
    pub fn has_reaction(&self, emoji: &str, user: impl Into<u64>) -> bool {
        let user = user.into();
        self.message
            .reactions
            .iter()
            .any(|reaction| reaction.emoji == emoji && reaction.users.contains(&user))
    }

    /// The pings it caused, by its creation and its edits.
    pub fn pings(&self) -> Vec<Ping> {
        self.look
            .scene
            .pings
            .iter()
            .filter(|ping| ping.message_id == self.message.id)
            .cloned()
            .collect()
    }

    fn line(&self) -> String {
        let name = self
            .look
            .scene
            .users
            .get(&self.message.author_id)
            .map_or("?", |user| user.name.as_str());
        let mut marks = String::new();
        if self.is_ephemeral() {
            marks.push_str(" (ephemeral)");
        }
        if self.is_loading() {
            marks.push_str(" (thinking)");
        }
        if self.is_pinned() {
            marks.push_str(" (pinned)");
        }
        format!(
            "{name}{marks}: {} {:?} [{}]",
            self.text().replace('\n', " / "),
            self.buttons(),
            self.message.id
        )
    }

    pub(super) fn json(&self) -> Value {
        let mut value = self.look.scene.message_json(&self.message);
        value["text"] = json!(self.text());
        value["made_at"] = json!(time(made_at(self.message.id)));
        value
    }
}

/// Calls `see` for every component, inner ones too.
pub(super) fn walk(components: &[Value], see: &mut impl FnMut(&Value)) {
    for component in components {
        see(component);
        if let Some(inner) = component["components"].as_array() {
            walk(inner, see);
        }
        if !component["accessory"].is_null() {
            see(&component["accessory"]);
        }
    }
}
