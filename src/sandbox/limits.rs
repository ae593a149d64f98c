//! Rate limits: buckets per route and channel or server, and the global one.
//!
//! Sources: Discord's "Rate Limits". Numbers of single routes are not published and change; the
//! defaults here are generous and can be set. Interaction endpoints stand outside the global limit.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// So many requests in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Requests.
    pub limit: u32,
    /// Seconds.
    pub window: f64,
}

/// The limits in force.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests a second over all routes; `None`: no limit.
    pub global: Option<u32>,
    /// For routes without an own entry.
    pub default: Rate,
    /// By the route's name.
    pub routes: BTreeMap<String, Rate>,
}

impl Default for Limits {
    /// The global 50 a second, and 50 in 5 seconds a route and channel.
    fn default() -> Self {
        Self {
            global: Some(50),
            default: Rate {
                limit: 50,
                window: 5.0,
            },
            routes: BTreeMap::new(),
        }
    }
}

impl Limits {
    /// No limits at all.
    pub fn none() -> Self {
        Self {
            global: None,
            default: Rate {
                limit: u32::MAX,
                window: 1.0,
            },
            routes: BTreeMap::new(),
        }
    }

    /// Limits as bots report them from Discord: 5 in 5 seconds for messages and their edits, one
    /// reaction each quarter of a second.
    pub fn like_discord() -> Self {
        let tight = Rate {
            limit: 5,
            window: 5.0,
        };
        let routes = [
            ("create message", tight),
            ("edit message", tight),
            ("edit answer", tight),
            ("create followup", tight),
            ("delete message", tight),
            ("pin message", tight),
            (
                "add reaction",
                Rate {
                    limit: 1,
                    window: 0.25,
                },
            ),
            (
                "create channel",
                Rate {
                    limit: 10,
                    window: 10.0,
                },
            ),
            (
                "crosspost message",
                Rate {
                    limit: 10,
                    window: 3600.0,
                },
            ),
        ];
        Self {
            routes: routes
                .into_iter()
                .map(|(kind, rate)| (kind.to_owned(), rate))
                .collect(),
            ..Self::default()
        }
    }

    fn of(&self, kind: &str) -> Rate {
        self.routes.get(kind).copied().unwrap_or(self.default)
    }
}

#[derive(Debug)]
struct Bucket {
    used: u32,
    resets_at: DateTime<Utc>,
}

/// What the headers say, and whether the request may pass.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) bucket: String,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_at: DateTime<Utc>,
    pub(crate) reset_after: f64,
    /// Seconds to wait, and whether the limit is the global one.
    pub(crate) refused: Option<(f64, bool)>,
}

/// Counts requests.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    pub(crate) limits: Limits,
    buckets: BTreeMap<(String, u64), Bucket>,
    recent: VecDeque<DateTime<Utc>>,
}

fn seconds(delta: TimeDelta) -> f64 {
    delta.as_seconds_f64().max(0.001)
}

impl Limiter {
    /// Counts one request against its bucket and, unless exempt, the global limit.
    pub(crate) fn count(
        &mut self,
        now: DateTime<Utc>,
        kind: &str,
        major: u64,
        exempt: bool,
    ) -> Verdict {
        let rate = self.limits.of(kind);
        let window = TimeDelta::milliseconds((rate.window * 1000.0) as i64);
        let bucket = self
            .buckets
            .entry((kind.to_owned(), major))
            .or_insert(Bucket {
                used: 0,
                resets_at: now + window,
            });
        if bucket.resets_at <= now {
            *bucket = Bucket {
                used: 0,
                resets_at: now + window,
            };
        }
        let mut verdict = Verdict {
            bucket: hex::encode(&Sha256::digest(kind.as_bytes())[..16]),
            limit: rate.limit,
            remaining: rate.limit.saturating_sub(bucket.used + 1),
            reset_at: bucket.resets_at,
            reset_after: seconds(bucket.resets_at - now),
            refused: None,
        };
        if !exempt && let Some(global) = self.limits.global {
            let second = TimeDelta::seconds(1);
            while self.recent.front().is_some_and(|at| now - *at >= second) {
                self.recent.pop_front();
            }
            if self.recent.len() >= global as usize {
                let wait = self
                    .recent
                    .front()
                    .map_or(1.0, |first| seconds(*first + second - now));
                verdict.refused = Some((wait, true));
                return verdict;
            }
            self.recent.push_back(now);
        }
        if bucket.used >= rate.limit {
            verdict.remaining = 0;
            verdict.refused = Some((verdict.reset_after, false));
        } else {
            bucket.used += 1;
        }
        verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let mut limiter = Limiter {
            limits: Limits::like_discord(),
            ..Limiter::default()
        };
        let now = Utc
            .with_ymd_and_hms(2026, 7, 14, 9, 0, 0)
            .single()
            .expect("a date");
        for left in (0..5).rev() {
            let verdict = limiter.count(now, "create message", 1, false);
            assert_eq!((verdict.remaining, verdict.refused), (left, None));
        }
        assert_eq!(
            limiter.count(now, "create message", 1, false).refused,
            Some((5.0, false))
        );
        assert_eq!(
            limiter.count(now, "create message", 2, false).refused,
            None,
            "another channel"
        );
        let later = now + TimeDelta::seconds(5);
        assert_eq!(
            limiter.count(later, "create message", 1, false).refused,
            None
        );
    }

    #[test]
    fn the_global_limit_spares_interactions() {
        let mut limiter = Limiter::default();
        let now = Utc
            .with_ymd_and_hms(2026, 7, 14, 9, 0, 0)
            .single()
            .expect("a date");
        for channel in 0..50 {
            assert!(
                limiter
                    .count(now, "create message", channel, false)
                    .refused
                    .is_none()
            );
        }
        assert!(matches!(
            limiter.count(now, "create message", 99, false).refused,
            Some((_, true))
        ));
        assert!(
            limiter
                .count(now, "interaction callback", 1, true)
                .refused
                .is_none()
        );
    }
}
