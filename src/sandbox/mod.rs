//! A small Discord on this machine: REST v10, gateway v10, and people to use them.
//!
//! The bot cannot tell it from Discord but by `DISCORD_API_URL`: it keeps what Discord keeps, and
//! refuses what Discord refuses with Discord's bodies. What goes wrong at Discord now and then goes
//! wrong here on demand. The demo, `warbell sandbox` and every scenario test run on it.
//!
//! - [`scene`]: what exists · [`snowflake`]: ids · [`permissions`]: who may do what
//! - `world`: every way it changes, `shared`: its lock · `pings`: who is notified · `render`: Discord's JSON
//! - `rest`: routes · `judge`: bodies that are refused · [`limits`]: rate limits
//! - `gateway`: sessions and events · `interactions`: INTERACTION_CREATE
//! - [`faults`]: what goes wrong, and holds · `connection`: connections that can be broken
//! - `server`, [`people`], `asked`: driving it as people do · `typed`: a typed command
//! - [`look`], `answer`: asking what it looks like
//! - `http_driver`: the same over HTTP
//!
//! ```no_run
//! # use warbell::sandbox::{Sandbox, SandboxOptions};
//! # use serde_json::json;
//! # async fn play() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start(SandboxOptions::default()).await?;
//! let server = sandbox.add_server("Prime Shop");
//! let ana = server.add_member("ana");
//! // … start the bot with `sandbox.url()` and `sandbox.token()` …
//! let asked = ana.slash(server.general(), "incident declare", json!({"title": "Checkout down"})).await?;
//! println!("{}", asked.answer().await?.text());
//! # Ok(())
//! # }
//! ```

mod answer;
mod asked;
mod connection;
pub mod faults;
mod gateway;
mod http_driver;
mod interactions;
mod judge;
pub mod limits;
pub mod look;
pub mod people;
pub mod permissions;
mod pings;
mod render;
mod rest;
pub mod scene;
mod server;
mod shared;
pub mod snowflake;
mod typed;
mod world;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rand::Rng;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use self::answer::Answer;
pub use self::asked::Asked;
pub use self::faults::{Fault, FaultKind, Hold, HoldAt, RoutePattern, Scope, When};
pub use self::limits::{Limits, Rate};
pub use self::look::{ChannelLook, Look, MessageLook};
pub use self::people::{Person, Target};
pub use self::server::Server;
pub use self::snowflake::{ChannelId, MessageId, RoleId, ServerId, UserId};

use self::scene::{Scene, User};
use self::shared::Shared;
use crate::clock::Clock;

/// How a sandbox starts.
#[derive(Clone, Debug)]
pub struct SandboxOptions {
    /// Whose time it is: ids, the 3 seconds, the 15 minutes, rate limits and the `Date` header.
    pub clock: Clock,
    /// Where it listens; port 0 takes a free one.
    pub bind: SocketAddr,
    /// The bot's token; `None` makes one up.
    pub token: Option<String>,
    /// Whether the application has the message content intent.
    pub message_content: bool,
    /// Whether it has the members intent.
    pub members_intent: bool,
    /// Rate limits.
    pub limits: Limits,
    /// The gateway's heartbeat interval.
    pub heartbeat: Duration,
    /// How long [`Asked::answer`] waits (real time).
    pub answer_timeout: Duration,
    /// How long [`Sandbox::until`] waits (real time).
    pub wait_timeout: Duration,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            bind: SocketAddr::from(([127, 0, 0, 1], 0)),
            token: None,
            message_content: true,
            members_intent: false,
            limits: Limits::default(),
            heartbeat: Duration::from_millis(41_250),
            answer_timeout: Duration::from_secs(3),
            wait_timeout: Duration::from_secs(10),
        }
    }
}

/// Why something could not be done, or was waited for in vain. `Debug` is readable: tests unwrap it.
#[derive(Clone, thiserror::Error)]
#[error("{0}")]
pub struct DriveError(pub String);

impl fmt::Debug for DriveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a closure given to [`Sandbox::until`] may return.
pub trait Found {
    /// What is found.
    type Thing;
    /// The thing, if it is there.
    fn found(self) -> Option<Self::Thing>;
}

impl Found for bool {
    type Thing = ();

    fn found(self) -> Option<()> {
        self.then_some(())
    }
}

impl<T> Found for Option<T> {
    type Thing = T;

    fn found(self) -> Option<T> {
        self
    }
}

/// A running sandbox; clones are the same one.
#[derive(Clone)]
pub struct Sandbox {
    pub(crate) shared: Arc<Shared>,
    address: SocketAddr,
    answer_timeout: Duration,
    wait_timeout: Duration,
    stop: Arc<watch::Sender<bool>>,
}

impl Sandbox {
    /// Listens and serves until [`Sandbox::stop`] or the runtime's end.
    ///
    /// # Errors
    /// If the address is not free.
    pub async fn start(options: SandboxOptions) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.bind).await?;
        let address = listener.local_addr()?;
        let mut mint = snowflake::Mint::default();
        let app_id = mint.next(options.clock.now() - chrono::TimeDelta::days(1));
        let token = options.token.unwrap_or_else(|| {
            let secret = hex::encode(rand::rng().random::<[u8; 19]>());
            format!("{}.sandbox.{secret}", hex::encode(app_id.to_string()))
        });
        let mut scene = Scene {
            app_id,
            base_url: format!("http://{address}"),
            message_content: options.message_content,
            ..Scene::default()
        };
        scene.users.insert(
            app_id,
            User {
                id: app_id,
                name: "Warbell".to_owned(),
                bot: true,
            },
        );
        let shared = Arc::new(Shared::new(options.clock, token, scene));
        shared.change(|world| {
            world.limiter.limits = options.limits;
            world.gateway.heartbeat_ms =
                u64::try_from(options.heartbeat.as_millis()).unwrap_or(u64::MAX);
            world.gateway.privileged = if options.members_intent {
                gateway::intents::GUILD_MEMBERS
            } else {
                0
            };
        });
        let stop = Arc::new(watch::Sender::new(false));
        let sandbox = Self {
            shared,
            address,
            answer_timeout: options.answer_timeout,
            wait_timeout: options.wait_timeout,
            stop,
        };
        http_driver::serve(&sandbox, listener);
        Ok(sandbox)
    }

    /// Stops listening and breaks every connection.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub(crate) fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// The base for `DISCORD_API_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bot's token.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// The application's id, which is its bot user's.
    pub fn app_id(&self) -> UserId {
        UserId(self.shared.read(|world| world.scene.app_id))
    }

    /// The clock it goes by.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// A server that the bot is in by its invite, with an owner and `#general`.
    pub fn add_server(&self, name: &str) -> Server {
        let id = self.shared.change(|world| server::new_server(world, name));
        Server {
            sandbox: self.clone(),
            id,
        }
    }

    /// A server by name.
    pub fn server(&self, name: &str) -> Option<Server> {
        let found = self.shared.read(|world| {
            world
                .scene
                .servers
                .values()
                .find(|server| server.name == name)
                .map(|server| server.id)
        });
        found.map(|id| Server {
            sandbox: self.clone(),
            id,
        })
    }

    /// The world as it is now.
    pub fn look(&self) -> Look {
        Look::new(self.shared.read(|world| world.scene.clone()))
    }

    pub(crate) fn answer_timeout(&self) -> Duration {
        self.answer_timeout
    }

    pub(crate) fn wait_timeout(&self) -> Duration {
        self.wait_timeout
    }

    pub(crate) async fn wait<T>(
        &self,
        most: Duration,
        wanted: impl Fn(&Look) -> Option<T>,
    ) -> Result<T, Look> {
        let mut changes = self.shared.changes();
        let until = tokio::time::Instant::now() + most;
        loop {
            changes.mark_unchanged();
            let look = self.look();
            if let Some(found) = wanted(&look) {
                return Ok(found);
            }
            match tokio::time::timeout_at(until, changes.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return Err(self.look()),
            }
        }
    }

    /// Waits until the world looks as wanted; wakes on each change.
    ///
    /// # Errors
    /// After the timeout, with the world written out.
    pub async fn until<F: Found>(
        &self,
        wanted: impl Fn(&Look) -> F,
    ) -> Result<F::Thing, DriveError> {
        let found = self
            .wait(self.wait_timeout, |look| wanted(look).found())
            .await;
        found.map_err(|look| {
            DriveError(format!(
                "waited {:?} in vain\n{}",
                self.wait_timeout,
                look.dump()
            ))
        })
    }

    /// Waits until no REST request has come for a while (real time), which is when a bot rests.
    pub async fn rest(&self, quiet: Duration) {
        let mut changes = self.shared.changes();
        while tokio::time::timeout(quiet, changes.changed())
            .await
            .is_ok_and(|changed| changed.is_ok())
        {}
    }

    /// Waits until a bot's session is connected.
    ///
    /// # Errors
    /// After the timeout.
    pub async fn connected(&self) -> Result<(), DriveError> {
        let found = self
            .wait(self.wait_timeout, |_| (self.sessions() > 0).then_some(()))
            .await;
        found.map_err(|_| DriveError("no bot connected".to_owned()))
    }

    /// How many sessions are connected now.
    pub fn sessions(&self) -> usize {
        self.shared.read(|world| world.gateway.connected())
    }

    /// Makes something go wrong.
    pub fn fault(&self, fault: Fault) {
        self.shared.change(|world| world.faults.add(fault));
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.shared.change(|world| world.faults.clear());
    }

    /// Holds the next request of this route.
    pub fn hold(&self, route: impl Into<RoutePattern>, at: HoldAt) -> Hold {
        let route = route.into();
        self.shared.change(|world| world.faults.hold(route, at, 0))
    }

    /// Holds the n-th REST request from now (the first is 1), whatever its route.
    pub fn hold_nth_request(&self, n: u64, at: HoldAt) -> Hold {
        self.shared.change(|world| {
            world
                .faults
                .hold(RoutePattern::Any, at, n.saturating_sub(1))
        })
    }

    /// Breaks the gateway connections without a word; sessions can be resumed.
    pub fn drop_gateway(&self) {
        self.shared.change(|world| world.gateway.drop_all());
    }

    /// Closes the gateway connections with a code, such as 4000 or 4009.
    pub fn close_gateway(&self, code: u16) {
        self.shared.change(|world| world.gateway.close_all(code));
    }

    /// Opcode 7: asks the bot to reconnect and resume.
    pub fn reconnect(&self) {
        self.shared.change(|world| world.gateway.ask_reconnect());
    }

    /// Opcode 9: the session is invalid, for good or resumable.
    pub fn invalid_session(&self, resumable: bool) {
        self.shared
            .change(|world| world.gateway.invalidate(resumable));
    }

    /// Sessions are forgotten: the next RESUME is answered with an invalid session.
    pub fn forget_sessions(&self) {
        self.shared.change(|world| {
            world.gateway.drop_all();
            world.gateway.forget();
        });
    }

    /// Heartbeats are no longer acknowledged.
    pub fn lose_acks(&self, lose: bool) {
        self.shared.change(|world| world.gateway.lose_acks = lose);
    }

    /// Each event comes twice.
    pub fn duplicate_events(&self, duplicate: bool) {
        self.shared
            .change(|world| world.gateway.duplicate = duplicate);
    }

    /// Sends an event that no client can read.
    pub fn send_unparseable(&self, kind: &str) {
        let data = serde_json::json!({"id": 5, "unreadable": true});
        self.shared.change(|world| world.tell(kind, 0, 0, &data));
    }

    /// The next event of this kind goes out without one of its fields, such as an interaction
    /// without `attachment_size_limit`.
    pub fn strip_next_event(&self, kind: &str, field: &str) {
        self.shared
            .change(|world| world.gateway.strip_next(kind, field));
    }

    /// Events are kept back from now on.
    pub fn pause_gateway(&self) {
        self.shared.change(|world| world.gateway.pause(true));
    }

    /// Events flow again, those kept back first.
    pub fn resume_gateway(&self) {
        self.shared.change(|world| world.gateway.pause(false));
    }

    /// Sets how many sessions may still be started today.
    pub fn set_session_starts_left(&self, left: u64) {
        self.shared.change(|world| world.gateway.starts_left = left);
    }

    /// Switches the application's message content intent.
    pub fn set_message_content(&self, on: bool) {
        self.shared.change(|world| world.scene.message_content = on);
    }

    /// Sets the rate limits.
    pub fn set_limits(&self, limits: Limits) {
        self.shared.change(|world| world.limiter.limits = limits);
    }

    /// Edits of this message answer 30046, or no longer.
    pub fn throttle_edits(&self, message: impl Into<u64>, on: bool) {
        let message = message.into();
        self.shared.change(|world| {
            world.throttled_edits.retain(|id| *id != message);
            if on {
                world.throttled_edits.push(message);
            }
        });
    }

    /// How many edits of messages older than an hour each channel takes in an hour before 30046
    /// (Discord publishes no number; any number at first).
    pub fn limit_old_edits(&self, most: Option<u32>) {
        self.shared.change(|world| world.old_edits = most);
    }

    /// AutoMod refuses messages with this text (200000).
    pub fn automod(&self, text: Option<&str>) {
        self.shared
            .change(|world| world.automod = text.map(str::to_owned));
    }

    /// Sends a hand-made INTERACTION_CREATE, such as one with a forged `custom_id`. Take a real one
    /// from [`Look`] as a pattern; id and token are replaced if missing.
    pub fn interact_raw(&self, payload: Value) -> Asked {
        let interaction = self
            .shared
            .change(|world| interactions::send_raw(world, payload));
        Asked::new(self, interaction)
    }
}

#[cfg(test)]
mod tests;
