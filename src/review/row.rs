//! The timeline as a table.

use chrono::{DateTime, Utc};

use super::cast::Cast;
use super::model::{Links, Moment, Row, channel_link};
use crate::domain::ids::{ChannelId, RoleId, UserId};
use crate::domain::sentence::{Voice, sentence};
use crate::domain::timeline::{Fact, TimelineEvent, Words};

/// How sentences sound in a document: names for people, whole dates, text as typed on one line.
struct Written<'a> {
    cast: &'a Cast<'a>,
    own: Option<ChannelId>,
}

impl Voice for Written<'_> {
    fn person(&self, user: UserId) -> String {
        self.cast.name(user)
    }

    fn role(&self, role: RoleId) -> String {
        Cast::role(role)
    }

    fn channel(&self, channel: ChannelId) -> String {
        if Some(channel) == self.own {
            "the incident's channel".to_owned()
        } else {
            format!("channel {channel}")
        }
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        at.format("%Y-%m-%d %H:%M UTC").to_string()
    }

    fn text(&self, typed: &str) -> String {
        self.cast.line(typed)
    }
}

/// The rows by the time things happened, then by their place.
pub fn rows(cast: &Cast<'_>, events: &[&TimelineEvent], links: &Links) -> Vec<Row> {
    let voice = Written {
        cast,
        own: links.channel,
    };
    let mut events = events.to_vec();
    events.sort_by_key(|event| (event.occurred_at, event.seq));
    events
        .into_iter()
        .map(|event| row(cast, event, &voice, links))
        .collect()
}

fn row(cast: &Cast<'_>, event: &TimelineEvent, voice: &Written<'_>, links: &Links) -> Row {
    let link = match &event.fact {
        Fact::MessageCaptured {
            channel, message, ..
        }
        | Fact::UpdatePublished {
            channel, message, ..
        } => Some(format!("{}/{message}", channel_link(links.guild, *channel))),
        _ => None,
    };
    let sentence = match &event.fact {
        // The section itself stands further up; a page of text does not fit a row.
        Fact::ReviewEdited { .. } => sentence(
            &TimelineEvent {
                words: Words::new(),
                ..event.clone()
            },
            voice,
        ),
        _ => sentence(event, voice),
    };
    Row {
        seq: event.seq,
        at: Moment(event.occurred_at),
        recorded_at: Moment(event.recorded_at),
        kind: event.fact.kind(),
        actor: cast.by(event),
        sentence,
        link,
    }
}
