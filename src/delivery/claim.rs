//! What is to be done now. Reads only; nothing here waits for Discord or writes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::holds::{Hold, Holds};
use super::places::Places;
use super::render::ReviewRenderer;
use super::task::Task;
use crate::discord::api::Call;
use crate::domain::effect::{Do, Effect, Say};
use crate::domain::ids::{ChannelId, GuildId, IncidentKey, InteractionId, UserId};
use crate::domain::incident::Incident;
use crate::domain::timeline::Lapse;
use crate::domain::visibility::Viewer;
use crate::store::effects::{self, EffectId, Waiting};
use crate::store::incidents::{self, Filter};
use crate::store::views::{self, Name, View, ViewId};
use crate::store::{Result, StoreError};

/// So many calls at a time; the limiter lets fewer through.
const MOST: usize = 64;
/// So many of them to one channel, or for channels of one server: Discord takes about as many at
/// once, and whatever waits for its limit must not stand in the way of the rest.
const MOST_INTO_ONE: usize = 5;
/// So many open incidents are compared with a new one, as when it was declared.
const OPEN: usize = 200;

/// What came of a look at the rows.
#[derive(Debug, Default)]
pub(super) struct Claim {
    /// To be done at Discord.
    pub(super) tasks: Vec<Task>,
    /// Not to be said any more.
    pub(super) lapses: Vec<Unsaid>,
    /// Rows that need no call.
    pub(super) settled: Vec<Settled>,
    /// Categories that the full ones are to be followed by.
    pub(super) categories: Vec<(GuildId, i64)>,
    /// When something comes due by time alone.
    pub(super) next: Option<DateTime<Utc>>,
    /// How many rows are not at Discord yet.
    pub(super) depth: usize,
}

/// Something that is not said any more.
#[derive(Clone, Debug)]
pub(super) struct Unsaid {
    pub(super) effect: Waiting,
    pub(super) say: Say,
    pub(super) why: Lapse,
    /// The channel it was for is gone for good: not even a line can say so there.
    pub(super) nowhere: bool,
}

/// A row that needs no call.
#[derive(Clone, Debug)]
pub(super) enum Settled {
    /// What stands there is what is wanted.
    Shown { view: View, hash: Vec<u8> },
    /// It stands, as this channel.
    Found { view: View, channel: ChannelId },
    /// Nobody waits for it any more.
    Over { view: View },
    /// There is nothing left to do.
    Done { effect: EffectId },
    /// Somebody has to mend something first.
    ViewParked { view: ViewId, why: String },
    /// Somebody has to mend something first.
    EffectParked { effect: EffectId, why: String },
}

/// Looks at the rows. What is read once in a look is kept for it.
pub(super) struct Claimer<'a> {
    pub(super) conn: &'a mut SqliteConnection,
    pub(super) now: DateTime<Utc>,
    pub(super) places: &'a Places,
    /// First answers that Discord has, whether or not that is written down.
    pub(super) confirmed: &'a HashSet<InteractionId>,
    pub(super) review: &'a ReviewRenderer,
    /// What is held by calls under way, and by those that this look claims.
    held: &'a mut Holds,
    /// Channels whose next *say* was seen in this look.
    pub(super) spoken: HashSet<ViewId>,
    running: usize,
    pub(super) out: Claim,
    incidents: HashMap<IncidentKey, Arc<Incident>>,
    channels: HashMap<IncidentKey, Option<View>>,
    servers: HashMap<(GuildId, Name), Option<View>>,
    open: HashMap<(GuildId, UserId), Arc<Vec<Incident>>>,
}

impl<'a> Claimer<'a> {
    pub(super) fn new(
        conn: &'a mut SqliteConnection,
        now: DateTime<Utc>,
        places: &'a Places,
        confirmed: &'a HashSet<InteractionId>,
        review: &'a ReviewRenderer,
        held: &'a mut Holds,
        running: usize,
    ) -> Self {
        Self {
            conn,
            now,
            places,
            confirmed,
            review,
            held,
            spoken: HashSet::new(),
            running,
            out: Claim::default(),
            incidents: HashMap::new(),
            channels: HashMap::new(),
            servers: HashMap::new(),
            open: HashMap::new(),
        }
    }

    /// Looks at everything.
    ///
    /// The rows are read before the incidents that they show: a body may then be newer than the
    /// version it is recorded as, never older.
    pub(super) async fn look(mut self) -> Result<Claim> {
        let due = views::due(self.conn).await?;
        let waiting = effects::waiting(self.conn).await?;
        self.out.depth = due.len() + waiting.len();
        // What is said goes first: a page is worth more than an entry.
        for effect in waiting {
            let id = effect.id;
            if let Err(why) = keep_going(self.effect(effect).await)? {
                self.out
                    .settled
                    .push(Settled::EffectParked { effect: id, why });
            }
        }
        for view in due {
            let id = view.id;
            if let Err(why) = keep_going(self.view(view).await)? {
                self.out.settled.push(Settled::ViewParked { view: id, why });
            }
        }
        self.doubles().await?;
        Ok(self.out)
    }

    async fn effect(&mut self, effect: Waiting) -> Result<()> {
        match effect.effect.clone() {
            Effect::Say(say) => self.say(effect, say).await,
            Effect::Do(r#do) => {
                let free = !self.is_held(Hold::Effect(effect.id));
                if free && self.is_time(effect.retry_at) && self.has_capacity() {
                    self.r#do(effect, r#do).await?;
                }
                Ok(())
            }
        }
    }

    async fn r#do(&mut self, effect: Waiting, r#do: Do) -> Result<()> {
        let call = match &r#do {
            Do::React {
                channel,
                message,
                emoji,
            } => Call::React {
                channel: *channel,
                message: *message,
                emoji: emoji.clone(),
            },
            Do::Delete { channel, message } => Call::DeleteMessage {
                channel: *channel,
                message: *message,
            },
            Do::PinCard => {
                let card = views::of_incident(self.conn, effect.incident, Name::Card, 0).await?;
                let Some(card) = card.filter(|card| !card.gone) else {
                    self.out.settled.push(Settled::Done { effect: effect.id });
                    return Ok(());
                };
                match (card.channel, card.as_message()) {
                    (Some(channel), Some(message)) => Call::Pin { channel, message },
                    // Pinned once it stands again.
                    _ => return Ok(()),
                }
            }
        };
        self.claim(Task::Do { effect, r#do, call });
        Ok(())
    }

    async fn view(&mut self, view: View) -> Result<()> {
        if self.is_held(Hold::View(view.id)) || !self.is_time(view.retry_at) {
            return Ok(());
        }
        // Unchanged, and only to be sent once more later.
        if view.wanted <= view.shown && !self.is_time(view.again_at) {
            return Ok(());
        }
        if !self.has_capacity() {
            return Ok(());
        }
        self.show(view).await
    }

    /// Channels that stand twice lose the younger one, unless a view points at it.
    async fn doubles(&mut self) -> Result<()> {
        for double in self.places.doubles() {
            let free = !self.is_held(Hold::Looking(double.channel)) && self.has_capacity();
            let free = free && self.is_time(self.places.ask_again_at(double.guild));
            if free
                && views::by_target(self.conn, double.channel.0)
                    .await?
                    .is_empty()
            {
                let (guild, channel) = (double.guild, double.channel);
                self.claim(Task::Clear {
                    guild,
                    channel,
                    category: double.category,
                });
            }
        }
        Ok(())
    }

    pub(super) fn claim(&mut self, task: Task) {
        self.held.take(task.holds());
        self.running += 1;
        self.out.tasks.push(task);
    }

    pub(super) fn has_capacity(&self) -> bool {
        self.running < MOST
    }

    /// Whether this channel, or server, takes another call now.
    pub(super) fn may_go_into(&self, id: u64) -> bool {
        self.held.count(Hold::Into(id)) < MOST_INTO_ONE
    }

    pub(super) fn is_held(&self, hold: Hold) -> bool {
        self.held.has(hold)
    }

    pub(super) fn coming_into(&self, category: ChannelId) -> usize {
        self.held.count(Hold::Room(category))
    }

    /// Whether `at` has come; else the courier wakes then.
    pub(super) fn is_time(&mut self, at: Option<DateTime<Utc>>) -> bool {
        match at {
            Some(at) if at > self.now => {
                self.wake_at(at);
                false
            }
            _ => true,
        }
    }

    pub(super) fn wake_at(&mut self, at: DateTime<Utc>) {
        self.out.next = Some(self.out.next.map_or(at, |next| next.min(at)));
    }

    pub(super) async fn incident(&mut self, key: IncidentKey) -> Result<Arc<Incident>> {
        if let Some(known) = self.incidents.get(&key) {
            return Ok(Arc::clone(known));
        }
        let stored = incidents::by_key(self.conn, &Viewer::Operator, key).await?;
        let stored = stored
            .ok_or_else(|| StoreError::inconsistent(format!("there is no incident {}", key.0)))?;
        let incident = Arc::new(stored.incident);
        self.incidents.insert(key, Arc::clone(&incident));
        Ok(incident)
    }

    /// The open incidents of a server that everybody may see, and this person.
    pub(super) async fn open_to(
        &mut self,
        guild: GuildId,
        user: UserId,
    ) -> Result<Arc<Vec<Incident>>> {
        if let Some(known) = self.open.get(&(guild, user)) {
            return Ok(Arc::clone(known));
        }
        let viewer = Viewer::Member {
            user,
            roles: Vec::new(),
            administrator: false,
        };
        let open = incidents::list(self.conn, &viewer, guild, Filter::Open, OPEN).await?;
        let open = Arc::new(open);
        self.open.insert((guild, user), Arc::clone(&open));
        Ok(open)
    }

    /// The view that is this incident's channel.
    pub(super) async fn channel_of(&mut self, key: IncidentKey) -> Result<Option<View>> {
        if let Some(known) = self.channels.get(&key) {
            return Ok(known.clone());
        }
        let view = views::of_incident(self.conn, key, Name::Channel, 0).await?;
        self.channels.insert(key, view.clone());
        Ok(view)
    }

    /// The view that is this channel of the server.
    pub(super) async fn server_channel(
        &mut self,
        guild: GuildId,
        name: Name,
    ) -> Result<Option<View>> {
        if let Some(known) = self.servers.get(&(guild, name)) {
            return Ok(known.clone());
        }
        let view = views::of_server(self.conn, guild, name, 0).await?;
        self.servers.insert((guild, name), view.clone());
        Ok(view)
    }
}

/// One row that cannot be is parked; the others go on. Where the database itself fails, all stop.
fn keep_going(looked: Result<()>) -> Result<std::result::Result<(), String>> {
    match looked {
        Ok(()) => Ok(Ok(())),
        Err(StoreError::Inconsistent(why)) => {
            tracing::error!(why, "a row of the outbox cannot be delivered");
            Ok(Err(
                "The database holds something that cannot be: run `warbell verify`.".to_owned(),
            ))
        }
        Err(error) => Err(error),
    }
}
