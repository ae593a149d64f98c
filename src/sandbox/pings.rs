//! Who a message really pings.
//!
//! Sources: Discord's "Allowed Mentions Object" and "Permissions". A mention pings only if it stands
//! in the text, `allowed_mentions` lets it through, and the author may: roles need `mentionable` or
//! MENTION_EVERYONE, `@everyone` and `@here` need MENTION_EVERYONE, and nobody is notified of a
//! channel they cannot see. Without `allowed_mentions`, on creation and on edit, everything in the
//! text counts.

use serde_json::Value;

use super::permissions::{MENTION_EVERYONE, VIEW_CHANNEL};
use super::scene::{Channel, Scene};

/// What a text mentions after `allowed_mentions` and permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mentions {
    pub(crate) users: Vec<u64>,
    pub(crate) roles: Vec<u64>,
    pub(crate) everyone: bool,
}

impl Mentions {
    pub(crate) fn is_empty(&self) -> bool {
        self.users.is_empty() && self.roles.is_empty() && !self.everyone
    }
}

/// All ids between `open` and `>` in a text.
fn ids(text: &str, open: &str) -> Vec<u64> {
    let mut found = Vec::new();
    for part in text.split(open).skip(1) {
        if let Some((id, _)) = part.split_once('>')
            && let Ok(id) = id.parse::<u64>()
            && !found.contains(&id)
        {
            found.push(id);
        }
    }
    found
}

fn listed(allowed: &Value, key: &str) -> Vec<u64> {
    let of = |value: &Value| {
        value
            .as_u64()
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
    };
    allowed
        .get(key)
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(of).collect())
        .unwrap_or_default()
}

/// What the text mentions, as its author may.
pub(crate) fn read(
    scene: &Scene,
    channel: &Channel,
    author_id: u64,
    text: &str,
    allowed: Option<&Value>,
) -> Mentions {
    let may = scene.permissions(channel, author_id);
    let server = scene.servers.get(&channel.server_id);
    let allowed = allowed.filter(|allowed| !allowed.is_null());
    let parses = |kind: &str| match allowed {
        None => true,
        Some(allowed) => allowed
            .get("parse")
            .and_then(Value::as_array)
            .is_some_and(|kinds| kinds.iter().any(|parsed| parsed.as_str() == Some(kind))),
    };
    let (named_users, named_roles) = allowed.map_or_else(Default::default, |a| {
        (listed(a, "users"), listed(a, "roles"))
    });
    let mut users = ids(text, "<@");
    users.extend(ids(text, "<@!"));
    users.dedup();
    users
        .retain(|id| scene.users.contains_key(id) && (parses("users") || named_users.contains(id)));
    let mut roles = ids(text, "<@&");
    roles.retain(|id| {
        server
            .and_then(|server| server.roles.get(id))
            .is_some_and(|role| role.mentionable || may & MENTION_EVERYONE != 0)
            && (parses("roles") || named_roles.contains(id))
    });
    let everyone = (text.contains("@everyone") || text.contains("@here"))
        && parses("everyone")
        && may & MENTION_EVERYONE != 0;
    Mentions {
        users,
        roles,
        everyone,
    }
}

/// Whom these mentions notify.
pub(crate) fn reached(
    scene: &Scene,
    channel: &Channel,
    author_id: u64,
    mentions: &Mentions,
) -> Vec<u64> {
    let Some(server) = scene.servers.get(&channel.server_id) else {
        return mentions
            .users
            .iter()
            .copied()
            .filter(|id| *id != author_id)
            .collect();
    };
    server
        .members
        .values()
        .filter(|member| member.user_id != author_id)
        .filter(|member| {
            mentions.everyone
                || mentions.users.contains(&member.user_id)
                || member
                    .roles
                    .iter()
                    .any(|role| mentions.roles.contains(role))
        })
        .filter(|member| scene.permissions(channel, member.user_id) & VIEW_CHANNEL != 0)
        .map(|member| member.user_id)
        .collect()
}
