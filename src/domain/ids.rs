//! Newtype ids. Discord's are snowflakes; ours are counted per server.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// First millisecond of Discord's epoch, 2015-01-01T00:00:00Z.
/// <https://discord.com/developers/docs/reference#snowflakes>
const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

macro_rules! snowflakes {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl $name {
            /// When Discord made this id; exact to the millisecond.
            pub fn time(self) -> DateTime<Utc> {
                let ms = i64::try_from(self.0 >> 22).unwrap_or(i64::MAX);
                DateTime::UNIX_EPOCH + TimeDelta::milliseconds(ms.saturating_add(DISCORD_EPOCH_MS))
            }

            /// The smallest id that Discord could make at `time`.
            pub fn earliest_at(time: DateTime<Utc>) -> Self {
                let ms = (time.timestamp_millis() - DISCORD_EPOCH_MS).max(0);
                Self((ms as u64) << 22)
            }

            /// As SQLite keeps it. Snowflakes use 63 bits until the year 2084.
            pub fn to_db(self) -> i64 {
                self.0.cast_signed()
            }

            /// The inverse of [`Self::to_db`].
            pub fn from_db(value: i64) -> Self {
                Self(value.cast_unsigned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }

        // As a string, as Discord writes them: JSON readers lose digits of large numbers.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

snowflakes! {
    /// A Discord server.
    GuildId,
    /// A Discord channel or category.
    ChannelId,
    /// A Discord user.
    UserId,
    /// A Discord role (not a role in an incident: that is [`super::role::Role`]).
    RoleId,
    /// A Discord message.
    MessageId,
    /// A Discord interaction: one command, press or filled form.
    InteractionId,
}

/// The row of an incident in our database; never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IncidentKey(pub i64);

/// Which sequence an incident is counted in, per server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// `INC-<n>`
    Public,
    /// `PRV-<n>`
    Private,
}

/// What people call an incident: `INC-42` or `PRV-3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncidentId {
    /// The sequence.
    pub series: Series,
    /// Counted from 1 in each server, without gaps.
    pub number: u32,
}

impl IncidentId {
    /// `INC-<number>`.
    pub fn public(number: u32) -> Self {
        Self {
            series: Series::Public,
            number,
        }
    }

    /// `PRV-<number>`.
    pub fn private(number: u32) -> Self {
        Self {
            series: Series::Private,
            number,
        }
    }
}

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let series = match self.series {
            Series::Public => "INC",
            Series::Private => "PRV",
        };
        write!(f, "{series}-{}", self.number)
    }
}

/// A text that names no incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnIncidentId;

impl FromStr for IncidentId {
    type Err = NotAnIncidentId;

    /// Reads `INC-2`, `inc-2`, `inc 2`, `#2`, `2` and `PRV-1`, as people type them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().trim_start_matches('#').to_ascii_uppercase();
        let (series, digits) = if let Some(rest) = text.strip_prefix("INC") {
            (Series::Public, rest)
        } else if let Some(rest) = text.strip_prefix("PRV") {
            (Series::Private, rest)
        } else {
            (Series::Public, text.as_str())
        };
        let digits = digits.strip_prefix('-').unwrap_or(digits).trim_start();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAnIncidentId);
        }
        match digits.parse() {
            Ok(0) | Err(_) => Err(NotAnIncidentId),
            Ok(number) => Ok(Self { series, number }),
        }
    }
}

impl Serialize for IncidentId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IncidentId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse()
            .map_err(|NotAnIncidentId| serde::de::Error::custom("not an incident id"))
    }
}

/// Somebody who can be called: a person or a Discord role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mention {
    /// A person.
    User(UserId),
    /// Everyone who holds a Discord role.
    Role(RoleId),
}

impl fmt::Display for Mention {
    /// As Discord's markdown names them. Whether it pings is `allowed_mentions`' business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "<@{id}>"),
            Self::Role(id) => write!(f, "<@&{id}>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_is_found_however_people_type_its_id() {
        for typed in ["INC-2", "inc-2", " 2 ", "inc2", "INC 2", "#2"] {
            assert_eq!(typed.parse(), Ok(IncidentId::public(2)), "{typed}");
        }
        assert_eq!("prv-7".parse(), Ok(IncidentId::private(7)));
        for typed in [
            "",
            "INC-",
            "INC--1",
            "0",
            "INC-0",
            "-2x",
            "two",
            "99999999999",
            "INC-2; DROP",
        ] {
            assert_eq!(typed.parse::<IncidentId>(), Err(NotAnIncidentId), "{typed}");
        }
    }

    #[test]
    fn a_snowflake_tells_its_time() {
        // Discord's own example: 175928847299117063 is 2016-04-30 11:18:25.796 UTC.
        let id = MessageId(175_928_847_299_117_063);
        assert_eq!(id.time().to_rfc3339(), "2016-04-30T11:18:25.796+00:00");
        assert!(MessageId::earliest_at(id.time()) <= id);
    }
}
