//! Keeps to Discord's rate limits, so that they are hardly ever hit.
//! <https://discord.com/developers/docs/topics/rate-limits>
//!
//! [`Limits`] is the arithmetic: moments come in as arguments, nothing waits. [`Limiter`] waits for
//! it, without holding a lock. [`Limited`] puts both, and the [`Breaker`], before any [`DiscordApi`].
//!
//! Why not `twilight-http-ratelimiting` 0.18: it lets one call at a time through a bucket, and before
//! it knows a bucket one per channel or server *whatever the route*, so a card would wait behind a
//! rename; it learns anew for each message id; it has no word for the scope of a 429 (a global one
//! stops nobody, one for a rename holds the channel's other changes); and it cannot say when a route
//! will be free. The courier needs just these.

use std::collections::{HashMap, VecDeque};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout_at};

use super::breaker::Breaker;
use super::failure::{A_DAY, wait_of};
use crate::discord::api::{Call, DiscordApi, Failure, LimitScope, Major, RateInfo, Reply};

/// Discord allows 50 calls a second in all; some room is left for clocks and a second program.
const GLOBAL: usize = 45;
const SECOND: Duration = Duration::from_secs(1);
/// After so many calls, what is forgotten by Discord is forgotten here.
const SWEEP_EVERY: u32 = 1_000;
/// How long a call waits for its turn by itself: what it says was rendered before, and grows old.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// When to come back after waiting in vain for another call's end.
const BUSY: Duration = Duration::from_millis(500);
/// After a 401 one call in this time finds out whether the token is taken again.
const TOKEN_PAUSE: Duration = Duration::from_secs(30);

/// A route and what it is counted by.
type Key = (&'static str, Major);

/// Whether a call may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ready {
    /// At once.
    Now,
    /// Not before this, as far as is known.
    At(Instant),
    /// When a call under way has ended and told more about the limit.
    WhenOneReturns,
}

/// What is known of a route's limit.
#[derive(Clone, Debug)]
enum Known {
    /// It counts against this bucket.
    Bucket(Arc<str>),
    /// Discord answered without naming a limit.
    Free,
}

/// What a call counts against.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Slot {
    /// Not known yet: one at a time shows the way.
    Route(Key),
    /// A bucket as Discord names it.
    Bucket(Arc<str>, Major),
}

#[derive(Clone, Copy, Debug)]
struct Window {
    limit: u32,
    remaining: u32,
    resets_at: Instant,
}

#[derive(Debug, Default)]
struct Use {
    in_flight: u32,
    window: Option<Window>,
}

/// A call that was let through.
#[derive(Debug)]
struct Taken {
    key: Key,
    slot: Option<Slot>,
}

/// What is known of all limits.
#[derive(Debug, Default)]
struct Limits {
    routes: HashMap<&'static str, Known>,
    /// How many calls a bucket allows, whatever it is counted by.
    sizes: HashMap<Arc<str>, u32>,
    slots: HashMap<Slot, Use>,
    /// Until when a 429 closed one route to one resource.
    holds: HashMap<Key, Instant>,
    /// Until when a 429 closed everything.
    global_hold: Option<Instant>,
    /// The newest calls, oldest first.
    sent: VecDeque<Instant>,
    settled: u32,
}

impl Limits {
    fn slot_of(&self, key: Key) -> Option<Slot> {
        match self.routes.get(key.0) {
            Some(Known::Bucket(bucket)) => Some(Slot::Bucket(Arc::clone(bucket), key.1)),
            Some(Known::Free) => None,
            None => Some(Slot::Route(key)),
        }
    }

    fn ready(&self, key: Key, now: Instant) -> Ready {
        let hold = self.global_hold.max(self.holds.get(&key).copied());
        if let Some(until) = hold.filter(|until| *until > now) {
            return Ready::At(until);
        }
        if self.sent.len() >= GLOBAL
            && let Some(oldest) = self.sent.front()
            && *oldest + SECOND > now
        {
            return Ready::At(*oldest + SECOND);
        }
        let Some(slot) = self.slot_of(key) else {
            return Ready::Now;
        };
        let used = self.slots.get(&slot);
        let in_flight = used.map_or(0, |used| used.in_flight);
        let allowed = match (used.and_then(|used| used.window), slot) {
            (Some(window), _) if window.resets_at > now => {
                // Answers under way may tell of more room sooner; waiters hear of them.
                return if in_flight < window.remaining {
                    Ready::Now
                } else {
                    Ready::At(window.resets_at)
                };
            }
            (Some(window), _) => window.limit,
            (None, Slot::Bucket(bucket, _)) => self.sizes.get(&bucket).copied().unwrap_or(1),
            (None, Slot::Route(_)) => 1,
        };
        if in_flight < allowed {
            Ready::Now
        } else {
            Ready::WhenOneReturns
        }
    }

    fn take(&mut self, key: Key, now: Instant) -> Result<Taken, Ready> {
        match self.ready(key, now) {
            Ready::Now => {}
            other => return Err(other),
        }
        if self.sent.len() >= GLOBAL {
            self.sent.pop_front();
        }
        self.sent.push_back(now);
        let slot = self.slot_of(key);
        if let Some(slot) = &slot {
            self.slots.entry(slot.clone()).or_default().in_flight += 1;
        }
        Ok(Taken { key, slot })
    }

    /// A call ended; `answer` is what was learnt, if it got as far as that.
    fn settle(&mut self, taken: &Taken, answer: Option<&Result<Reply, Failure>>, now: Instant) {
        if let Some(used) = taken
            .slot
            .as_ref()
            .and_then(|slot| self.slots.get_mut(slot))
        {
            used.in_flight = used.in_flight.saturating_sub(1);
        }
        match answer {
            Some(Ok(reply)) => match &reply.rate {
                Some(rate) => self.learn(taken.key, rate, now),
                None => {
                    self.routes.entry(taken.key.0).or_insert(Known::Free);
                }
            },
            // These are limits of one message, not of the route to its channel.
            Some(Err(Failure::Refused {
                code: 30046 | 20022,
                ..
            })) => {}
            Some(Err(Failure::Refused {
                status,
                retry_after,
                scope,
                rate,
                ..
            })) => {
                if let Some(rate) = rate {
                    self.learn(taken.key, rate, now);
                }
                if *status == 429 {
                    let until = Some(now + wait_of(*retry_after));
                    if *scope == Some(LimitScope::Global) {
                        self.global_hold = self.global_hold.max(until);
                    } else if let Some(until) = until {
                        self.holds.insert(taken.key, until);
                    }
                }
            }
            Some(Err(_)) | None => {}
        }
        self.settled += 1;
        if self.settled.is_multiple_of(SWEEP_EVERY) {
            self.sweep(now);
        }
    }

    fn learn(&mut self, key: Key, rate: &RateInfo, now: Instant) {
        let bucket = Arc::clone(&rate.bucket);
        let limit = rate.limit.max(1);
        self.routes
            .insert(key.0, Known::Bucket(Arc::clone(&bucket)));
        self.sizes.insert(Arc::clone(&bucket), limit);
        let used = self.slots.entry(Slot::Bucket(bucket, key.1)).or_default();
        let resets_at = now + rate.reset_after.min(A_DAY);
        let mut window = Window {
            limit,
            remaining: rate.remaining,
            resets_at,
        };
        // Answers overtake each other: within a window, the least that was heard is true.
        if let Some(old) = used.window.filter(|old| old.resets_at > now)
            && resets_at <= old.resets_at + Duration::from_millis(100)
        {
            window.remaining = window.remaining.min(old.remaining);
            window.resets_at = window.resets_at.max(old.resets_at);
        }
        used.window = Some(window);
    }

    fn sweep(&mut self, now: Instant) {
        self.holds.retain(|_, until| *until > now);
        self.slots.retain(|_, used| {
            used.in_flight > 0 || used.window.is_some_and(|window| window.resets_at > now)
        });
    }
}

/// Lets calls through as Discord's limits allow.
#[derive(Debug, Default)]
pub struct Limiter {
    limits: Mutex<Limits>,
    changed: Notify,
}

impl Limiter {
    /// Whether this call may go, without waiting for it.
    pub fn ready(&self, call: &Call, now: Instant) -> Ready {
        self.limits().ready((call.route(), call.major()), now)
    }

    /// Waits for this call's turn; at most `patience`, else it says when to come back.
    ///
    /// # Errors
    /// With the time until then.
    pub async fn acquire(&self, call: &Call, patience: Duration) -> Result<Permit<'_>, Duration> {
        let key = (call.route(), call.major());
        let give_up = Instant::now() + patience;
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            let now = Instant::now();
            let taken = self.limits().take(key, now);
            let until = match taken {
                Ok(taken) => {
                    return Ok(Permit {
                        limiter: self,
                        taken: Some(taken),
                    });
                }
                Err(Ready::At(at)) if at > give_up => return Err(at - now),
                Err(Ready::At(at)) => at,
                Err(_) if now >= give_up => return Err(BUSY),
                Err(_) => give_up,
            };
            // Either way the limits are asked again.
            let _ = timeout_at(until, changed).await;
        }
    }

    fn settle(&self, taken: &Taken, answer: Option<&Result<Reply, Failure>>) {
        self.limits().settle(taken, answer, Instant::now());
        self.changed.notify_waiters();
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to make one call. Dropped without an answer, it teaches nothing.
#[derive(Debug)]
#[must_use = "a dropped permit is a call that was not made"]
pub struct Permit<'a> {
    limiter: &'a Limiter,
    taken: Option<Taken>,
}

impl Permit<'_> {
    /// The call ended like this.
    pub fn complete(mut self, answer: &Result<Reply, Failure>) {
        if let Some(taken) = self.taken.take() {
            self.limiter.settle(&taken, Some(answer));
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if let Some(taken) = self.taken.take() {
            self.limiter.settle(&taken, None);
        }
    }
}

/// What closes the way for all calls with the bot's token.
#[derive(Debug, Default)]
struct Guard {
    breaker: Breaker,
    token_pause: Option<Instant>,
}

impl Guard {
    fn closed(&self, now: Instant) -> Option<(Instant, &'static str)> {
        if let Some(until) = self.token_pause.filter(|until| *until > now) {
            return Some((
                until,
                "Discord refused the bot token (401), so nothing is sent",
            ));
        }
        let until = self.breaker.open_until(now)?;
        Some((
            until,
            "Discord refused too many calls in a short time, so all pause to avoid a ban",
        ))
    }
}

/// Discord behind limiter and breaker.
///
/// Answers to interactions pass by both: Discord does not count them against the bot, and they are
/// as few as what people type. Their refusals are still counted.
#[derive(Debug)]
pub struct Limited<A> {
    api: A,
    limiter: Limiter,
    guard: Mutex<Guard>,
    token_refused: watch::Sender<bool>,
    patience: Duration,
}

impl<A: DiscordApi> Limited<A> {
    /// Puts limits before `api`.
    pub fn new(api: A) -> Self {
        Self {
            api,
            limiter: Limiter::default(),
            guard: Mutex::default(),
            token_refused: watch::Sender::new(false),
            patience: PATIENCE,
        }
    }

    /// With another patience than [`PATIENCE`].
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Whether this call may go now, and if not, when.
    pub fn ready(&self, call: &Call) -> Ready {
        let now = Instant::now();
        if call.is_answer() {
            return Ready::Now;
        }
        if let Some((until, _)) = self.guard().closed(now) {
            return Ready::At(until);
        }
        self.limiter.ready(call, now)
    }

    /// True from a 401 on, until a call with the token succeeds.
    pub fn token_refused(&self) -> watch::Receiver<bool> {
        self.token_refused.subscribe()
    }

    /// Until when the breaker keeps everything back, if it does.
    pub fn broken_until(&self) -> Option<Instant> {
        self.guard().breaker.open_until(Instant::now())
    }

    /// What it stands before.
    pub fn inner(&self) -> &A {
        &self.api
    }

    fn open(&self) -> Result<(), Failure> {
        let now = Instant::now();
        match self.guard().closed(now) {
            Some((until, why)) => {
                let seconds = (until - now).as_secs() + 1;
                Err(Failure::NotSent(format!("{why}; next try in {seconds} s")))
            }
            None => Ok(()),
        }
    }

    fn note(&self, with_token: bool, answer: &Result<Reply, Failure>) {
        let now = Instant::now();
        match answer {
            Ok(_) if with_token => {
                self.token_refused.send_if_modified(std::mem::take);
            }
            Ok(_) => {}
            Err(failure) => {
                let mut guard = self.guard();
                if guard.breaker.note(failure, now) {
                    tracing::error!("Discord refuses too many calls: none are sent for 2 min");
                }
                if with_token && matches!(failure, Failure::Refused { status: 401, .. }) {
                    guard.token_pause = Some(now + TOKEN_PAUSE);
                    self.token_refused
                        .send_if_modified(|refused| !std::mem::replace(refused, true));
                }
            }
        }
    }

    fn guard(&self) -> MutexGuard<'_, Guard> {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl<A: DiscordApi> DiscordApi for Limited<A> {
    async fn call(&self, call: Call) -> Result<Reply, Failure> {
        if call.is_answer() {
            let answer = self.api.call(call).await;
            self.note(false, &answer);
            return answer;
        }
        self.open()?;
        let permit = self.limiter.acquire(&call, self.patience).await;
        let permit = permit.map_err(|retry_after| Failure::Held { retry_after })?;
        self.open()?;
        let answer = self.api.call(call).await;
        // First what stops everybody, then the turn of those who wait.
        self.note(true, &answer);
        permit.complete(&answer);
        answer
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::ids::{ChannelId, GuildId, MessageId};

    fn say(channel: u64) -> Call {
        Call::CreateMessage {
            channel: ChannelId(channel),
            body: json!({}),
            files: Vec::new(),
        }
    }

    fn edit(channel: u64, message: u64) -> Call {
        let (channel, message) = (ChannelId(channel), MessageId(message));
        Call::EditMessage {
            channel,
            message,
            body: json!({}),
        }
    }

    fn rename(channel: u64) -> Call {
        Call::EditChannel {
            channel: ChannelId(channel),
            body: json!({"name": "x"}),
        }
    }

    fn overwrite(channel: u64) -> Call {
        let body = json!({"permission_overwrites": []});
        Call::EditChannel {
            channel: ChannelId(channel),
            body,
        }
    }

    fn rate(bucket: &str, limit: u32, remaining: u32, reset_ms: u64) -> RateInfo {
        let reset_after = Duration::from_millis(reset_ms);
        RateInfo {
            bucket: bucket.into(),
            limit,
            remaining,
            reset_after,
        }
    }

    fn ok(rate: RateInfo) -> Result<Reply, Failure> {
        Ok(Reply {
            status: 200,
            rate: Some(rate),
            ..Reply::default()
        })
    }

    fn limited(scope: LimitScope, seconds: f64, rate: Option<RateInfo>) -> Result<Reply, Failure> {
        refused(429, 0, Some(scope), Some(seconds), rate)
    }

    fn refused(
        status: u16,
        code: u64,
        scope: Option<LimitScope>,
        retry_after: Option<f64>,
        rate: Option<RateInfo>,
    ) -> Result<Reply, Failure> {
        let (message, body) = (String::new(), Value::Null);
        Err(Failure::Refused {
            status,
            code,
            message,
            body,
            retry_after,
            scope,
            rate,
        })
    }

    fn key(call: &Call) -> Key {
        (call.route(), call.major())
    }

    /// Limits with a clock to read off.
    struct Bench {
        limits: Limits,
        start: Instant,
        now: Instant,
    }

    impl Bench {
        fn new() -> Self {
            let start = Instant::now();
            Self {
                limits: Limits::default(),
                start,
                now: start,
            }
        }

        fn later(&mut self, ms: u64) {
            self.now += Duration::from_millis(ms);
        }

        fn take(&mut self, call: &Call) -> Taken {
            self.limits.take(key(call), self.now).unwrap()
        }

        fn end(&mut self, taken: &Taken, answer: &Result<Reply, Failure>) {
            self.limits.settle(taken, Some(answer), self.now);
        }

        fn call(&mut self, call: &Call, answer: &Result<Reply, Failure>) {
            let taken = self.take(call);
            self.end(&taken, answer);
        }

        fn ready(&self, call: &Call) -> Ready {
            self.limits.ready(key(call), self.now)
        }

        fn at(&self, ms: u64) -> Ready {
            Ready::At(self.start + Duration::from_millis(ms))
        }
    }

    #[test]
    fn an_unknown_route_shows_its_limit_with_one_call_and_holds_nobody_else() {
        let mut bench = Bench::new();
        let first = bench.take(&say(1));
        assert_eq!(bench.ready(&say(1)), Ready::WhenOneReturns);
        for other in [say(2), edit(1, 1), rename(1), overwrite(1)] {
            assert_eq!(bench.ready(&other), Ready::Now, "{}", other.route());
        }
        bench.end(&first, &ok(rate("m", 5, 4, 5_000)));
        for _ in 0..4 {
            bench.take(&say(1));
        }
        assert_eq!(bench.ready(&say(1)), bench.at(5_000));
        // The same limit counts apart elsewhere, and its size is known by now.
        for _ in 0..5 {
            bench.take(&say(2));
        }
        assert_eq!(bench.ready(&say(2)), Ready::WhenOneReturns);
    }

    #[test]
    fn a_call_that_teaches_nothing_lets_the_next_one_try() {
        let mut bench = Bench::new();
        let taken = bench.take(&say(1));
        bench.limits.settle(&taken, None, bench.now);
        bench.call(&say(1), &Err(Failure::Unknown(String::new())));
        bench.call(&say(1), &refused(500, 0, None, None, None));
        let _first = bench.take(&say(1));
        assert_eq!(bench.ready(&say(1)), Ready::WhenOneReturns);
    }

    #[test]
    fn a_route_without_limit_runs_freely() {
        let mut bench = Bench::new();
        bench.call(&Call::GatewayBot, &Ok(Reply::default()));
        for _ in 0..10 {
            bench.take(&Call::GatewayBot);
        }
        assert_eq!(bench.ready(&Call::GatewayBot), Ready::Now);
    }

    #[test]
    fn routes_that_share_a_bucket_share_its_calls() {
        let mut bench = Bench::new();
        bench.call(&edit(1, 1), &ok(rate("shared", 2, 1, 1_000)));
        bench.call(&say(1), &ok(rate("shared", 2, 0, 1_000)));
        assert_eq!(bench.ready(&edit(1, 2)), bench.at(1_000));
        assert_eq!(bench.ready(&edit(2, 2)), Ready::Now);
        bench.later(1_000);
        assert_eq!(bench.ready(&edit(1, 2)), Ready::Now);
    }

    #[test]
    fn answers_that_overtake_each_other_never_give_too_much() {
        let mut bench = Bench::new();
        bench.call(&say(1), &ok(rate("m", 5, 4, 5_000)));
        let (second, third) = (bench.take(&say(1)), bench.take(&say(1)));
        bench.later(100);
        bench.end(&third, &ok(rate("m", 5, 2, 4_900)));
        bench.end(&second, &ok(rate("m", 5, 3, 4_900)));
        bench.take(&say(1));
        bench.take(&say(1));
        assert_eq!(bench.ready(&say(1)), bench.at(5_000));
        bench.later(4_900);
        assert_eq!(bench.ready(&say(1)), Ready::Now, "a new window");
    }

    #[test]
    fn calls_still_under_way_count_in_the_next_window() {
        let mut bench = Bench::new();
        bench.call(&say(1), &ok(rate("m", 2, 1, 1_000)));
        bench.take(&say(1));
        bench.later(1_000);
        bench.take(&say(1));
        assert_eq!(bench.ready(&say(1)), Ready::WhenOneReturns);
    }

    #[test]
    fn a_hit_limit_closes_its_route_to_its_resource_alone() {
        for scope in [LimitScope::User, LimitScope::Shared] {
            let mut bench = Bench::new();
            // The hidden limit of renames: the headers promise more calls.
            bench.call(
                &rename(1),
                &limited(scope, 600.0, Some(rate("c", 5, 4, 1_000))),
            );
            assert_eq!(bench.ready(&rename(1)), bench.at(600_000));
            for other in [
                overwrite(1),
                rename(2),
                say(1),
                Call::ReadChannel {
                    channel: ChannelId(1),
                },
            ] {
                assert_eq!(bench.ready(&other), Ready::Now, "{}", other.route());
            }
            bench.later(600_000);
            assert_eq!(bench.ready(&rename(1)), Ready::Now);
        }
    }

    #[test]
    fn a_global_limit_closes_everything() {
        let mut bench = Bench::new();
        bench.call(&say(1), &limited(LimitScope::Global, 3.0, None));
        let list = Call::ListChannels { guild: GuildId(9) };
        for call in [say(1), say(2), edit(7, 7), list] {
            assert_eq!(bench.ready(&call), bench.at(3_000));
        }
        bench.later(3_000);
        assert_eq!(bench.ready(&say(2)), Ready::Now);
    }

    #[test]
    fn an_old_message_holds_no_other_message() {
        let mut bench = Bench::new();
        bench.call(&edit(1, 1), &ok(rate("e", 5, 4, 1_000)));
        let old = rate("old", 1, 0, 60_000);
        bench.call(
            &edit(1, 1),
            &refused(429, 30_046, None, Some(60.0), Some(old)),
        );
        assert_eq!(bench.ready(&edit(1, 2)), Ready::Now);
    }

    #[test]
    fn all_calls_together_keep_below_the_global_limit() {
        let mut bench = Bench::new();
        let mut sent = Vec::new();
        for n in 0..200 {
            while let Ready::At(at) = bench.ready(&say(n)) {
                bench.now = at;
            }
            bench.take(&say(n));
            sent.push(bench.now);
            bench.later(3);
        }
        for window in sent.windows(GLOBAL + 1) {
            assert!(window[GLOBAL] - window[0] >= SECOND);
        }
        assert!(
            sent[199] - sent[0] < Duration::from_secs(5),
            "and lose no time"
        );
    }

    #[test]
    fn no_number_of_discords_breaks_the_arithmetic() {
        let mut bench = Bench::new();
        let mut odd = rate("m", 0, 0, 0);
        odd.reset_after = Duration::MAX;
        bench.call(&say(1), &ok(odd));
        bench.call(&rename(1), &limited(LimitScope::User, f64::MAX, None));
        bench.later(2 * 86_400_000);
        assert_eq!(bench.ready(&say(1)), Ready::Now);
        assert_eq!(bench.ready(&rename(1)), Ready::Now);
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let mut bench = Bench::new();
        for n in 0..u64::from(SWEEP_EVERY) - 1 {
            bench.later(100);
            bench.call(&say(n), &ok(rate("m", 5, 4, 1_000)));
            assert!(bench.limits.sent.len() <= GLOBAL);
        }
        bench.later(10_000);
        bench.call(&say(1), &ok(rate("m", 5, 4, 1_000)));
        assert_eq!(bench.limits.slots.len(), 1);
    }

    /// A Discord that takes 100 ms for each answer and keeps what it was asked.
    #[derive(Default)]
    struct Fake {
        answers: Mutex<VecDeque<Result<Reply, Failure>>>,
        calls: Mutex<Vec<(&'static str, Duration)>>,
    }

    /// Since the paused clock started.
    fn elapsed(start: Instant) -> Duration {
        Instant::now() - start
    }

    #[async_trait]
    impl DiscordApi for (Arc<Fake>, Instant) {
        async fn call(&self, call: Call) -> Result<Reply, Failure> {
            self.0
                .calls
                .lock()
                .unwrap()
                .push((call.route(), elapsed(self.1)));
            tokio::time::sleep(Duration::from_millis(100)).await;
            let next = self.0.answers.lock().unwrap().pop_front();
            next.unwrap_or_else(|| ok(rate("m", 5, 4, 1_000)))
        }
    }

    type LimitedFake = Limited<(Arc<Fake>, Instant)>;

    fn fake(
        answers: impl IntoIterator<Item = Result<Reply, Failure>>,
    ) -> (Arc<Fake>, Arc<LimitedFake>) {
        let fake = Arc::new(Fake {
            answers: Mutex::new(answers.into_iter().collect()),
            calls: Mutex::default(),
        });
        let limited = Limited::new((Arc::clone(&fake), Instant::now()));
        (fake, Arc::new(limited))
    }

    fn answer() -> Call {
        let token = secrecy::SecretString::from("t");
        Call::EditAnswer {
            application: 1,
            token,
            body: json!({}),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_waits_for_its_turn_and_others_pass() {
        let start = Instant::now();
        let (fake, limited) = fake([ok(rate("m", 1, 0, 2_000))]);
        limited.call(say(1)).await.unwrap();
        let waiting = tokio::spawn({
            let limited = Arc::clone(&limited);
            async move { limited.call(say(1)).await }
        });
        tokio::task::yield_now().await;
        limited.call(edit(1, 1)).await.unwrap();
        waiting.await.unwrap().unwrap();
        let calls = fake.calls.lock().unwrap().clone();
        let ms = |n| Duration::from_millis(n);
        let expected = [
            ("create message", ms(0)),
            ("edit message", ms(100)),
            ("create message", ms(2_100)),
        ];
        assert_eq!(calls, expected);
        assert_eq!(elapsed(start), ms(2_200));
    }

    #[tokio::test(start_paused = true)]
    async fn the_second_to_an_unknown_route_goes_as_soon_as_the_first_returns() {
        let start = Instant::now();
        let (_, limited) = fake([]);
        let (first, second) = tokio::join!(limited.call(say(1)), limited.call(say(1)));
        first.and(second).unwrap();
        assert_eq!(elapsed(start), Duration::from_millis(200));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_given_up_midway_frees_its_place() {
        let (_, limited) = fake([]);
        let soon = Duration::from_millis(50);
        assert!(
            tokio::time::timeout(soon, limited.call(say(1)))
                .await
                .is_err()
        );
        limited.call(say(1)).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn what_would_wait_too_long_comes_back_with_a_time() {
        let start = Instant::now();
        let (fake, limited) = fake([limited(LimitScope::User, 600.0, None)]);
        limited.call(rename(1)).await.unwrap_err();
        assert_eq!(
            limited.ready(&rename(1)),
            Ready::At(Instant::now() + Duration::from_secs(600))
        );
        let held = limited.call(rename(1)).await.unwrap_err();
        let Failure::Held { retry_after } = held else {
            panic!("{held:?}")
        };
        assert_eq!(retry_after, Duration::from_secs(600));
        assert_eq!(elapsed(start), Duration::from_millis(100));
        assert_eq!(fake.calls.lock().unwrap().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_waits_at_most_its_patience() {
        let (fake, limited) = fake([]);
        let calls: Vec<_> = (0..400)
            .map(|n| {
                let limited = Arc::clone(&limited);
                tokio::spawn(async move { limited.call(say(n)).await })
            })
            .collect();
        let mut held = 0;
        for call in calls {
            match call.await.unwrap() {
                Ok(_) => {}
                Err(Failure::Held { .. }) => held += 1,
                Err(other) => panic!("{other:?}"),
            }
        }
        let sent = fake.calls.lock().unwrap().len();
        assert_eq!((sent, held), (6 * GLOBAL, 400 - 6 * GLOBAL));
    }

    #[tokio::test(start_paused = true)]
    async fn answers_to_interactions_pass_every_limit() {
        let (fake, limited) = fake([limited(LimitScope::Global, 600.0, None)]);
        limited.call(say(1)).await.unwrap_err();
        for _ in 0..100 {
            assert_eq!(limited.ready(&answer()), Ready::Now);
            limited.call(answer()).await.unwrap();
        }
        assert_eq!(fake.calls.lock().unwrap().len(), 101);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_refusals_stops_the_calls_but_not_the_answers() {
        let refusals = (0..1_000).map(|_| refused(403, 50_013, None, None, None));
        let (fake, limited) = fake(refusals);
        for n in 0..1_000 {
            limited.call(say(n)).await.unwrap_err();
        }
        let stopped = limited.call(say(1)).await.unwrap_err();
        assert!(
            matches!(&stopped, Failure::NotSent(why) if why.contains("too many")),
            "{stopped}"
        );
        assert_eq!(
            limited.ready(&say(1)),
            Ready::At(limited.broken_until().unwrap())
        );
        limited.call(answer()).await.unwrap();
        assert_eq!(fake.calls.lock().unwrap().len(), 1_001);
        tokio::time::advance(Duration::from_secs(120)).await;
        limited.call(say(1)).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_token_is_told_and_tried_again_by_one_call_in_a_while() {
        let (fake, limited) = fake([refused(401, 0, None, None, None)]);
        let mut refused = limited.token_refused();
        assert!(!*refused.borrow_and_update());
        limited.call(say(1)).await.unwrap_err();
        assert!(*refused.borrow_and_update());
        let stopped = limited.call(say(2)).await.unwrap_err();
        assert!(
            matches!(&stopped, Failure::NotSent(why) if why.contains("token")),
            "{stopped}"
        );
        assert_eq!(fake.calls.lock().unwrap().len(), 1);
        tokio::time::advance(TOKEN_PAUSE).await;
        limited.call(say(2)).await.unwrap();
        assert!(!*refused.borrow_and_update());
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_waited_while_the_token_was_refused_is_not_sent() {
        let (fake, limited) = fake([refused(401, 0, None, None, None)]);
        let (first, second) = tokio::join!(limited.call(say(1)), limited.call(say(1)));
        assert!(
            matches!(first, Err(Failure::Refused { status: 401, .. })),
            "{first:?}"
        );
        assert!(matches!(second, Err(Failure::NotSent(_))), "{second:?}");
        assert_eq!(fake.calls.lock().unwrap().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn an_expired_answer_says_nothing_of_the_bots_token() {
        let (_, limited) = fake([refused(401, 50_027, None, None, None)]);
        limited.call(answer()).await.unwrap_err();
        assert!(!*limited.token_refused().borrow());
        assert_eq!(limited.ready(&say(1)), Ready::Now);
    }
}
