//! Discord's ids: 42 bits of milliseconds since 2015, the rest a counter that never repeats.
//!
//! Source: Discord's API reference, "Snowflakes".

use std::fmt;

use chrono::{DateTime, TimeZone, Utc};

/// The first millisecond of 2015, from which snowflakes count.
pub const EPOCH_MS: i64 = 1_420_070_400_000;

/// When the thing with this id was made.
pub fn made_at(id: u64) -> DateTime<Utc> {
    let ms = i64::try_from(id >> 22).unwrap_or(0) + EPOCH_MS;
    Utc.timestamp_millis_opt(ms).single().unwrap_or_default()
}

/// Hands out ids that grow, whatever the clock does.
#[derive(Debug, Default)]
pub(crate) struct Mint {
    last: u64,
}

impl Mint {
    pub(crate) fn next(&mut self, now: DateTime<Utc>) -> u64 {
        let ms = u64::try_from(now.timestamp_millis() - EPOCH_MS).unwrap_or(0);
        self.last = (ms << 22).max(self.last + 1);
        self.last
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $mention:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u64);

        impl $name {
            /// The bare number.
            pub fn get(self) -> u64 {
                self.0
            }

            /// How message text names it.
            pub fn mention(self) -> String {
                format!($mention, self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl From<u64> for $name {
            fn from(id: u64) -> Self {
                Self(id)
            }
        }

        impl From<$name> for u64 {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl PartialEq<u64> for $name {
            fn eq(&self, other: &u64) -> bool {
                self.0 == *other
            }
        }
    )+};
}

ids! {
    /// A server ("guild").
    ServerId "{}";
    /// A channel or category.
    ChannelId "<#{}>";
    /// A message.
    MessageId "{}";
    /// A role.
    RoleId "<@&{}>";
    /// A person or bot.
    UserId "<@{}>";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_tell_their_time() {
        let mut mint = Mint::default();
        let now = Utc
            .with_ymd_and_hms(2026, 7, 14, 9, 0, 0)
            .single()
            .expect("a date");
        let first = mint.next(now);
        let second = mint.next(now);
        let earlier = mint.next(now - chrono::TimeDelta::hours(1));
        assert!(first < second && second < earlier);
        assert_eq!(made_at(first), now);
    }
}
