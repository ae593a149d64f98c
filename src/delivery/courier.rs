//! The one loop that brings Discord in line.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::claim::{Claim, Claimer};
use super::handle::{CourierHandle, Fact, Figures};
use super::holds::Holds;
use super::places::Places;
use super::record::{Recorder, TOKEN_PAUSE};
use super::render::ReviewRenderer;
use super::task::{Outcome, Task};
use super::trace::Asker;
use crate::clock::Clock;
use crate::discord::api::{Call, DiscordApi};
use crate::domain::ids::InteractionId;
use crate::store::{Db, Lane, Result, StoreError, effects, interactions, views};

/// How often commits of other processes are looked for.
const POLL: Duration = Duration::from_millis(250);
/// After a fault of the database.
const AFTER_A_FAULT: Duration = Duration::from_millis(500);
/// Tokens that were never used up are looked for so often.
const SWEEP: TimeDelta = TimeDelta::minutes(5);
/// Discord's tokens hold for 15 minutes; after that nobody needs to keep them.
const TOKEN_HOLDS: TimeDelta = TimeDelta::minutes(15);

/// Delivers the outbox. There is one per database: whoever runs it holds the file's lock.
///
/// Backoff is a `retry_at` in the row, by the [`Clock`], and the loop sleeps until then: the one
/// mechanism for all waiting, so that a restart keeps to it.
pub struct Courier {
    db: Db,
    clock: Clock,
    asker: Asker,
    review: ReviewRenderer,
    places: Places,
    held: Holds,
    running: JoinSet<Outcome>,
    tasks: HashMap<Id, Arc<Task>>,
    /// Ended, and not written down yet.
    ended: Vec<(Arc<Task>, Outcome)>,
    /// Told, and not written down yet.
    told: Vec<Fact>,
    /// Those who wait for nothing to be left to do.
    settling: Vec<oneshot::Sender<()>>,
    /// First answers that stand, until their rows say so.
    confirmed: HashSet<InteractionId>,
    facts: mpsc::UnboundedReceiver<Fact>,
    handle: CourierHandle,
    figures: Arc<Figures>,
    token_taken: watch::Sender<bool>,
    paused_until: Option<DateTime<Utc>>,
    next: Option<DateTime<Utc>>,
    sweep_at: Option<DateTime<Utc>>,
}

impl Courier {
    /// A courier that has not begun. `api` keeps Discord's limits; `review` makes review documents.
    pub fn new(db: Db, api: Arc<dyn DiscordApi>, clock: Clock, review: ReviewRenderer) -> Self {
        let (tell, facts) = mpsc::unbounded_channel();
        let figures = Arc::new(Figures::default());
        let (token_taken, token) = watch::channel(true);
        let handle = CourierHandle {
            tell,
            figures: Arc::clone(&figures),
            token_taken: token,
        };
        Self {
            db,
            clock,
            asker: Asker::new(api),
            review,
            places: Places::default(),
            held: Holds::default(),
            running: JoinSet::new(),
            tasks: HashMap::new(),
            ended: Vec::new(),
            told: Vec::new(),
            settling: Vec::new(),
            confirmed: HashSet::new(),
            facts,
            handle,
            figures,
            token_taken,
            paused_until: None,
            next: None,
            sweep_at: None,
        }
    }

    /// What the rest of the program has of it.
    pub fn handle(&self) -> CourierHandle {
        self.handle.clone()
    }

    /// Delivers until stopped; then waits for the calls under way and writes down how they ended.
    /// Dropped instead, it leaves rows that say what was tried, for the next one.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut others = None;
        while !stop.is_cancelled() {
            match self.wake().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, "the courier could not use the database; trying again");
                    sleep(AFTER_A_FAULT).await;
                    continue;
                }
            }
            loop {
                let next = self.next;
                tokio::select! {
                    () = stop.cancelled() => break,
                    Some(joined) = self.running.join_next_with_id() => {
                        self.joined(joined);
                        break;
                    }
                    Some(fact) = self.facts.recv() => {
                        self.hear(fact);
                        break;
                    }
                    () = self.db.committed() => break,
                    () = self.clock.sleep_until(next.unwrap_or_default()), if next.is_some() => break,
                    _ = poll.tick() => if self.somebody_wrote(&mut others).await { break },
                }
            }
        }
        self.finish().await;
    }

    /// One wake: writes down what ended, claims what is due, lets it go. Says whether rows changed
    /// so that another look may find more.
    async fn wake(&mut self) -> Result<bool> {
        while let Some(joined) = self.running.try_join_next_with_id() {
            self.joined(joined);
        }
        while let Ok(fact) = self.facts.try_recv() {
            self.hear(fact);
        }
        self.record().await?;
        let claim = self.claim().await?;
        let has_changed = self.begin(claim).await?;
        if !has_changed && self.tasks.is_empty() {
            for waiting in self.settling.drain(..) {
                // Nobody waits any more: nothing to tell.
                let _ = waiting.send(());
            }
        }
        Ok(has_changed)
    }

    fn joined(&mut self, joined: std::result::Result<(Id, Outcome), JoinError>) {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, Some(outcome)),
            Err(error) => {
                tracing::error!(%error, "a delivery broke off");
                (error.id(), None)
            }
        };
        if let Some(task) = self.tasks.remove(&id) {
            let outcome = outcome.unwrap_or_else(|| task.broken("the delivery broke off"));
            self.ended.push((task, outcome));
        }
    }

    /// What decides something at once is taken in at once; what is written waits for the next
    /// transaction.
    fn hear(&mut self, fact: Fact) {
        match fact {
            Fact::GuildSeen(guild, channels) => self.places.seen(guild, channels),
            Fact::ChannelSeen(guild, channel) => self.places.put(guild, channel),
            Fact::Settle(done) => self.settling.push(done),
            Fact::AnswerConfirmed(interaction) => {
                self.confirmed.insert(interaction);
                self.told.push(fact);
            }
            Fact::ChannelDeleted(..) | Fact::MessageDeleted(..) | Fact::PerhapsMended(_) => {
                self.told.push(fact);
            }
        }
    }

    /// Whether another process committed. If that cannot be told, it is assumed.
    async fn somebody_wrote(&self, others: &mut Option<crate::store::Watch>) -> bool {
        if others.is_none() {
            *others = self.db.watch_others().await.ok();
        }
        let Some(watch) = others else { return true };
        watch.changed().await.unwrap_or_else(|_| {
            *others = None;
            true
        })
    }

    /// Writes down what ended and what was told, all in one transaction.
    async fn record(&mut self) -> Result<()> {
        let (ended, told) = (
            std::mem::take(&mut self.ended),
            std::mem::take(&mut self.told),
        );
        if ended.is_empty() && told.is_empty() {
            return Ok(());
        }
        let all: Vec<&(Arc<Task>, Outcome)> = ended.iter().collect();
        let written = match self.write(&all, &told).await {
            // One thing that cannot be written must not keep back all others. Its row still says
            // that it was tried.
            Err(StoreError::Inconsistent(why)) => {
                tracing::error!(why, "how a delivery ended cannot be written down");
                self.write_singly(&ended, &told).await
            }
            written => written,
        };
        if let Err(error) = written {
            // What came meanwhile came later.
            self.ended.splice(0..0, ended);
            self.told.splice(0..0, told);
            return Err(error);
        }
        for (task, _) in &ended {
            self.held.free(task.holds());
        }
        Ok(())
    }

    async fn write_singly(&mut self, ended: &[(Arc<Task>, Outcome)], told: &[Fact]) -> Result<()> {
        for one in ended {
            match self.write(&[one], &[]).await {
                Err(StoreError::Inconsistent(why)) => {
                    tracing::error!(why, task = ?one.0, "not written down");
                }
                written => written?,
            }
        }
        for one in told {
            match self.write(&[], std::slice::from_ref(one)).await {
                Err(StoreError::Inconsistent(why)) => tracing::error!(why, "not written down"),
                written => written?,
            }
        }
        Ok(())
    }

    async fn write(&mut self, ended: &[&(Arc<Task>, Outcome)], told: &[Fact]) -> Result<()> {
        let now = self.clock.now();
        let mut tx = self.db.write(Lane::Courier).await?;
        let mut recorder = Recorder {
            tx: &mut tx,
            now,
            places: &mut self.places,
            confirmed: &mut self.confirmed,
            figures: &self.figures,
            token_refused: false,
        };
        // How calls ended comes first: what was deleted since may be what they made.
        for (task, outcome) in ended {
            recorder.ended(task, outcome).await?;
        }
        for fact in told {
            recorder.told(fact).await?;
        }
        let token_refused = recorder.token_refused;
        if self.sweep_at.is_none_or(|at| at <= now) {
            interactions::forget_old_tokens(&mut tx, now - TOKEN_HOLDS).await?;
            self.sweep_at = Some(now + SWEEP);
        }
        tx.commit().await?;
        self.note_token(token_refused, ended, now);
        Ok(())
    }

    /// A refused token stops delivery; the next call that goes well starts it again.
    fn note_token(&mut self, refused: bool, ended: &[&(Arc<Task>, Outcome)], now: DateTime<Utc>) {
        if refused {
            self.paused_until = Some(now + TOKEN_PAUSE);
            self.token_taken.send_replace(false);
            return;
        }
        let taken = ended.iter().any(|(task, outcome)| {
            let by_token = !matches!(&**task, Task::Show(show)
                if matches!(show.call, Call::EditAnswer { .. }));
            by_token && matches!(outcome, Outcome::Called(Ok(_)))
        });
        if taken {
            self.token_taken
                .send_if_modified(|taken| !std::mem::replace(taken, true));
        }
    }

    /// Looks, with the reader pool, what is to be done now.
    async fn claim(&mut self) -> Result<Claim> {
        let now = self.clock.now();
        if let Some(until) = self.paused_until {
            if until > now {
                self.next = Some(until);
                return Ok(Claim::default());
            }
            self.paused_until = None;
        }
        let mut conn = self.db.read().await?;
        // Held back until committed: a claim that comes to nothing holds nothing.
        let mut held = self.held.clone();
        let claimer = Claimer::new(
            &mut conn,
            now,
            &self.places,
            &self.confirmed,
            &self.review,
            &mut held,
            self.tasks.len(),
        );
        let claim = claimer.look().await?;
        self.next = claim.next;
        let (_, oldest) = effects::depth(&mut conn).await?;
        let parked = views::parked(&mut conn).await? + effects::parked(&mut conn).await?;
        self.figures.waiting(claim.depth, oldest, parked);
        Ok(claim)
    }

    /// Commits what is about to be tried, and what needs no call, in one short transaction; then
    /// lets the calls go. Says whether rows changed without a call.
    async fn begin(&mut self, claim: Claim) -> Result<bool> {
        let Claim {
            tasks,
            lapses,
            settled,
            categories,
            ..
        } = claim;
        let has_changed = !(lapses.is_empty() && settled.is_empty() && categories.is_empty());
        let tries = tasks
            .iter()
            .any(|task| matches!(task, Task::Show(_) | Task::Say(_) | Task::Do { .. }));
        if has_changed || tries {
            let now = self.clock.now();
            let mut tx = self.db.write(Lane::Courier).await?;
            let mut recorder = Recorder {
                tx: &mut tx,
                now,
                places: &mut self.places,
                confirmed: &mut self.confirmed,
                figures: &self.figures,
                token_refused: false,
            };
            recorder.lapsed(&lapses).await?;
            for row in &settled {
                recorder.settled(row).await?;
            }
            for (guild, number) in categories {
                views::add(&mut tx, guild, None, views::Name::Category, number).await?;
            }
            for task in &tasks {
                match task {
                    Task::Show(show) => {
                        if show.afresh {
                            views::not_there(&mut tx, show.view.id).await?;
                        }
                        views::attempt(&mut tx, show.view.id, now).await?;
                    }
                    Task::Say(saying) => effects::attempt(&mut tx, saying.effect.id, now).await?,
                    Task::Do { effect, .. } => effects::attempt(&mut tx, effect.id, now).await?,
                    _ => {}
                }
            }
            tx.commit().await?;
        }
        for task in tasks {
            if task.is_retry() {
                self.figures.count_retry();
            }
            self.held.take(task.holds());
            let (task, asker) = (Arc::new(task), self.asker.clone());
            let running = self.running.spawn({
                let task = Arc::clone(&task);
                async move { task.run(&asker).await }
            });
            self.tasks.insert(running.id(), task);
        }
        Ok(has_changed)
    }

    /// Stopped: nothing new is begun.
    async fn finish(&mut self) {
        loop {
            while let Ok(fact) = self.facts.try_recv() {
                self.hear(fact);
            }
            if let Err(error) = self.record().await {
                tracing::error!(%error, "the courier could not write down how calls ended");
                sleep(AFTER_A_FAULT).await;
                continue;
            }
            match self.running.join_next_with_id().await {
                Some(joined) => self.joined(joined),
                None => return,
            }
        }
    }
}
