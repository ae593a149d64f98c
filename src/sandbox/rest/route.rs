//! Paths read as routes.

use axum::http::Method;

/// A route that the sandbox serves, with its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    GetGateway,
    GetGatewayBot,
    GetMe,
    ListMyServers,
    GetUser {
        user: u64,
    },
    GetApplication,
    ListCommands {
        server: Option<u64>,
    },
    PutCommands {
        server: Option<u64>,
    },
    Callback {
        interaction: u64,
        token: String,
    },
    CreateFollowup {
        token: String,
    },
    /// `None` is `@original`.
    GetAnswer {
        token: String,
        message: Option<u64>,
    },
    EditAnswer {
        token: String,
        message: Option<u64>,
    },
    DeleteAnswer {
        token: String,
        message: Option<u64>,
    },
    GetServer {
        server: u64,
    },
    ListChannels {
        server: u64,
    },
    CreateChannel {
        server: u64,
    },
    ListRoles {
        server: u64,
    },
    ListMembers {
        server: u64,
    },
    GetMember {
        server: u64,
        user: u64,
    },
    GetChannel {
        channel: u64,
    },
    EditChannel {
        channel: u64,
    },
    DeleteChannel {
        channel: u64,
    },
    PutOverwrite {
        channel: u64,
        overwrite: u64,
    },
    DeleteOverwrite {
        channel: u64,
        overwrite: u64,
    },
    ListMessages {
        channel: u64,
    },
    CreateMessage {
        channel: u64,
    },
    GetMessage {
        channel: u64,
        message: u64,
    },
    EditMessage {
        channel: u64,
        message: u64,
    },
    DeleteMessage {
        channel: u64,
        message: u64,
    },
    Crosspost {
        channel: u64,
        message: u64,
    },
    ListPins {
        channel: u64,
        old: bool,
    },
    Pin {
        channel: u64,
        message: u64,
    },
    Unpin {
        channel: u64,
        message: u64,
    },
    AddReaction {
        channel: u64,
        message: u64,
        emoji: String,
    },
    /// `None` is `@me`.
    RemoveReaction {
        channel: u64,
        message: u64,
        emoji: String,
        user: Option<u64>,
    },
    ListReactions {
        channel: u64,
        message: u64,
        emoji: String,
    },
    CreateDm,
    Typing {
        channel: u64,
    },
}

/// Undoes percent-encoding; what is no valid encoding stays.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten();
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Route {
    /// Reads a path without its `/api/v10`; `None`: no such route.
    pub(crate) fn read(method: &Method, path: &str, app_id: u64) -> Option<Self> {
        let parts: Vec<String> = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(decode)
            .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let id = |text: &str| text.parse::<u64>().ok();
        let app = |text: &str| id(text) == Some(app_id);
        let of = |text: &str| {
            if text == "@original" {
                Some(None)
            } else {
                id(text).map(Some)
            }
        };
        Some(match (method.as_str(), parts.as_slice()) {
            ("GET", ["gateway"]) => Self::GetGateway,
            ("GET", ["gateway", "bot"]) => Self::GetGatewayBot,
            ("GET", ["users", "@me"]) => Self::GetMe,
            ("GET", ["users", "@me", "guilds"]) => Self::ListMyServers,
            ("GET", ["users", user]) => Self::GetUser { user: id(user)? },
            ("POST", ["users", "@me", "channels"]) => Self::CreateDm,
            ("GET", ["oauth2", "applications", "@me"] | ["applications", "@me"]) => {
                Self::GetApplication
            }
            ("GET", ["applications", a, "commands"]) if app(a) => {
                Self::ListCommands { server: None }
            }
            ("PUT", ["applications", a, "commands"]) if app(a) => {
                Self::PutCommands { server: None }
            }
            ("GET", ["applications", a, "guilds", g, "commands"]) if app(a) => Self::ListCommands {
                server: Some(id(g)?),
            },
            ("PUT", ["applications", a, "guilds", g, "commands"]) if app(a) => Self::PutCommands {
                server: Some(id(g)?),
            },
            ("POST", ["interactions", i, token, "callback"]) => Self::Callback {
                interaction: id(i)?,
                token: (*token).to_owned(),
            },
            ("POST", ["webhooks", a, token]) if app(a) => Self::CreateFollowup {
                token: (*token).to_owned(),
            },
            (verb, ["webhooks", a, token, "messages", m]) if app(a) => {
                let (token, message) = ((*token).to_owned(), of(m)?);
                match verb {
                    "GET" => Self::GetAnswer { token, message },
                    "PATCH" => Self::EditAnswer { token, message },
                    "DELETE" => Self::DeleteAnswer { token, message },
                    _ => return None,
                }
            }
            ("GET", ["guilds", g]) => Self::GetServer { server: id(g)? },
            ("GET", ["guilds", g, "channels"]) => Self::ListChannels { server: id(g)? },
            ("POST", ["guilds", g, "channels"]) => Self::CreateChannel { server: id(g)? },
            ("GET", ["guilds", g, "roles"]) => Self::ListRoles { server: id(g)? },
            ("GET", ["guilds", g, "members"]) => Self::ListMembers { server: id(g)? },
            ("GET", ["guilds", g, "members", "@me"]) => Self::GetMember {
                server: id(g)?,
                user: app_id,
            },
            ("GET", ["guilds", g, "members", u]) => Self::GetMember {
                server: id(g)?,
                user: id(u)?,
            },
            ("GET", ["channels", c]) => Self::GetChannel { channel: id(c)? },
            ("PATCH", ["channels", c]) => Self::EditChannel { channel: id(c)? },
            ("DELETE", ["channels", c]) => Self::DeleteChannel { channel: id(c)? },
            ("POST", ["channels", c, "typing"]) => Self::Typing { channel: id(c)? },
            ("PUT", ["channels", c, "permissions", o]) => Self::PutOverwrite {
                channel: id(c)?,
                overwrite: id(o)?,
            },
            ("DELETE", ["channels", c, "permissions", o]) => Self::DeleteOverwrite {
                channel: id(c)?,
                overwrite: id(o)?,
            },
            ("GET", ["channels", c, "messages"]) => Self::ListMessages { channel: id(c)? },
            ("POST", ["channels", c, "messages"]) => Self::CreateMessage { channel: id(c)? },
            ("GET", ["channels", c, "messages", "pins"]) => Self::ListPins {
                channel: id(c)?,
                old: false,
            },
            ("GET", ["channels", c, "pins"]) => Self::ListPins {
                channel: id(c)?,
                old: true,
            },
            ("PUT", ["channels", c, "messages", "pins", m] | ["channels", c, "pins", m]) => {
                Self::Pin {
                    channel: id(c)?,
                    message: id(m)?,
                }
            }
            ("DELETE", ["channels", c, "messages", "pins", m] | ["channels", c, "pins", m]) => {
                Self::Unpin {
                    channel: id(c)?,
                    message: id(m)?,
                }
            }
            ("GET", ["channels", c, "messages", m]) => Self::GetMessage {
                channel: id(c)?,
                message: id(m)?,
            },
            ("PATCH", ["channels", c, "messages", m]) => Self::EditMessage {
                channel: id(c)?,
                message: id(m)?,
            },
            ("DELETE", ["channels", c, "messages", m]) => Self::DeleteMessage {
                channel: id(c)?,
                message: id(m)?,
            },
            ("POST", ["channels", c, "messages", m, "crosspost"]) => Self::Crosspost {
                channel: id(c)?,
                message: id(m)?,
            },
            (verb, ["channels", c, "messages", m, "reactions", emoji, rest @ ..]) => {
                let (channel, message, emoji) = (id(c)?, id(m)?, (*emoji).to_owned());
                match (verb, rest) {
                    ("GET", []) => Self::ListReactions {
                        channel,
                        message,
                        emoji,
                    },
                    ("PUT", ["@me"]) => Self::AddReaction {
                        channel,
                        message,
                        emoji,
                    },
                    ("DELETE", ["@me"]) => Self::RemoveReaction {
                        channel,
                        message,
                        emoji,
                        user: None,
                    },
                    ("DELETE", [user]) => Self::RemoveReaction {
                        channel,
                        message,
                        emoji,
                        user: Some(id(user)?),
                    },
                    _ => return None,
                }
            }
            _ => return None,
        })
    }

    /// Its name in words.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::GetGateway => "get gateway",
            Self::GetGatewayBot => "get gateway bot",
            Self::GetMe => "get current user",
            Self::ListMyServers => "list servers",
            Self::GetUser { .. } => "get user",
            Self::GetApplication => "get application",
            Self::ListCommands { .. } => "list commands",
            Self::PutCommands { .. } => "put commands",
            Self::Callback { .. } => "interaction callback",
            Self::CreateFollowup { .. } => "create followup",
            Self::GetAnswer { message: None, .. } => "get answer",
            Self::EditAnswer { message: None, .. } => "edit answer",
            Self::DeleteAnswer { message: None, .. } => "delete answer",
            Self::GetAnswer { .. } => "get followup",
            Self::EditAnswer { .. } => "edit followup",
            Self::DeleteAnswer { .. } => "delete followup",
            Self::GetServer { .. } => "get server",
            Self::ListChannels { .. } => "list channels",
            Self::CreateChannel { .. } => "create channel",
            Self::ListRoles { .. } => "list roles",
            Self::ListMembers { .. } => "list members",
            Self::GetMember { .. } => "get member",
            Self::GetChannel { .. } => "get channel",
            Self::EditChannel { .. } => "edit channel",
            Self::DeleteChannel { .. } => "delete channel",
            Self::PutOverwrite { .. } => "put overwrite",
            Self::DeleteOverwrite { .. } => "delete overwrite",
            Self::ListMessages { .. } => "list messages",
            Self::CreateMessage { .. } => "create message",
            Self::GetMessage { .. } => "get message",
            Self::EditMessage { .. } => "edit message",
            Self::DeleteMessage { .. } => "delete message",
            Self::Crosspost { .. } => "crosspost message",
            Self::ListPins { .. } => "list pins",
            Self::Pin { .. } => "pin message",
            Self::Unpin { .. } => "unpin message",
            Self::AddReaction { .. } => "add reaction",
            Self::RemoveReaction { .. } => "remove reaction",
            Self::ListReactions { .. } => "list reactions",
            Self::CreateDm => "create dm",
            Self::Typing { .. } => "typing",
        }
    }

    /// The id that splits its rate-limit bucket: channel, server, or interaction.
    pub(crate) fn major(&self) -> u64 {
        match self {
            Self::Callback { interaction, .. } => *interaction,
            Self::CreateFollowup { token }
            | Self::GetAnswer { token, .. }
            | Self::EditAnswer { token, .. }
            | Self::DeleteAnswer { token, .. } => token.bytes().fold(0, |sum: u64, byte| {
                sum.wrapping_mul(31).wrapping_add(u64::from(byte))
            }),
            Self::GetServer { server }
            | Self::ListChannels { server }
            | Self::CreateChannel { server }
            | Self::ListRoles { server }
            | Self::ListMembers { server }
            | Self::GetMember { server, .. } => *server,
            Self::ListCommands { server } | Self::PutCommands { server } => server.unwrap_or(0),
            Self::GetChannel { channel }
            | Self::EditChannel { channel }
            | Self::DeleteChannel { channel }
            | Self::PutOverwrite { channel, .. }
            | Self::DeleteOverwrite { channel, .. }
            | Self::ListMessages { channel }
            | Self::CreateMessage { channel }
            | Self::GetMessage { channel, .. }
            | Self::EditMessage { channel, .. }
            | Self::DeleteMessage { channel, .. }
            | Self::Crosspost { channel, .. }
            | Self::ListPins { channel, .. }
            | Self::Pin { channel, .. }
            | Self::Unpin { channel, .. }
            | Self::AddReaction { channel, .. }
            | Self::RemoveReaction { channel, .. }
            | Self::ListReactions { channel, .. }
            | Self::Typing { channel } => *channel,
            Self::GetGateway
            | Self::GetGatewayBot
            | Self::GetMe
            | Self::ListMyServers
            | Self::GetUser { .. }
            | Self::GetApplication
            | Self::CreateDm => 0,
        }
    }

    /// Whether it is answered by an interaction's token: no bot token needed, no global limit.
    pub(crate) fn by_interaction(&self) -> bool {
        matches!(
            self,
            Self::Callback { .. }
                | Self::CreateFollowup { .. }
                | Self::GetAnswer { .. }
                | Self::EditAnswer { .. }
                | Self::DeleteAnswer { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_with_encoded_emoji_and_both_pin_paths() {
        let read = |method: Method, path: &str| Route::read(&method, path, 9);
        assert_eq!(
            read(
                Method::PUT,
                "/channels/1/messages/2/reactions/%F0%9F%93%8C/@me"
            ),
            Some(Route::AddReaction {
                channel: 1,
                message: 2,
                emoji: "📌".into()
            })
        );
        let pin = Some(Route::Pin {
            channel: 1,
            message: 2,
        });
        assert_eq!(read(Method::PUT, "/channels/1/messages/pins/2"), pin);
        assert_eq!(read(Method::PUT, "/channels/1/pins/2"), pin);
        assert_eq!(
            read(Method::PATCH, "/webhooks/9/tok/messages/@original"),
            Some(Route::EditAnswer {
                token: "tok".into(),
                message: None
            })
        );
        assert_eq!(read(Method::GET, "/channels/x"), None);
        assert_eq!(
            read(Method::PATCH, "/webhooks/8/tok/messages/@original"),
            None
        );
    }
}
