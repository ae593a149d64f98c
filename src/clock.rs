//! The only place that asks what time it is.
//!
//! Wall time is UTC and cut to microseconds, the precision that the store keeps. A *driven* clock
//! runs at the real pace and can be moved forward: scenarios and the demo skip the waiting that way,
//! while network timeouts and backoff keep to tokio's own time.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::sync::watch;

/// Wall time; cheap to clone, all clones agree.
#[derive(Clone, Debug)]
pub struct Clock {
    /// How far ahead of the system's clock this one is.
    ahead: Arc<watch::Sender<TimeDelta>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self {
            ahead: Arc::new(watch::Sender::new(TimeDelta::zero())),
        }
    }

    /// A clock that reads `start` now and can be moved with [`Clock::advance`].
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        Self {
            ahead: Arc::new(watch::Sender::new(start - system_now())),
        }
    }

    /// Now, in UTC, cut to microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        (system_now() + *self.ahead.borrow()).trunc_subsecs(6)
    }

    /// Moves this clock forward and wakes everyone whose time has come.
    pub fn advance(&self, by: Duration) {
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        self.ahead.send_modify(|ahead| *ahead += by);
    }

    /// Returns once this clock reads `due` or later. For due rows only: it is wall time.
    pub async fn sleep_until(&self, due: DateTime<Utc>) {
        let mut moved = self.ahead.subscribe();
        loop {
            let Ok(wait) = (due - self.now()).to_std() else {
                return;
            };
            if wait.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                changed = moved.changed() => if changed.is_err() { return },
            }
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one reader of the system's clock"
)]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn moving_the_clock_wakes_a_sleeper_whose_time_has_come() {
        let clock = Clock::system();
        let due = clock.now() + TimeDelta::hours(1);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(due).await }
        });
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(3600));
        sleeper.await.unwrap();
        assert!(clock.now() >= due);
    }
}
