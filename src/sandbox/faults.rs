//! What goes wrong on demand, and requests held still so that a test can kill something meanwhile.

use std::sync::Arc;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::watch;

/// Which requests.
#[derive(Clone, Debug)]
pub enum RoutePattern {
    /// Every request.
    Any,
    /// By the route's name: "create channel", "interaction callback" …
    Kind(String),
    /// By method and path, without `/api/v10`; `*` stands for one segment, a last `**` for the rest.
    Path(String, String),
}

impl From<&str> for RoutePattern {
    /// `"*"`, a route's name, or `"POST /channels/*/messages"`.
    fn from(text: &str) -> Self {
        match text.split_once(" /") {
            _ if text == "*" => Self::Any,
            Some((method, path)) => Self::Path(method.to_uppercase(), format!("/{path}")),
            None => Self::Kind(text.to_owned()),
        }
    }
}

impl RoutePattern {
    fn fits(&self, method: &str, path: &str, kind: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Kind(wanted) => wanted == kind,
            Self::Path(wanted, pattern) => {
                let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
                wanted == method
                    && loop {
                        match (pattern.next(), path.next()) {
                            (Some("**"), _) | (None, None) => break true,
                            (Some("*"), Some(_)) => {}
                            (Some(a), Some(b)) if a == b => {}
                            _ => break false,
                        }
                    }
            }
        }
    }
}

/// How often.
#[derive(Clone, Debug)]
pub enum When {
    /// Until it is taken away.
    Always,
    /// The next so many that fit.
    Next(u32),
    /// This share of those that fit, the same ones for the same seed.
    Chance {
        /// From 0 to 1.
        share: f64,
        /// The seed.
        seed: u64,
    },
}

/// How far a rate limit reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The bot's own use of a route.
    User,
    /// The bot's own use of everything.
    Global,
    /// Everyone's use of a resource.
    Shared,
}

impl Scope {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Global => "global",
            Self::Shared => "shared",
        }
    }
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum FaultKind {
    /// Refused with a status and Discord's code; no effect.
    Refuse {
        /// HTTP status.
        status: u16,
        /// Discord's JSON code.
        code: u64,
        /// Its message.
        message: String,
    },
    /// 429; no effect.
    RateLimit {
        /// `X-RateLimit-Scope`.
        scope: Scope,
        /// Seconds.
        retry_after: f64,
    },
    /// A bare status, as of a proxy in trouble; no effect.
    Status(u16),
    /// Never answered; no effect.
    Hang,
    /// The connection breaks; no effect.
    ResetBefore,
    /// The effect happens, then the connection breaks: the one that makes doubles.
    ResetAfter,
    /// The connection breaks now and the effect happens later (real time).
    LateEffect(Duration),
    /// Everything is right but slow (real time).
    Slow(Duration),
}

/// Something to go wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Where.
    pub route: RoutePattern,
    /// How often.
    pub when: When,
    /// What.
    pub kind: FaultKind,
}

impl Fault {
    /// The next request that fits goes wrong this way.
    pub fn next(route: impl Into<RoutePattern>, kind: FaultKind) -> Self {
        Self {
            route: route.into(),
            when: When::Next(1),
            kind,
        }
    }

    /// Every request that fits goes wrong this way, until the faults are cleared.
    pub fn always(route: impl Into<RoutePattern>, kind: FaultKind) -> Self {
        Self {
            route: route.into(),
            when: When::Always,
            kind,
        }
    }
}

/// Where a request is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldAt {
    /// Before anything has happened.
    BeforeEffect,
    /// After it has happened, before the answer.
    AfterEffect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    Reached,
    Released,
    Severed,
}

/// A request held still. Dropping it lets the request go.
#[derive(Debug)]
pub struct Hold {
    stage: Arc<watch::Sender<Stage>>,
}

impl Hold {
    /// Returns once a request has come to the hold.
    pub async fn reached(&self) {
        let mut stage = self.stage.subscribe();
        let _gone = stage.wait_for(|stage| *stage != Stage::Waiting).await;
    }

    /// Whether a request has come to the hold.
    pub fn is_reached(&self) -> bool {
        *self.stage.borrow() != Stage::Waiting
    }

    /// Lets the request go on.
    pub fn release(self) {
        self.stage.send_replace(Stage::Released);
    }

    /// Breaks its connection, without an answer; one held before its effect has none.
    pub fn sever(self) {
        self.stage.send_replace(Stage::Severed);
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.stage.send_if_modified(|stage| {
            let open = matches!(stage, Stage::Waiting | Stage::Reached);
            if open {
                *stage = Stage::Released;
            }
            open
        });
    }
}

struct ArmedHold {
    route: RoutePattern,
    at: HoldAt,
    /// How many fitting requests still pass first.
    skip: u64,
    stage: Arc<watch::Sender<Stage>>,
}

/// A hold that one request has run into.
pub(crate) struct Caught {
    pub(crate) at: HoldAt,
    stage: Arc<watch::Sender<Stage>>,
}

impl Caught {
    /// Waits for the verdict; false: the connection is to be cut.
    pub(crate) async fn wait(&self) -> bool {
        self.stage.send_if_modified(|stage| {
            let waiting = *stage == Stage::Waiting;
            if waiting {
                *stage = Stage::Reached;
            }
            waiting
        });
        let mut stage = self.stage.subscribe();
        match stage
            .wait_for(|stage| matches!(stage, Stage::Released | Stage::Severed))
            .await
        {
            Ok(stage) => *stage == Stage::Released,
            Err(_) => true,
        }
    }
}

struct ArmedFault {
    fault: Fault,
    dice: Option<StdRng>,
}

/// All faults and holds that are set.
#[derive(Default)]
pub(crate) struct Faults {
    faults: Vec<ArmedFault>,
    holds: Vec<ArmedHold>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        let dice = match fault.when {
            When::Chance { seed, .. } => Some(StdRng::seed_from_u64(seed)),
            When::Always | When::Next(_) => None,
        };
        self.faults.push(ArmedFault { fault, dice });
    }

    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    pub(crate) fn hold(&mut self, route: RoutePattern, at: HoldAt, skip: u64) -> Hold {
        let stage = Arc::new(watch::Sender::new(Stage::Waiting));
        self.holds.push(ArmedHold {
            route,
            at,
            skip,
            stage: stage.clone(),
        });
        Hold { stage }
    }

    /// The hold that this request runs into, if any; each catches one request.
    pub(crate) fn catch(&mut self, method: &str, path: &str, kind: &str) -> Option<Caught> {
        self.holds
            .retain(|hold| !matches!(*hold.stage.borrow(), Stage::Released | Stage::Severed));
        let mut caught = None;
        for (at, hold) in self.holds.iter_mut().enumerate() {
            if !hold.route.fits(method, path, kind) {
                continue;
            }
            if hold.skip > 0 {
                hold.skip -= 1;
            } else if caught.is_none() {
                caught = Some(at);
            }
        }
        let hold = self.holds.remove(caught?);
        Some(Caught {
            at: hold.at,
            stage: hold.stage,
        })
    }

    /// What goes wrong with this request, if anything.
    pub(crate) fn strike(&mut self, method: &str, path: &str, kind: &str) -> Option<FaultKind> {
        let mut struck = None;
        for armed in &mut self.faults {
            if !armed.fault.route.fits(method, path, kind) {
                continue;
            }
            let hit = match &mut armed.fault.when {
                When::Always => true,
                When::Next(0) => false,
                When::Next(left) => {
                    *left -= 1;
                    true
                }
                When::Chance { share, .. } => {
                    let share = share.clamp(0.0, 1.0);
                    armed
                        .dice
                        .as_mut()
                        .is_some_and(|dice| dice.random_bool(share))
                }
            };
            if hit {
                struck = Some(armed.fault.kind.clone());
                break;
            }
        }
        self.faults
            .retain(|armed| !matches!(armed.fault.when, When::Next(0)));
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_its_route_and_no_other() {
        let pattern = RoutePattern::from("POST /channels/*/messages");
        assert!(pattern.fits("POST", "/channels/1/messages", "create message"));
        assert!(!pattern.fits("GET", "/channels/1/messages", "list messages"));
        assert!(!pattern.fits("POST", "/channels/1/messages/2", "x"));
        assert!(RoutePattern::from("create channel").fits(
            "POST",
            "/guilds/1/channels",
            "create channel"
        ));
        assert!(RoutePattern::from("GET /guilds/**").fits("GET", "/guilds/1/roles", "list roles"));
    }

    #[test]
    fn chance_strikes_the_same_requests_for_the_same_seed() {
        let strikes = || {
            let mut faults = Faults::default();
            let when = When::Chance {
                share: 0.5,
                seed: 7,
            };
            faults.add(Fault {
                route: RoutePattern::Any,
                when,
                kind: FaultKind::Hang,
            });
            (0..32)
                .map(|_| faults.strike("GET", "/", "x").is_some())
                .collect::<Vec<_>>()
        };
        assert_eq!(strikes(), strikes());
        assert!(strikes().contains(&true) && strikes().contains(&false));
    }
}
