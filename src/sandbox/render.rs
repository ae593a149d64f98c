//! Discord's JSON of things. Field sets follow Discord's API description, so that clients with
//! required fields (serenity drops a whole event over a missing one) parse them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::scene::{Channel, DM, Member, Message, Role, Scene, ServerData, TEXT};
use super::snowflake::made_at;

/// A timestamp as Discord writes it.
pub(crate) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, false)
}

impl Scene {
    pub(crate) fn user_json(&self, id: u64) -> Value {
        let (name, bot) = self.users.get(&id).map_or(("Deleted User", false), |user| {
            (user.name.as_str(), user.bot)
        });
        json!({
            "id": id.to_string(), "username": name, "discriminator": "0", "global_name": name, "avatar": null,
            "banner": null, "accent_color": null, "avatar_decoration_data": null, "collectibles": null,
            "primary_guild": null, "clan": null, "bot": bot, "system": false, "public_flags": 0, "flags": 0,
        })
    }

    /// A member; with `user` unless it stands beside.
    pub(crate) fn member_json(&self, member: &Member, with_user: bool) -> Value {
        let roles: Vec<String> = member.roles.iter().map(u64::to_string).collect();
        let mut value = json!({
            "avatar": null, "banner": null, "communication_disabled_until": null, "flags": 0,
            "joined_at": time(member.joined_at), "nick": null, "pending": false, "premium_since": null,
            "roles": roles, "mute": false, "deaf": false, "avatar_decoration_data": null,
        });
        if with_user {
            value["user"] = self.user_json(member.user_id);
        }
        value
    }

    pub(crate) fn role_json(&self, role: &Role) -> Value {
        let mut value = json!({
            "id": role.id.to_string(), "name": role.name, "description": null, "permissions": role.permissions.to_string(),
            "position": role.position, "color": 0,
            "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
            "hoist": false, "managed": role.managed_by.is_some(), "mentionable": role.mentionable,
            "icon": null, "unicode_emoji": null, "flags": 0,
        });
        if let Some(bot) = role.managed_by {
            value["tags"] = json!({"bot_id": bot.to_string()});
        }
        value
    }

    pub(crate) fn channel_json(&self, channel: &Channel) -> Value {
        if channel.kind == DM {
            let recipients: Vec<Value> = channel
                .recipient
                .iter()
                .map(|id| self.user_json(*id))
                .collect();
            return json!({
                "id": channel.id.to_string(), "type": DM, "flags": 0, "recipients": recipients,
                "last_message_id": channel.last_message_id.map(|id| id.to_string()),
            });
        }
        let overwrites: Vec<Value> = channel
            .overwrites
            .iter()
            .map(|o| {
                json!({"id": o.id.to_string(), "type": u8::from(o.member), "allow": o.allow.to_string(), "deny": o.deny.to_string()})
            })
            .collect();
        let mut value = json!({
            "id": channel.id.to_string(), "type": channel.kind, "guild_id": channel.server_id.to_string(),
            "name": channel.name, "position": channel.position, "flags": 0,
            "parent_id": channel.parent_id.map(|id| id.to_string()), "permission_overwrites": overwrites, "nsfw": false,
        });
        if channel.kind == TEXT || channel.kind == super::scene::ANNOUNCEMENT {
            value["topic"] = json!(channel.topic);
            value["rate_limit_per_user"] = json!(0);
            value["last_message_id"] = json!(channel.last_message_id.map(|id| id.to_string()));
            value["last_pin_timestamp"] = json!(channel.last_pin_at.map(time));
        }
        value
    }

    /// A server as `GET /guilds/{id}` gives it.
    pub(crate) fn server_json(&self, server: &ServerData) -> Value {
        let roles: Vec<Value> = server
            .roles
            .values()
            .map(|role| self.role_json(role))
            .collect();
        json!({
            "id": server.id.to_string(), "name": server.name, "icon": null, "description": null, "home_header": null,
            "splash": null, "discovery_splash": null, "features": [], "banner": null,
            "owner_id": server.owner_id.to_string(), "application_id": null, "region": "deprecated",
            "afk_channel_id": null, "afk_timeout": 300, "system_channel_id": null, "system_channel_flags": 0,
            "widget_enabled": false, "widget_channel_id": null, "verification_level": 0, "roles": roles,
            "default_message_notifications": 0, "mfa_level": 0, "explicit_content_filter": 0, "max_presences": null,
            "max_members": 500_000, "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
            "vanity_url_code": null, "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-US",
            "rules_channel_id": null, "safety_alerts_channel_id": null, "public_updates_channel_id": null,
            "premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0, "emojis": [], "stickers": [],
            "incidents_data": null, "hub_type": null,
        })
    }

    /// A server as GUILD_CREATE gives it.
    pub(crate) fn server_event_json(&self, server: &ServerData) -> Value {
        let mut value = self.server_json(server);
        let joined = server
            .members
            .get(&self.app_id)
            .map_or_else(|| made_at(server.id), |member| member.joined_at);
        let channels: Vec<Value> = self
            .channels
            .values()
            .filter(|c| c.server_id == server.id)
            .map(|c| self.channel_json(c))
            .collect();
        // Without the members intent Discord gives a client only itself.
        let members: Vec<Value> = server
            .members
            .get(&self.app_id)
            .map(|member| self.member_json(member, true))
            .into_iter()
            .collect();
        let extra = json!({
            "joined_at": time(joined), "large": server.members.len() > 50, "unavailable": false, "member_count": server.members.len(),
            "voice_states": [], "members": members, "channels": channels, "threads": [], "presences": [],
            "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [], "version": 1,
        });
        merge(&mut value, extra);
        value
    }

    /// A message as REST gives it, text and all.
    pub(crate) fn message_json(&self, message: &Message) -> Value {
        let mentions: Vec<Value> = message
            .mentions
            .iter()
            .map(|id| self.user_json(*id))
            .collect();
        let roles: Vec<String> = message.mention_roles.iter().map(u64::to_string).collect();
        let attachments: Vec<Value> = message
            .attachments
            .iter()
            .map(|file| {
                let url = format!("{}/attachments/{}/{}/{}", self.base_url, message.channel_id, file.id, file.filename);
                json!({
                    "id": file.id.to_string(), "filename": file.filename, "size": file.bytes.len(), "url": url,
                    "proxy_url": url, "content_type": file.content_type,
                })
            })
            .collect();
        let embeds: Vec<Value> = message
            .embeds
            .iter()
            .map(|embed| {
                let mut embed = embed.clone();
                embed["type"] = json!("rich");
                embed
            })
            .collect();
        let mut value = json!({
            "id": message.id.to_string(), "channel_id": message.channel_id.to_string(), "type": message.kind,
            "author": self.user_json(message.author_id), "content": message.content, "mentions": mentions,
            "mention_roles": roles, "mention_everyone": message.mention_everyone, "attachments": attachments,
            "embeds": embeds, "components": message.components, "timestamp": time(made_at(message.id)),
            "edited_timestamp": message.edited_at.map(time), "flags": message.flags, "pinned": message.pinned_at.is_some(),
            "tts": false,
        });
        if !message.reactions.is_empty() {
            let reactions: Vec<Value> = message
                .reactions
                .iter()
                .map(|reaction| {
                    json!({
                        "emoji": emoji_json(&reaction.emoji), "count": reaction.users.len(),
                        "count_details": {"burst": 0, "normal": reaction.users.len()}, "burst_colors": [],
                        "me_burst": false, "burst_me": false, "burst_count": 0, "me": reaction.users.contains(&self.app_id),
                    })
                })
                .collect();
            value["reactions"] = json!(reactions);
        }
        if let Some(reference) = message.reference {
            value["message_reference"] = json!({
                "type": 0, "message_id": reference.to_string(), "channel_id": message.channel_id.to_string(),
                "guild_id": message.server_id.to_string(),
            });
        }
        if let Some(interaction) = message
            .interaction_id
            .and_then(|id| self.interactions.get(&id))
        {
            let user = self.user_json(interaction.user_id);
            value["webhook_id"] = json!(self.app_id.to_string());
            value["application_id"] = json!(self.app_id.to_string());
            value["interaction_metadata"] = json!({
                "id": interaction.id.to_string(), "type": interaction.kind, "user": user,
                "authorizing_integration_owners": {"0": interaction.server_id.to_string()},
            });
            match interaction.kind {
                2 => {
                    let name = interaction.payload["data"]["name"].clone();
                    value["interaction"] = json!({"id": interaction.id.to_string(), "type": 2, "name": name, "user": value["interaction_metadata"]["user"]});
                    value["interaction_metadata"]["name"] = name;
                }
                3 => {
                    value["interaction_metadata"]["interacted_message_id"] =
                        json!(interaction.message_id.unwrap_or_default().to_string());
                }
                _ => {
                    value["interaction_metadata"]["triggering_interaction_metadata"] = json!({
                        "id": interaction.id.to_string(), "type": 2, "user": value["interaction_metadata"]["user"],
                        "authorizing_integration_owners": {"0": interaction.server_id.to_string()},
                    });
                }
            }
        }
        value
    }

    /// Whether the bot is given the text of this message without the privileged intent: its own,
    /// direct ones, and those that mention it (Discord's "Message Content Intent").
    pub(crate) fn text_is_given(&self, message: &Message) -> bool {
        message.author_id == self.app_id
            || message.mentions.contains(&self.app_id)
            || message.server_id == 0
    }

    /// A message as the bot reads it over REST.
    pub(crate) fn message_for_bot(&self, message: &Message) -> Value {
        let mut value = self.message_json(message);
        if !self.message_content && !self.text_is_given(message) {
            blank(&mut value);
        }
        value
    }
}

/// Takes out what the message content intent guards.
pub(crate) fn blank(message: &mut Value) {
    message["content"] = json!("");
    for list in ["embeds", "components", "attachments"] {
        message[list] = json!([]);
    }
}

/// An emoji as Discord writes it; `name:id` for a server's own.
pub(crate) fn emoji_json(emoji: &str) -> Value {
    match emoji.split_once(':') {
        Some((name, id)) => json!({"id": id, "name": name, "animated": false}),
        None => json!({"id": null, "name": emoji}),
    }
}

/// Puts the keys of `extra` into `value`.
pub(crate) fn merge(value: &mut Value, extra: Value) {
    if let (Some(into), Value::Object(extra)) = (value.as_object_mut(), extra) {
        into.extend(extra);
    }
}
