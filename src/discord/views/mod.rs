//! What people see: pure functions from the domain to a [`Message`](super::message::Message).
//!
//! Nothing here asks anybody anything. Whatever was typed comes in through [`inert`] or
//! [`inert_block`], which escape it and hold it to a length, so every view keeps Discord's limits
//! and pings nobody whom it does not name in `pings`.

pub mod answer;
pub mod card;
pub mod channel;
pub mod digest;
pub mod draft;
pub mod handoff;
pub mod help;
#[cfg(test)]
mod limits;
pub mod list;
pub mod page;
pub mod public_update;
#[cfg(test)]
mod samples;
pub mod setup;
pub mod show;
pub mod timeline;
pub mod zone;

use chrono::{DateTime, Utc};
use serenity::builder::{CreateActionRow, CreateButton};
use serenity::model::application::ButtonStyle;

use super::components::Button;
use crate::domain::actor::Actor;
use crate::domain::ids::{ChannelId, GuildId, MessageId, RoleId, UserId};
use crate::domain::incident::Incident;
use crate::domain::sentence::{self, Voice};
use crate::domain::status::Status;
use crate::domain::text;
use crate::domain::timeline::TimelineEvent;
use crate::domain::words::Severity;

/// Longest text of a message. <https://discord.com/developers/docs/resources/message#create-message>
pub(crate) const CONTENT_MAX: usize = 2_000;
/// Longest description of an embed. <https://discord.com/developers/docs/resources/message#embed-object-embed-limits>
pub(crate) const DESCRIPTION_MAX: usize = 4_096;

/// How a time tag shows. <https://discord.com/developers/docs/reference#message-formatting-timestamp-styles>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// 14:05
    Clock,
    /// 15 July 2025 14:05
    Date,
    /// "in 12 minutes", "3 minutes ago"; ticks by itself.
    Relative,
}

/// A time that each reader sees in their own zone.
pub(crate) fn tag(at: DateTime<Utc>, shown: Shown) -> String {
    let style = match shown {
        Shown::Clock => 't',
        Shown::Date => 'f',
        Shown::Relative => 'R',
    };
    format!("<t:{}:{style}>", at.timestamp())
}

/// Typed text on one line, escaped, at most `most` characters of it in all.
pub(crate) fn inert(typed: &str, most: usize) -> String {
    text::shorten(&text::plain(&text::clean_line(typed, most)), most)
}

/// Typed text with its lines, escaped, at most `most` characters of it in all.
pub(crate) fn inert_block(typed: &str, most: usize) -> String {
    text::shorten(&text::plain(&text::clean_block(typed, most)), most)
}

/// Ready text, cut to a length; a mention or time that would be cut in two goes whole.
pub(crate) fn cut(ready: &str, most: usize) -> String {
    let short = text::shorten(ready, most);
    if short.len() == ready.len() {
        return short;
    }
    match short.rfind('<') {
        Some(open) if !short[open..].contains('>') && !short[..open].ends_with('\\') => {
            format!("{}…", short[..open].trim_end())
        }
        _ => short,
    }
}

/// Speaks Discord's markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscordVoice {
    /// At most so many characters of each typed text.
    pub most: usize,
    /// Whether typed text keeps its lines.
    pub lines: bool,
}

impl DiscordVoice {
    /// For a row among others.
    pub fn row() -> Self {
        Self {
            most: 120,
            lines: false,
        }
    }

    /// For a message of its own.
    pub fn message(most: usize) -> Self {
        Self { most, lines: true }
    }
}

impl Voice for DiscordVoice {
    fn person(&self, user: UserId) -> String {
        format!("<@{user}>")
    }
    fn role(&self, role: RoleId) -> String {
        format!("<@&{role}>")
    }
    fn channel(&self, channel: ChannelId) -> String {
        format!("<#{channel}>")
    }
    fn time(&self, at: DateTime<Utc>) -> String {
        tag(at, Shown::Clock)
    }
    fn date(&self, at: DateTime<Utc>) -> String {
        tag(at, Shown::Date)
    }
    fn text(&self, typed: &str) -> String {
        if self.lines {
            inert_block(typed, self.most)
        } else {
            inert(typed, self.most)
        }
    }
    fn actor(&self, actor: &Actor) -> String {
        who(actor)
    }
}

/// Whoever did it.
pub(crate) fn who(actor: &Actor) -> String {
    match actor {
        Actor::Member(user) => format!("<@{user}>"),
        Actor::Terminal(name) => format!("{} (terminal)", inert(name, 40)),
        Actor::Warbell => "Warbell".to_owned(),
    }
}

/// A row of the timeline in at most `most` characters: `#12 <t:…:t> what — who`.
pub(crate) fn row(event: &TimelineEvent, shown: Shown, most: usize) -> String {
    let head = format!("#{} {} ", event.seq, tag(event.occurred_at, shown));
    let tail = if sentence::stands_alone(event) {
        String::new()
    } else {
        format!(" — {}", who(&event.actor))
    };
    let left = most.saturating_sub(head.chars().count() + tail.chars().count());
    let voice = DiscordVoice::row();
    format!(
        "{head}{}{tail}",
        cut(&sentence::sentence(event, &voice), left)
    )
}

/// `INC-42 · Checkout down`, as Discord's markdown.
pub(crate) fn heading(incident: &Incident) -> String {
    format!("{} · {}", incident.id, inert(&incident.title, 200))
}

/// `Critical · Investigating`; merged ones say into which.
pub(crate) fn standing(incident: &Incident) -> String {
    match &incident.status {
        Status::Merged { into, .. } => format!("{} · Merged into {into}", incident.severity),
        status => format!("{} · {}", incident.severity, status.name()),
    }
}

/// The colour beside an embed. Never the only sign: the words stand in it too.
pub(crate) fn colour(incident: &Incident) -> u32 {
    match (&incident.status, incident.severity) {
        (Status::Resolved { .. } | Status::Closed { .. }, _) => 0x2e_8b_57,
        (Status::Cancelled { .. } | Status::Merged { .. }, _) => 0x80_80_80,
        (_, Severity::Critical) => 0xc0_27_2d,
        (_, Severity::Major) => 0xe0_7b_00,
        (_, Severity::Minor) => 0x3b_7d_d8,
    }
}

/// Where a message can be opened.
pub(crate) fn link(guild: GuildId, channel: ChannelId, message: MessageId) -> String {
    format!("https://discord.com/channels/{guild}/{channel}/{message}")
}

/// One button.
pub(crate) fn button(does: &Button, label: &str, style: ButtonStyle) -> CreateButton {
    CreateButton::new(does.encode()).label(label).style(style)
}

/// One row of buttons; none at all if it is empty.
pub(crate) fn buttons(row: Vec<CreateButton>) -> Vec<CreateActionRow> {
    if row.is_empty() {
        Vec::new()
    } else {
        vec![CreateActionRow::Buttons(row)]
    }
}
