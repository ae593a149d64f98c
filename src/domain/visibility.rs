//! Who may know of an incident. The one place that decides it.

use super::actor::{Actor, Person};
use super::ids::{Mention, RoleId, UserId};
use super::incident::Incident;

/// Somebody who reads: what they may see follows from these facts alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Whoever may open the database file, and the bot where it writes into an incident's own
    /// channel.
    Operator,
    /// A person on Discord.
    Member {
        /// Who.
        user: UserId,
        /// The Discord roles they hold.
        roles: Vec<RoleId>,
        /// Administrators see every channel, so they see every incident.
        administrator: bool,
    },
}

impl Viewer {
    /// The viewer that a person is.
    pub fn of(person: &Person) -> Self {
        match &person.actor {
            Actor::Member(user) => Self::Member {
                user: *user,
                roles: person.roles.clone(),
                administrator: person.administrator,
            },
            Actor::Terminal(_) | Actor::Warbell => Self::Operator,
        }
    }

    /// Whether this viewer may know of `incident`.
    pub fn may_see(&self, incident: &Incident) -> bool {
        if !incident.is_private() {
            return true;
        }
        match self {
            Self::Operator => true,
            Self::Member {
                user,
                roles,
                administrator,
            } => {
                *administrator
                    || incident.declared_by == Actor::Member(*user)
                    || incident.holds_a_role(*user)
                    || incident.invited.contains(&Mention::User(*user))
                    || roles
                        .iter()
                        .any(|role| incident.invited.contains(&Mention::Role(*role)))
            }
        }
    }
}

/// Whether `person` may know of `incident`: by who they are, or because they spoke inside it.
pub fn may_see(person: &Person, incident: &Incident) -> bool {
    person.inside || Viewer::of(person).may_see(incident)
}
