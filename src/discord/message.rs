//! A message as it is sent to Discord: what it says, and whom it may ping. Every message, edit and
//! answer is one of these, so none goes out without its `allowed_mentions`.

use serde::Serialize;
use serde_json::{Value, json};
use serenity::builder::{CreateActionRow, CreateEmbed};

use crate::domain::ids::Mention;

/// A file that goes with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, e.g. `INC-1-review.md`.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A message, an edit or an answer.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Text over the embeds, up to 2,000 characters.
    pub content: String,
    /// Framed parts.
    pub embeds: Vec<CreateEmbed>,
    /// Rows of buttons.
    pub rows: Vec<CreateActionRow>,
    /// Who is really pinged; nobody unless named here.
    pub pings: Vec<Mention>,
    /// Whether links in it unfold.
    pub suppress_embeds: bool,
    /// Files that go with it.
    pub files: Vec<File>,
}

/// Message flag: only the person who asked sees the answer.
/// <https://discord.com/developers/docs/resources/message#message-object-message-flags>
pub const EPHEMERAL: u64 = 1 << 6;
const SUPPRESS_EMBEDS: u64 = 1 << 2;

/// Discord's `allowed_mentions`: `parse` stays empty, so only ids named here can ping.
/// <https://discord.com/developers/docs/resources/message#allowed-mentions-object>
#[derive(Serialize)]
struct AllowedMentions {
    parse: [String; 0],
    users: Vec<String>,
    roles: Vec<String>,
    replied_user: bool,
}

impl Message {
    /// A message of text alone.
    pub fn text(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            ..Self::default()
        }
    }

    /// As Discord takes it. Names every part, empty or not, so that an edit leaves nothing behind.
    pub fn body(&self) -> Value {
        let mut users = Vec::new();
        let mut roles = Vec::new();
        for ping in &self.pings {
            match ping {
                Mention::User(id) => users.push(id.to_string()),
                Mention::Role(id) => roles.push(id.to_string()),
            }
        }
        let allowed = AllowedMentions {
            parse: [],
            users,
            roles,
            replied_user: false,
        };
        let mut body = json!({
            "content": self.content,
            "embeds": self.embeds,
            "components": self.rows,
            "allowed_mentions": allowed,
        });
        if self.suppress_embeds {
            body["flags"] = json!(SUPPRESS_EMBEDS);
        }
        body
    }

    /// As the data of an interaction's answer.
    pub fn answer_body(&self, ephemeral: bool) -> Value {
        let mut body = self.body();
        let flags = if self.suppress_embeds {
            SUPPRESS_EMBEDS
        } else {
            0
        } | if ephemeral { EPHEMERAL } else { 0 };
        if flags != 0 {
            body["flags"] = json!(flags);
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{RoleId, UserId};

    #[test]
    fn nobody_is_pinged_unless_named() {
        let body = Message::text("@everyone <@7>").body();
        assert_eq!(
            body["allowed_mentions"],
            json!({"parse": [], "users": [], "roles": [], "replied_user": false})
        );
        let page = Message {
            pings: vec![Mention::User(UserId(7)), Mention::Role(RoleId(8))],
            ..Message::default()
        };
        assert_eq!(page.body()["allowed_mentions"]["users"], json!(["7"]));
        assert_eq!(page.body()["allowed_mentions"]["roles"], json!(["8"]));
    }
}
