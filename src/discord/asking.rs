//! From an interaction to a [`Request`]: who asks, where, when, and with what right to an answer.
//!
//! All of it is taken from that very interaction: the roles and permissions of the member in it,
//! the time in its id.

use std::collections::BTreeMap;
use std::sync::Arc;

use secrecy::SecretString;
use serenity::all::{
    CommandInteraction, ComponentInteraction, GuildId as DiscordGuildId, Interaction, Member,
    ModalInteraction, Permissions, User,
};
use tokio::time::Instant;

use crate::domain::actor::{Actor, Person};
use crate::domain::ids::{ChannelId, GuildId, IncidentId, InteractionId, RoleId, UserId};
use crate::domain::refusal::Refusal;
use crate::store::interactions::Asking;
use crate::use_cases::{Request, Target};

/// The right to answer one interaction, once.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The interaction.
    pub interaction: InteractionId,
    /// What proves the right.
    pub token: SecretString,
    /// When it was read, by a clock that only runs forward.
    pub read_at: Instant,
}

impl Ticket {
    /// For an interaction that was read just now.
    pub fn new(interaction: u64, token: &str) -> Self {
        Self {
            interaction: InteractionId(interaction),
            token: SecretString::from(token),
            read_at: Instant::now(),
        }
    }

    /// Of an interaction of a kind that people are answered.
    pub fn of(interaction: &Interaction) -> Option<Self> {
        Some(match interaction {
            Interaction::Command(it) => Self::new(it.id.get(), &it.token),
            Interaction::Component(it) => Self::new(it.id.get(), &it.token),
            Interaction::Modal(it) => Self::new(it.id.get(), &it.token),
            _ => return None,
        })
    }
}

/// Somebody asked something, in a server.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The right to answer.
    pub ticket: Ticket,
    /// The application that the right belongs to.
    pub application: u64,
    /// In which server.
    pub guild: GuildId,
    /// In which channel.
    pub channel: ChannelId,
    /// Who.
    pub user: UserId,
    name: String,
    person: Person,
}

/// What was typed, by the names of options or fields; missing ones are left out.
pub type Typed<'a> = [(&'static str, Option<&'a str>)];

impl Asked {
    fn new(
        ticket: Ticket,
        application: u64,
        guild: Option<DiscordGuildId>,
        channel: u64,
        member: Option<&Member>,
        user: &User,
    ) -> Result<Self, Refusal> {
        let (Some(guild), Some(member)) = (guild, member) else {
            return Err(Refusal::OnlyInAServer);
        };
        Ok(Self {
            ticket,
            application,
            guild: GuildId(guild.get()),
            channel: ChannelId(channel),
            user: UserId(user.id.get()),
            name: member.display_name().to_owned(),
            person: person(UserId(user.id.get()), member),
        })
    }

    /// Who typed a command.
    pub fn command(it: &CommandInteraction) -> Result<Self, Refusal> {
        let ticket = Ticket::new(it.id.get(), &it.token);
        let (application, channel) = (it.application_id.get(), it.channel_id.get());
        Self::new(
            ticket,
            application,
            it.guild_id,
            channel,
            it.member.as_deref(),
            &it.user,
        )
    }

    /// Who pressed a button.
    pub fn component(it: &ComponentInteraction) -> Result<Self, Refusal> {
        let ticket = Ticket::new(it.id.get(), &it.token);
        let (application, channel) = (it.application_id.get(), it.channel_id.get());
        Self::new(
            ticket,
            application,
            it.guild_id,
            channel,
            it.member.as_ref(),
            &it.user,
        )
    }

    /// Who filled a form.
    pub fn form(it: &ModalInteraction) -> Result<Self, Refusal> {
        let ticket = Ticket::new(it.id.get(), &it.token);
        let (application, channel) = (it.application_id.get(), it.channel_id.get());
        Self::new(
            ticket,
            application,
            it.guild_id,
            channel,
            it.member.as_ref(),
            &it.user,
        )
    }

    /// To read something, or to write what may be written twice.
    pub fn request(&self) -> Request {
        Request {
            person: self.person.clone(),
            guild: self.guild,
            channel: Some(self.channel),
            at: self.ticket.interaction.time(),
            asking: None,
        }
    }

    /// To change an incident, once: a repeat of it finds the first answer.
    pub fn change(&self, verb: &'static str, target: &Target, typed: &Typed<'_>) -> Request {
        let incident = match target {
            Target::Here => format!("#{}", self.channel),
            Target::Named(named) => match named.parse::<IncidentId>() {
                Ok(id) => id.to_string(),
                Err(_) => named.clone(),
            },
            Target::Key(key) => format!("key {}", key.0),
        };
        self.remembered(verb, &incident, typed)
    }

    /// To declare an incident, once. The answer is public where it was typed.
    pub fn declare(&self, typed: &Typed<'_>) -> Request {
        self.remembered("declare", "", typed)
    }

    fn remembered(&self, verb: &'static str, incident: &str, typed: &Typed<'_>) -> Request {
        let mut input: BTreeMap<&str, &str> = typed
            .iter()
            .filter_map(|(name, text)| Some((*name, (*text)?)))
            .collect();
        input.insert("incident", incident);
        let asking = Asking {
            id: self.ticket.interaction,
            guild: self.guild,
            user: self.user,
            name: self.name.clone(),
            verb,
            input: serde_json::json!(input).to_string(),
            application: self.application,
            token: self.ticket.token.clone(),
        };
        Request {
            asking: Some(Arc::new(asking)),
            ..self.request()
        }
    }
}

/// Somebody in a server, as Discord says they are right now.
pub fn person(user: UserId, member: &Member) -> Person {
    let may = member.permissions.unwrap_or(Permissions::empty());
    let administrator = may.contains(Permissions::ADMINISTRATOR);
    Person {
        actor: Actor::Member(user),
        roles: member.roles.iter().map(|role| RoleId(role.get())).collect(),
        manager: administrator || may.contains(Permissions::MANAGE_GUILD),
        administrator,
        inside: false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::clock::Clock;
    use crate::discord::fixtures::interaction;
    use crate::domain::ids::IncidentKey;

    fn command(value: Value) -> CommandInteraction {
        serde_json::from_value(value).unwrap()
    }

    fn show() -> Value {
        interaction(
            2,
            &json!({"id": "1", "name": "incident", "type": 1, "options": []}),
        )
    }

    #[test]
    fn who_asks_is_taken_from_the_interaction() {
        let asked = Asked::command(&command(show())).unwrap();
        let request = asked.request();
        assert_eq!(request.person.actor, Actor::Member(UserId(7)));
        assert_eq!(request.person.roles, [RoleId(40)]);
        assert!(request.person.manager && !request.person.administrator);
        assert_eq!(
            (request.guild, request.channel),
            (GuildId(20), Some(ChannelId(30)))
        );
        assert!((Clock::system().now() - request.at).num_seconds() < 5);
        assert!(request.asking.is_none());
    }

    #[test]
    fn administrators_manage_and_others_do_not() {
        for (bits, manager, administrator) in
            [("0", false, false), ("32", true, false), ("8", true, true)]
        {
            let mut value = show();
            value["member"]["permissions"] = json!(bits);
            let person = Asked::command(&command(value)).unwrap().request().person;
            assert_eq!(
                (person.manager, person.administrator),
                (manager, administrator),
                "{bits}"
            );
        }
    }

    #[test]
    fn a_direct_message_is_refused() {
        let mut value = show();
        value["user"] = value["member"]["user"].clone();
        value.as_object_mut().unwrap().remove("guild_id");
        value.as_object_mut().unwrap().remove("member");
        assert_eq!(
            Asked::command(&command(value)).unwrap_err(),
            Refusal::OnlyInAServer
        );
    }

    #[test]
    fn equal_commands_have_equal_input_however_the_incident_is_typed() {
        let asked = Asked::command(&command(show())).unwrap();
        let input = |named: &str, text| {
            let target = Target::Named(named.to_owned());
            let request = asked.change("note", &target, &[("text", Some(text)), ("at", None)]);
            let asking = request.asking.unwrap();
            assert_eq!(asking.verb, "note");
            asking.input.clone()
        };
        assert_eq!(input("INC-2", "x"), input(" 2 ", "x"));
        assert_ne!(input("INC-2", "x"), input("INC-3", "x"));
        assert_ne!(input("INC-2", "x"), input("INC-2", "y"));
        let here = asked.change("note", &Target::Here, &[]).asking.unwrap();
        let button = asked
            .change("note", &Target::Key(IncidentKey(4)), &[])
            .asking
            .unwrap();
        assert!(here.input.contains("#30") && button.input.contains("key 4"));
    }

    #[test]
    fn no_token_shows() {
        let asked = Asked::command(&command(show())).unwrap();
        let shown = format!("{asked:?} {:?}", asked.declare(&[]));
        assert!(!shown.contains("t0ken"), "{shown}");
    }
}
