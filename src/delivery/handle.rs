//! What the rest of the program has of the courier: facts go in, figures come out.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot, watch};

use crate::discord::events::{Seen, Told};
use crate::domain::ids::{ChannelId, GuildId, InteractionId, MessageId};

/// Something that the courier is told.
#[derive(Debug)]
pub(super) enum Fact {
    /// A server with all its channels.
    GuildSeen(GuildId, Vec<Seen>),
    /// A channel was made or changed.
    ChannelSeen(GuildId, Seen),
    /// Somebody may have mended what parked effects of a server wait for.
    PerhapsMended(GuildId),
    /// A channel is gone.
    ChannelDeleted(GuildId, ChannelId),
    /// A message is gone.
    MessageDeleted(MessageId),
    /// Discord has the first answer to this interaction.
    AnswerConfirmed(InteractionId),
    /// Somebody wants to know when nothing is left to do.
    Settle(oneshot::Sender<()>),
}

/// How delivery goes, for the operator. Nothing here names anybody.
#[derive(Debug)]
pub struct Figures {
    depth: AtomicU64,
    /// Microseconds; `i64::MAX` where nothing waits.
    oldest: AtomicI64,
    parked: AtomicU64,
    lapsed: AtomicU64,
    retries: AtomicU64,
    limited: AtomicU64,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            depth: AtomicU64::new(0),
            oldest: AtomicI64::new(i64::MAX),
            parked: AtomicU64::new(0),
            lapsed: AtomicU64::new(0),
            retries: AtomicU64::new(0),
            limited: AtomicU64::new(0),
        }
    }
}

impl Figures {
    /// How many views and effects are not at Discord yet, parked ones aside.
    pub fn depth(&self) -> u64 {
        self.depth.load(Ordering::Relaxed)
    }

    /// Since when the oldest effect waits.
    pub fn oldest(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.oldest.load(Ordering::Relaxed))
    }

    /// How many views and effects wait for somebody to mend something.
    pub fn parked(&self) -> u64 {
        self.parked.load(Ordering::Relaxed)
    }

    /// How many effects went unsaid.
    pub fn lapsed(&self) -> u64 {
        self.lapsed.load(Ordering::Relaxed)
    }

    /// How many calls were made because an earlier one failed.
    pub fn retries(&self) -> u64 {
        self.retries.load(Ordering::Relaxed)
    }

    /// How many calls Discord refused with 429.
    pub fn limited(&self) -> u64 {
        self.limited.load(Ordering::Relaxed)
    }

    pub(super) fn waiting(&self, depth: usize, oldest: Option<DateTime<Utc>>, parked: u64) {
        self.depth.store(depth as u64, Ordering::Relaxed);
        let oldest = oldest.map_or(i64::MAX, |at| at.timestamp_micros());
        self.oldest.store(oldest, Ordering::Relaxed);
        self.parked.store(parked, Ordering::Relaxed);
    }

    pub(super) fn count_lapsed(&self, more: usize) {
        self.lapsed.fetch_add(more as u64, Ordering::Relaxed);
    }

    pub(super) fn count_retry(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_limited(&self) {
        self.limited.fetch_add(1, Ordering::Relaxed);
    }
}

/// See the module's first line. Cheap to clone; nothing here blocks.
#[derive(Clone, Debug)]
pub struct CourierHandle {
    pub(super) tell: mpsc::UnboundedSender<Fact>,
    pub(super) figures: Arc<Figures>,
    pub(super) token_taken: watch::Receiver<bool>,
}

impl CourierHandle {
    /// Returns once nothing is due now and no call is under way. What waits for a later time, for
    /// something else to stand, or for somebody to mend something does not count. Commits made
    /// before this call do.
    pub async fn settled(&self) {
        let (done, wait) = oneshot::channel();
        self.tell(Fact::Settle(done));
        // An error says that the courier has stopped, and then nothing is under way either.
        let _ = wait.await;
    }

    /// How delivery goes.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// False from a 401 on, until Discord takes the bot's token again: not ready.
    pub fn token_taken(&self) -> watch::Receiver<bool> {
        self.token_taken.clone()
    }

    fn tell(&self, fact: Fact) {
        // Nobody listens any more once the courier has stopped: the rows are still there.
        let _ = self.tell.send(fact);
    }
}

impl Told for CourierHandle {
    fn guild_seen(&self, guild: GuildId, channels: Vec<Seen>) {
        self.tell(Fact::GuildSeen(guild, channels));
        // Much can have been mended while no session lived.
        self.tell(Fact::PerhapsMended(guild));
    }

    fn channel_created(&self, guild: GuildId, channel: Seen) {
        self.tell(Fact::ChannelSeen(guild, channel));
    }

    fn channel_updated(&self, guild: GuildId, channel: Seen) {
        self.tell(Fact::ChannelSeen(guild, channel));
    }

    fn permissions_changed(&self, guild: GuildId) {
        if self.figures.parked() > 0 {
            self.tell(Fact::PerhapsMended(guild));
        }
    }

    fn channel_deleted(&self, guild: GuildId, channel: ChannelId) {
        self.tell(Fact::ChannelDeleted(guild, channel));
    }

    fn message_deleted(&self, _: GuildId, _: ChannelId, message: MessageId) {
        self.tell(Fact::MessageDeleted(message));
    }

    fn answer_confirmed(&self, interaction: InteractionId) {
        self.tell(Fact::AnswerConfirmed(interaction));
    }

    fn session_began(&self) {}
}
