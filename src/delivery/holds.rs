//! What calls under way hold, so that nothing is done twice at a time.

use std::collections::HashMap;

use crate::domain::ids::{ChannelId, GuildId};
use crate::store::effects::EffectId;
use crate::store::views::ViewId;

/// Something that one call at a time may hold; of the last two, several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Hold {
    /// This view, and so the one message or channel that it is.
    View(ViewId),
    /// This effect.
    Effect(EffectId),
    /// What is said in the channel that this view is: in order, one after the other.
    Says(ViewId),
    /// The list of a server's channels is being read.
    Listing(GuildId),
    /// This channel is looked through: is it only ours?
    Looking(ChannelId),
    /// A channel on its way into this category.
    Room(ChannelId),
    /// A message on its way to this channel, or a channel to this server.
    Into(u64),
}

/// Everything that is held.
#[derive(Clone, Debug, Default)]
pub(super) struct Holds(HashMap<Hold, usize>);

impl Holds {
    pub(super) fn has(&self, hold: Hold) -> bool {
        self.0.contains_key(&hold)
    }

    pub(super) fn count(&self, hold: Hold) -> usize {
        self.0.get(&hold).copied().unwrap_or_default()
    }

    pub(super) fn take(&mut self, holds: impl IntoIterator<Item = Hold>) {
        for hold in holds {
            *self.0.entry(hold).or_default() += 1;
        }
    }

    pub(super) fn free(&mut self, holds: impl IntoIterator<Item = Hold>) {
        for hold in holds {
            if let Some(count) = self.0.get_mut(&hold) {
                *count -= 1;
                if *count == 0 {
                    self.0.remove(&hold);
                }
            }
        }
    }
}
