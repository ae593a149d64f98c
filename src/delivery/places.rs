//! What is known of a server's channels: only as much as decisions need.
//!
//! Kept are categories and channels that may be ours by their name or marker, and the count of what
//! stands in such a category. It comes from the gateway and from what we made ourselves; where it
//! has to be certain, the server is asked ([`Places::listed_at`]).

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::discord::events::Seen;
use crate::domain::ids::{ChannelId, GuildId};

/// Discord's type of a text channel.
/// <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>
pub(super) const TEXT: u8 = 0;
/// Discord's type of a category.
pub(super) const CATEGORY: u8 = 4;
/// <https://discord.com/developers/docs/resources/channel>: 50 channels in a category.
const ROOM: usize = 50;
/// The name of the channel that has an entry for each incident.
pub(super) const INCIDENTS: &str = "incidents";
/// The name of the channel for customers.
pub(super) const UPDATES: &str = "status-updates";
/// How the names of our categories begin.
const CATEGORIES: &str = "Incidents";
/// Two channels with one marker that were made further apart than this are no double of ours:
/// somebody cloned a channel, with its topic.
const LATEST_DOUBLE: TimeDelta = TimeDelta::minutes(1);

#[derive(Debug)]
struct Place {
    kind: u8,
    /// Empty where it decides nothing.
    name: Box<str>,
    parent: Option<ChannelId>,
    marker: Option<Box<str>>,
}

/// A channel that stands twice, and is the younger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Double {
    pub(super) guild: GuildId,
    pub(super) channel: ChannelId,
    pub(super) category: bool,
}

#[derive(Debug, Default)]
struct Server {
    places: HashMap<ChannelId, Place>,
    full: HashSet<ChannelId>,
    strange: HashSet<ChannelId>,
    seen: bool,
    listed_at: Option<DateTime<Utc>>,
    ask_again_at: Option<DateTime<Utc>>,
    /// See [`Places::doubles`]; found anew with each change.
    doubles: Vec<Double>,
}

/// The channels of all servers, as far as they matter.
#[derive(Debug, Default)]
pub(super) struct Places {
    servers: HashMap<GuildId, Server>,
}

impl Places {
    /// All channels of a server, as the gateway tells them.
    pub(super) fn seen(&mut self, guild: GuildId, channels: Vec<Seen>) {
        let server = self.servers.entry(guild).or_default();
        let strange = std::mem::take(&mut server.strange);
        let (listed_at, ask_again_at) = (server.listed_at, server.ask_again_at);
        *server = Server {
            seen: true,
            listed_at,
            ask_again_at,
            strange,
            ..Server::default()
        };
        // Categories first: what stands in them is kept because they are.
        let (categories, others): (Vec<Seen>, Vec<Seen>) = channels
            .into_iter()
            .partition(|channel| channel.kind == CATEGORY);
        for channel in categories.into_iter().chain(others) {
            server.keep(channel);
        }
        server.find_doubles(guild);
    }

    /// All channels of a server, read from Discord after `asked_at`.
    pub(super) fn listed(&mut self, guild: GuildId, channels: Vec<Seen>, asked_at: DateTime<Utc>) {
        self.seen(guild, channels);
        if let Some(server) = self.servers.get_mut(&guild) {
            server.listed_at = Some(asked_at);
        }
    }

    /// A channel was made or changed.
    pub(super) fn put(&mut self, guild: GuildId, channel: Seen) {
        let server = self.servers.entry(guild).or_default();
        server.places.remove(&channel.id);
        server.keep(channel);
        server.find_doubles(guild);
    }

    /// A channel is gone.
    pub(super) fn remove(&mut self, guild: GuildId, channel: ChannelId) {
        if let Some(server) = self.servers.get_mut(&guild) {
            if let Some(Place {
                parent: Some(parent),
                ..
            }) = server.places.remove(&channel)
            {
                server.full.remove(&parent);
            }
            server.full.remove(&channel);
            server.strange.remove(&channel);
            server.find_doubles(guild);
        }
    }

    /// Whether the channels of this server are known at all.
    pub(super) fn knows(&self, guild: GuildId) -> bool {
        self.servers.get(&guild).is_some_and(|server| server.seen)
    }

    /// When the channels of this server were last asked for.
    pub(super) fn listed_at(&self, guild: GuildId) -> Option<DateTime<Utc>> {
        self.servers.get(&guild)?.listed_at
    }

    /// Discord did not answer what was asked of this server: not again before this.
    pub(super) fn ask_again(&mut self, guild: GuildId, at: DateTime<Utc>) {
        self.servers.entry(guild).or_default().ask_again_at = Some(at);
    }

    /// See [`Places::ask_again`].
    pub(super) fn ask_again_at(&self, guild: GuildId) -> Option<DateTime<Utc>> {
        self.servers.get(&guild)?.ask_again_at
    }

    /// The channels that carry this marker, the oldest first.
    pub(super) fn marked(&self, guild: GuildId, marker: &str) -> Vec<ChannelId> {
        self.select(guild, |place| place.marker.as_deref() == Some(marker))
    }

    /// The channels of this type and name that are not known to be others', the oldest first.
    pub(super) fn named(&self, guild: GuildId, kind: u8, name: &str) -> Vec<ChannelId> {
        let Some(server) = self.servers.get(&guild) else {
            return Vec::new();
        };
        let mut named = self.select(guild, |place| place.kind == kind && &*place.name == name);
        named.retain(|id| !server.strange.contains(id));
        named
    }

    /// Channels that stand twice: those with the marker of an older one, and empty categories with
    /// the name of an older one, where both were made at about the same time.
    pub(super) fn doubles(&self) -> Vec<Double> {
        self.servers
            .values()
            .flat_map(|server| server.doubles.iter().copied())
            .collect()
    }

    /// What stands in a category.
    pub(super) fn inside(&self, guild: GuildId, category: ChannelId) -> Vec<ChannelId> {
        self.select(guild, |place| place.parent == Some(category))
    }

    /// Whether a category takes another channel besides those that are on their way.
    pub(super) fn has_room(&self, guild: GuildId, category: ChannelId, coming: usize) -> bool {
        let Some(server) = self.servers.get(&guild) else {
            return true;
        };
        !server.full.contains(&category) && self.inside(guild, category).len() + coming < ROOM
    }

    /// Discord says that this category is full.
    pub(super) fn full(&mut self, guild: GuildId, category: ChannelId) {
        self.servers.entry(guild).or_default().full.insert(category);
    }

    /// Others have written in this channel: it is left alone.
    pub(super) fn strange(&mut self, guild: GuildId, channel: ChannelId) {
        let server = self.servers.entry(guild).or_default();
        server.strange.insert(channel);
        server.find_doubles(guild);
    }

    fn select(&self, guild: GuildId, wanted: impl Fn(&Place) -> bool) -> Vec<ChannelId> {
        let Some(server) = self.servers.get(&guild) else {
            return Vec::new();
        };
        let mut found: Vec<ChannelId> = server
            .places
            .iter()
            .filter(|(_, place)| wanted(place))
            .map(|(id, _)| *id)
            .collect();
        found.sort_unstable();
        found
    }
}

impl Server {
    fn find_doubles(&mut self, guild: GuildId) {
        let mut doubles = Vec::new();
        let mut first: HashMap<(u8, &str), ChannelId> = HashMap::new();
        let mut places: Vec<(&ChannelId, &Place)> = self.places.iter().collect();
        places.sort_unstable_by_key(|(id, _)| **id);
        for (id, place) in places {
            let category = place.kind == CATEGORY;
            let sign = match &place.marker {
                Some(marker) => marker,
                None if category => &place.name,
                None => continue,
            };
            let older = *first.entry((place.kind, sign)).or_insert(*id);
            let is_late = older != *id && id.time() - older.time() < LATEST_DOUBLE;
            let in_use = category
                && self
                    .places
                    .values()
                    .any(|inside| inside.parent == Some(*id));
            if is_late && !in_use && !self.strange.contains(id) {
                doubles.push(Double {
                    guild,
                    channel: *id,
                    category,
                });
            }
        }
        self.doubles = doubles;
    }

    /// Keeps what decides something of a channel that does.
    fn keep(&mut self, channel: Seen) {
        let ours_by_name = match channel.kind {
            CATEGORY => channel.name.starts_with(CATEGORIES),
            _ => channel.name == INCIDENTS || channel.name == UPDATES,
        };
        let marker = channel.topic.as_deref().and_then(marker_in).map(Box::from);
        let inside = channel.parent.filter(|parent| {
            self.places
                .get(parent)
                .is_some_and(|place| place.kind == CATEGORY)
        });
        if ours_by_name || marker.is_some() || inside.is_some() {
            let name = if ours_by_name {
                channel.name.into_boxed_str()
            } else {
                Box::default()
            };
            let place = Place {
                kind: channel.kind,
                name,
                parent: channel.parent,
                marker,
            };
            self.places.insert(channel.id, place);
        }
    }
}

/// The marker in a topic: 24 hex digits that stand alone.
fn marker_in(topic: &str) -> Option<&str> {
    topic.split_whitespace().find(|word| {
        word.len() == 24
            && word
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// A channel as REST gives it; none if that is no channel.
pub(super) fn seen_in(channel: &Value) -> Option<Seen> {
    let id = |field: &str| channel[field].as_str().and_then(|id| id.parse().ok());
    Some(Seen {
        id: id("id")?,
        name: channel["name"].as_str().unwrap_or_default().to_owned(),
        topic: channel["topic"].as_str().map(str::to_owned),
        parent: id("parent_id"),
        kind: channel["type"]
            .as_u64()
            .and_then(|kind| u8::try_from(kind).ok())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUILD: GuildId = GuildId(1);
    const MARKER: &str = "0123456789abcdef01234567";

    fn channel(id: u64, kind: u8, name: &str, parent: Option<u64>) -> Seen {
        Seen {
            id: ChannelId(id),
            name: name.into(),
            topic: None,
            parent: parent.map(ChannelId),
            kind,
        }
    }

    #[test]
    fn only_what_decides_something_is_kept() {
        let mut places = Places::default();
        places.seen(
            GUILD,
            vec![
                channel(3, TEXT, "inc-1-x", Some(2)),
                channel(2, CATEGORY, "Incidents", None),
                channel(4, TEXT, "general", None),
                channel(5, TEXT, "incidents", None),
            ],
        );
        assert_eq!(places.servers[&GUILD].places.len(), 3);
        assert_eq!(places.inside(GUILD, ChannelId(2)), [ChannelId(3)]);
        assert_eq!(places.named(GUILD, TEXT, INCIDENTS), [ChannelId(5)]);
        places.strange(GUILD, ChannelId(5));
        assert!(places.named(GUILD, TEXT, INCIDENTS).is_empty());
    }

    #[test]
    fn a_category_has_room_for_fifty() {
        let mut places = Places::default();
        places.put(GUILD, channel(2, CATEGORY, "Incidents", None));
        for id in 10..59 {
            places.put(GUILD, channel(id, TEXT, "x", Some(2)));
        }
        assert!(places.has_room(GUILD, ChannelId(2), 0));
        assert!(!places.has_room(GUILD, ChannelId(2), 1));
        places.put(GUILD, channel(60, TEXT, "x", Some(2)));
        assert!(!places.has_room(GUILD, ChannelId(2), 0));
        places.remove(GUILD, ChannelId(60));
        assert!(places.has_room(GUILD, ChannelId(2), 0));
    }

    #[test]
    fn a_late_double_is_found_and_a_clone_is_not() {
        let second = 1_000 << 22;
        let mut places = Places::default();
        let marked = |id: u64| Seen {
            topic: Some(format!("INC-1 · run by Warbell · {MARKER}")),
            ..channel(id, TEXT, "inc-1-x", None)
        };
        places.put(GUILD, marked(second));
        places.put(GUILD, marked(500 * second));
        assert!(places.doubles().is_empty());
        places.put(GUILD, marked(12 * second));
        let double = Double {
            guild: GUILD,
            channel: ChannelId(12 * second),
            category: false,
        };
        assert_eq!(places.doubles(), [double]);
        assert_eq!(places.marked(GUILD, MARKER)[0], ChannelId(second));
    }
}
