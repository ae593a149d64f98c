//! Stops calling before Discord bans the address.
//!
//! 10,000 answers of 401, 403 or 429 in 10 minutes shut the address out, for every bot on it. A bug
//! that loops reaches that in minutes, so at a tenth of it everything pauses. 429s of a shared limit
//! do not count.
//! <https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::discord::api::{Failure, LimitScope};

/// The time over which refusals are counted.
const WINDOW: Duration = Duration::from_mins(10);
/// So many refusals break the circuit.
const TOO_MANY: usize = 1_000;
/// For so long. Counting starts again after it, so the worst case is half of what Discord allows.
const COOL_DOWN: Duration = Duration::from_mins(2);

/// Counts refusals; moments are given, never asked for.
#[derive(Debug, Default)]
pub struct Breaker {
    refusals: VecDeque<Instant>,
    open_until: Option<Instant>,
}

impl Breaker {
    /// Until when nothing may be sent, if the circuit is broken.
    pub fn open_until(&self, now: Instant) -> Option<Instant> {
        self.open_until.filter(|until| *until > now)
    }

    /// Counts a failure if Discord does. Returns whether this one broke the circuit.
    pub fn note(&mut self, failure: &Failure, now: Instant) -> bool {
        let Failure::Refused {
            status: 401 | 403 | 429,
            scope,
            ..
        } = failure
        else {
            return false;
        };
        if *scope == Some(LimitScope::Shared) {
            return false;
        }
        while self
            .refusals
            .front()
            .is_some_and(|first| now.duration_since(*first) >= WINDOW)
        {
            self.refusals.pop_front();
        }
        self.refusals.push_back(now);
        if self.refusals.len() < TOO_MANY {
            return false;
        }
        self.refusals.clear();
        self.open_until = Some(now + COOL_DOWN);
        true
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn refused(status: u16, scope: Option<LimitScope>) -> Failure {
        let (message, body) = (String::new(), Value::Null);
        Failure::Refused {
            status,
            code: 0,
            message,
            body,
            retry_after: None,
            scope,
            rate: None,
        }
    }

    #[test]
    fn a_flood_of_refusals_breaks_it_for_a_while() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        for n in 1..TOO_MANY {
            let status = [401, 403, 429][n % 3];
            assert!(!breaker.note(&refused(status, None), now));
        }
        assert_eq!(breaker.open_until(now), None);
        assert!(breaker.note(&refused(403, None), now));
        assert_eq!(breaker.open_until(now), Some(now + COOL_DOWN));
        assert_eq!(breaker.open_until(now + COOL_DOWN), None);
        assert!(
            !breaker.note(&refused(403, None), now + COOL_DOWN),
            "it counts anew"
        );
    }

    #[test]
    fn a_trickle_never_breaks_it() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        for n in 0..5_000 {
            let now = start + Duration::from_millis(601) * n;
            assert!(!breaker.note(&refused(403, None), now));
        }
    }

    #[test]
    fn what_discord_does_not_count_is_not_counted() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..2 * TOO_MANY {
            breaker.note(&refused(429, Some(LimitScope::Shared)), now);
            breaker.note(&refused(404, None), now);
            breaker.note(&refused(500, None), now);
            breaker.note(&Failure::Unknown(String::new()), now);
        }
        assert_eq!(breaker.open_until(now), None);
    }
}
