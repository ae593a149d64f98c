//! Options of commands: how they are shown, read and completed.

use async_trait::async_trait;
use poise::{SlashArgError, SlashArgument};
use serenity::all::{
    AutocompleteChoice, CommandInteraction, CommandOptionType, Context as Session,
    CreateAutocompleteResponse, CreateCommandOption, Permissions, ResolvedValue,
};

use super::Context;
use crate::discord::asking::Asked;
use crate::discord::front::Front;
use crate::discord::message::Message;
use crate::domain::ids::{Mention, RoleId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::status::StatusName;
use crate::domain::text;
use crate::domain::words::{Kind, Phase, Role, Severity};
use crate::domain::{when, zone};
use crate::store::incidents::Filter;
use crate::use_cases::{Error, Outcome, Request};
use chrono::{DateTime, Utc};

/// A word out of a small closed set.
pub trait Word: Copy + Send + Sync + 'static {
    /// What there is to choose from, in the order people meet it.
    const ALL: &'static [Self];
    /// As it is typed and sent.
    fn word(self) -> &'static str;
}

macro_rules! words {
    ($($name:ty),*) => {$(
        impl Word for $name {
            const ALL: &'static [Self] = <$name>::ALL;
            fn word(self) -> &'static str {
                self.as_str()
            }
        }
    )*};
}
words!(Severity, Kind, Role, Phase);

/// The three that `/incident update` moves between.
impl Word for StatusName {
    const ALL: &'static [Self] = &[Self::Investigating, Self::Identified, Self::Monitoring];
    fn word(self) -> &'static str {
        self.as_str()
    }
}

impl Word for Filter {
    const ALL: &'static [Self] = &[Self::Open, Self::Resolved, Self::Closed, Self::All];
    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::All => "all",
        }
    }
}

/// An option that takes one of a few words. Sent as the word itself, not as its place in a list, so
/// that scripts can call it and a later version can add one in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice<T>(pub T);

#[async_trait]
impl<T: Word> SlashArgument for Choice<T> {
    async fn extract(
        _: &Session,
        _: &CommandInteraction,
        value: &ResolvedValue<'_>,
    ) -> Result<Self, SlashArgError> {
        let ResolvedValue::String(typed) = value else {
            return Err(SlashArgError::new_command_structure_mismatch(
                "expected a word",
            ));
        };
        let found = T::ALL.iter().find(|word| word.word() == *typed);
        found
            .map(|word| Self(*word))
            .ok_or_else(|| SlashArgError::new_command_structure_mismatch("an unknown choice"))
    }

    fn create(builder: CreateCommandOption) -> CreateCommandOption {
        T::ALL
            .iter()
            .fold(builder.kind(CommandOptionType::String), |builder, word| {
                builder.add_string_choice(word.word(), word.word())
            })
    }
}

/// An option that takes a person or a Discord role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called(pub Mention);

#[async_trait]
impl SlashArgument for Called {
    async fn extract(
        _: &Session,
        _: &CommandInteraction,
        value: &ResolvedValue<'_>,
    ) -> Result<Self, SlashArgError> {
        match value {
            ResolvedValue::User(user, _) => Ok(Self(Mention::User(UserId(user.id.get())))),
            ResolvedValue::Role(role) => Ok(Self(Mention::Role(RoleId(role.id.get())))),
            _ => Err(SlashArgError::new_command_structure_mismatch(
                "expected a person or a role",
            )),
        }
    }

    fn create(builder: CreateCommandOption) -> CreateCommandOption {
        builder.kind(CommandOptionType::Mentionable)
    }
}

impl Called {
    /// Whoever is called, unless it is everybody: Discord names them by the server's own id, and
    /// pings nobody.
    pub fn mention(self, asked: &Asked) -> Result<Mention, Refusal> {
        match self.0 {
            Mention::Role(role) if role.0 == asked.guild.0 => Err(Refusal::NotAllowed {
                needed: "Everybody at once cannot be called. Name a person or a role.".to_owned(),
            }),
            who => Ok(who),
        }
    }
}

/// Says so where a call would be silent: Discord takes it, and pings nobody.
pub fn warn_if_silent(message: &mut Message, who: Option<Mention>, it: &CommandInteraction) {
    let Some(Mention::Role(role)) = who else {
        return;
    };
    let known = it
        .data
        .resolved
        .roles
        .values()
        .find(|known| known.id.get() == role.0);
    let everyone = it
        .app_permissions
        .is_some_and(|may| may.contains(Permissions::MENTION_EVERYONE));
    if known.is_some_and(|known| !known.mentionable) && !everyone {
        let warning = format!(
            "\n<@&{role}> cannot be pinged by me, so nobody will notice: let anyone mention it, or give me the permission to mention all roles."
        );
        if message.content.chars().count() + warning.chars().count() <= 2_000 {
            message.content.push_str(&warning);
        }
    }
}

/// A time that somebody typed, read in their zone as of when they typed it.
pub async fn past(
    front: &Front,
    request: &Request,
    typed: Option<&str>,
) -> Outcome<Option<DateTime<Utc>>> {
    let Some(typed) = typed.map(str::trim).filter(|typed| !typed.is_empty()) else {
        return Ok(None);
    };
    let zone = front.house.zone_of(request).await?;
    when::read_past(typed, zone, request.at)
        .map(Some)
        .map_err(|error| Error::Refused(Refusal::from(error)))
}

/// Choices for `incident`: what the person may see and seems to mean.
pub async fn incidents(ctx: Context<'_>, partial: &str) -> CreateAutocompleteResponse {
    let none = CreateAutocompleteResponse::new();
    let Ok(asked) = Asked::command(ctx.interaction) else {
        return none;
    };
    let front = ctx.framework.user_data;
    match front.house.find(&asked.request(), partial).await {
        Ok(found) => none.set_choices(
            found
                .iter()
                .map(|incident| {
                    let id = incident.id.to_string();
                    let title = text::clean_line(&incident.title, 100);
                    let name = format!("{id} · {} · {title}", incident.status.name());
                    AutocompleteChoice::new(text::shorten(&name, 100), id)
                })
                .collect(),
        ),
        Err(error) => {
            tracing::warn!(%error, "incidents could not be suggested");
            none
        }
    }
}

/// Choices for `zone`.
pub async fn zones(_: Context<'_>, partial: &str) -> CreateAutocompleteResponse {
    let zones = zone::suggest_zones(partial);
    CreateAutocompleteResponse::new().set_choices(
        zones
            .into_iter()
            .map(|zone| AutocompleteChoice::new(zone, zone))
            .collect(),
    )
}

/// Text that was typed, unless it is blank.
pub fn filled(typed: Option<String>) -> Option<String> {
    typed.filter(|text| !text.trim().is_empty())
}
