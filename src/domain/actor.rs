//! Who did a thing, and who asks to do one.

use serde::{Deserialize, Serialize};

use super::ids::{RoleId, UserId};

/// Who stands behind a timeline event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Actor {
    /// A person on Discord.
    Member(UserId),
    /// Somebody at the terminal of the machine, by login name.
    Terminal(String),
    /// The bot itself: a due time came, or Discord said something.
    Warbell,
}

impl Actor {
    /// The Discord user, if it is one.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Member(user) => Some(*user),
            Self::Terminal(_) | Self::Warbell => None,
        }
    }
}

/// Somebody who asks for something, with the facts that decide whether they may.
/// Taken from that very interaction, never from memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub actor: Actor,
    /// The Discord roles they hold in this server.
    pub roles: Vec<RoleId>,
    /// Holds Discord's Manage Server permission (or owns or administers the server).
    pub manager: bool,
    /// Holds Discord's Administrator permission, which sees every channel.
    pub administrator: bool,
    /// Spoke from inside the incident's own channel, and so can see it.
    pub inside: bool,
}

impl Person {
    /// A plain member.
    pub fn member(user: UserId) -> Self {
        Self {
            actor: Actor::Member(user),
            roles: Vec::new(),
            manager: false,
            administrator: false,
            inside: false,
        }
    }

    /// Whoever may open the database file: an operator, who may do all but approve customer text.
    pub fn operator(name: impl Into<String>) -> Self {
        Self {
            actor: Actor::Terminal(name.into()),
            roles: Vec::new(),
            manager: true,
            administrator: true,
            inside: true,
        }
    }

    /// The bot itself.
    pub fn warbell() -> Self {
        Self {
            actor: Actor::Warbell,
            roles: Vec::new(),
            manager: true,
            administrator: true,
            inside: true,
        }
    }
}
