//! Times as Discord shows them: each reader in their own zone, ticking by themselves.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use regex::Captures;

use super::milestones;
use super::when::{TAG, in_reach};

/// How Discord writes a time out, in each reader's own zone and language.
/// <https://discord.com/developers/docs/reference#message-formatting-timestamp-styles>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// 16:20
    ShortTime,
    /// 16:20:30
    LongTime,
    /// 20/04/2021
    ShortDate,
    /// 20 April 2021
    LongDate,
    /// 20 April 2021 16:20
    ShortDateTime,
    /// Tuesday, 20 April 2021 16:20
    LongDateTime,
    /// 2 months ago; it ticks by itself
    Relative,
}

impl Style {
    fn letter(self) -> char {
        match self {
            Self::ShortTime => 't',
            Self::LongTime => 'T',
            Self::ShortDate => 'd',
            Self::LongDate => 'D',
            Self::ShortDateTime => 'f',
            Self::LongDateTime => 'F',
            Self::Relative => 'R',
        }
    }
}

/// `<t:UNIX:F>` and its like.
pub fn tag(at: DateTime<Utc>, style: Style) -> String {
    format!("<t:{}:{}>", at.timestamp(), style.letter())
}

/// A text of ours with its time tags written out, for where Discord does not do it: a terminal, a document.
pub fn spell_tags(text: &str, zone: Tz, now: DateTime<Utc>) -> String {
    TAG.replace_all(text, |found: &Captures<'_>| {
        let Some(at) = found[1]
            .parse()
            .ok()
            .and_then(|unix| DateTime::from_timestamp(unix, 0))
            .filter(in_reach)
        else {
            return found[0].to_owned();
        };
        let local = at.with_timezone(&zone);
        match found.get(2).map(|letter| letter.as_str()) {
            Some("R") if at <= now => format!("{} ago", milestones::words(now - at)),
            Some("R") => format!("in {}", milestones::words(at - now)),
            Some("t") => local.format("%H:%M %Z").to_string(),
            Some("T") => local.format("%H:%M:%S %Z").to_string(),
            Some("d" | "D") => local.format("%Y-%m-%d").to_string(),
            _ => local.format("%Y-%m-%d %H:%M %Z").to_string(),
        }
    })
    .into_owned()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use chrono_tz::Europe::Berlin;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_615_200, 0).unwrap()
    }

    #[test]
    fn a_time_is_tagged_for_discord_and_spelled_for_a_terminal() {
        assert_eq!(tag(now(), Style::LongDateTime), "<t:1795615200:F>");
        assert_eq!(tag(now(), Style::Relative), "<t:1795615200:R>");
        assert_eq!(
            spell_tags(
                "at <t:1795615200:f> (<t:1795615200:R>)",
                Berlin,
                now() + TimeDelta::minutes(5)
            ),
            "at 2026-11-25 15:00 CET (5 min ago)"
        );
    }
}
