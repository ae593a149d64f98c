//! Who is who: names, and the chairs people held when they acted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::model::Who;
use crate::domain::actor::Actor;
use crate::domain::ids::{Mention, RoleId, UserId};
use crate::domain::incident::Incident;
use crate::domain::text;
use crate::domain::timeline::{Fact, Seq, TimelineEvent};
use crate::domain::words::Role;

/// A person in the middle of a text, as Discord writes it.
static MENTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<@!?(\d{1,20})>").expect("a pattern of our own, compiled by the tests")
});

/// Everybody in the incident.
pub struct Cast<'a> {
    names: &'a BTreeMap<UserId, String>,
    /// The chairs that the actor of a row held once it was written.
    then: BTreeMap<Seq, Vec<Role>>,
    /// The chairs that somebody held at any time.
    ever: BTreeMap<UserId, BTreeSet<Role>>,
}

impl<'a> Cast<'a> {
    /// Learns from the timeline, in the order it was written, who held which chair.
    pub fn of(names: &'a BTreeMap<UserId, String>, events: &[&TimelineEvent]) -> Self {
        let mut cast = Self {
            names,
            then: BTreeMap::new(),
            ever: BTreeMap::new(),
        };
        let mut chairs: BTreeMap<Role, UserId> = BTreeMap::new();
        for event in events {
            if let Some((role, user)) = seated(&event.fact) {
                chairs.insert(role, user);
                cast.ever.entry(user).or_default().insert(role);
            }
            if let Some(user) = event.actor.user() {
                let held: Vec<Role> = chairs
                    .iter()
                    .filter(|(_, holder)| **holder == user)
                    .map(|(role, _)| *role)
                    .collect();
                if !held.is_empty() {
                    cast.then.insert(event.seq, held);
                }
            }
        }
        cast
    }

    /// A person's name as last seen.
    pub fn name(&self, user: UserId) -> String {
        self.names
            .get(&user)
            .map(|name| text::one_line(name))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("user {user}"))
    }

    /// A Discord role; its name is not kept.
    pub fn role(role: RoleId) -> String {
        format!("Discord role {role}")
    }

    /// A person and every chair they held.
    pub fn user(&self, user: UserId) -> Who {
        let roles = self
            .ever
            .get(&user)
            .into_iter()
            .flatten()
            .map(|role| role.label())
            .collect();
        Who {
            name: self.name(user),
            user: Some(user),
            roles,
        }
    }

    /// A person in a chair that is named beside them.
    pub fn seated(&self, user: UserId) -> Who {
        Who {
            name: self.name(user),
            user: Some(user),
            roles: Vec::new(),
        }
    }

    /// Whoever can be called.
    pub fn mention(&self, who: Mention) -> Who {
        match who {
            Mention::User(user) => self.user(user),
            Mention::Role(role) => Who {
                name: Self::role(role),
                user: None,
                roles: Vec::new(),
            },
        }
    }

    /// Whoever did something.
    pub fn actor(&self, actor: &Actor) -> Who {
        match actor {
            Actor::Member(user) => self.user(*user),
            Actor::Terminal(login) => {
                let name = format!("{} (terminal)", text::one_line(login));
                Who {
                    name,
                    user: None,
                    roles: Vec::new(),
                }
            }
            Actor::Warbell => Who {
                name: "Warbell".to_owned(),
                user: None,
                roles: Vec::new(),
            },
        }
    }

    /// Whoever wrote a row, with the chairs they held then.
    pub fn by(&self, event: &TimelineEvent) -> Who {
        let mut who = self.actor(&event.actor);
        who.roles = self
            .then
            .get(&event.seq)
            .into_iter()
            .flatten()
            .map(|role| role.label())
            .collect();
        who
    }

    /// Typed text on one line, with names where Discord has numbers.
    pub fn line(&self, typed: &str) -> String {
        text::one_line(&self.named(typed))
    }

    /// [`Cast::line`] that keeps lines.
    pub fn block(&self, typed: &str) -> String {
        text::clean_block(&self.named(typed), usize::MAX)
    }

    /// [`Cast::line`] of what may be missing or removed.
    pub fn said(&self, typed: Option<&str>) -> Option<String> {
        typed
            .map(|typed| self.line(typed))
            .filter(|line| !line.is_empty())
    }

    /// [`Cast::block`] of what may be missing or removed.
    pub fn written(&self, typed: Option<&str>) -> Option<String> {
        typed
            .map(|typed| self.block(typed))
            .filter(|block| !block.is_empty())
    }

    /// Everyone whom the timeline names, in the order it does.
    pub fn everyone(&self, incident: &Incident, events: &[&TimelineEvent]) -> Vec<Who> {
        let mut met = BTreeSet::new();
        let mut people = Vec::new();
        let rows = events
            .iter()
            .flat_map(|event| [event.actor.user(), named(&event.fact)]);
        let owners = incident.actions.iter().map(|action| action.owner);
        for user in rows.chain(owners).flatten() {
            if met.insert(user) {
                people.push(self.user(user));
            }
        }
        people
    }

    fn named(&self, typed: &str) -> String {
        MENTION
            .replace_all(typed, |found: &Captures<'_>| match found[1].parse() {
                Ok(user) => format!("@{}", self.name(UserId(user))),
                Err(_) => found[0].to_owned(),
            })
            .into_owned()
    }
}

/// Who sits down where.
pub fn seated(fact: &Fact) -> Option<(Role, UserId)> {
    match fact {
        Fact::RoleAssigned { role, user, .. } => Some((*role, *user)),
        Fact::HandoffAccepted { to, .. } => Some((Role::Commander, *to)),
        _ => None,
    }
}

/// Whom a row is about, besides who wrote it.
fn named(fact: &Fact) -> Option<UserId> {
    match fact {
        Fact::Paged {
            who: Mention::User(user),
            ..
        }
        | Fact::Invited {
            who: Mention::User(user),
        }
        | Fact::RoleAssigned { user, .. }
        | Fact::HandoffOffered { to: user }
        | Fact::HandoffAccepted { to: user, .. }
        | Fact::MessageCaptured { author: user, .. } => Some(*user),
        Fact::ActionAdded { owner, .. } => *owner,
        _ => None,
    }
}
