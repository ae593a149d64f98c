//! How far Discord's clock and ours are apart, learnt from the `Date` header of its answers.
//!
//! An interaction too old to be answered is told by its id, which carries Discord's time. A machine
//! whose clock is off would refuse everything, or nothing; so the age is taken by Discord's clock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::Clock;
use crate::domain::ids::InteractionId;

/// Differences up to this are left alone: `Date` counts whole seconds
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7>), and answers take time to arrive.
const TOLERATED: TimeDelta = TimeDelta::seconds(2);

/// An answer that took longer tells too little of the moment it was stamped.
const SLOWEST: TimeDelta = TimeDelta::seconds(2);

/// What is known of Discord's clock.
#[derive(Debug)]
pub struct ClockSkew {
    clock: Clock,
    /// The bounds of Discord's time minus ours.
    bounds: Mutex<Option<(TimeDelta, TimeDelta)>>,
}

impl ClockSkew {
    /// Knows nothing yet: takes both clocks to agree.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            bounds: Mutex::new(None),
        }
    }

    /// Our clock, uncorrected.
    pub fn local_now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Learns from an answer that was stamped `date` at some moment between `asked` and `answered`,
    /// both by our clock.
    ///
    /// Each answer bounds the difference within a little more than a second. What all of them
    /// allow is kept; once they disagree, a clock was set, and only the newest counts.
    pub fn observe(&self, date: DateTime<Utc>, asked: DateTime<Utc>, answered: DateTime<Utc>) {
        if answered < asked || answered - asked > SLOWEST {
            return;
        }
        let newest = (date - answered, date + TimeDelta::seconds(1) - asked);
        let mut bounds = self.bounds();
        *bounds = Some(match *bounds {
            Some((low, high)) if low.max(newest.0) <= high.min(newest.1) => {
                (low.max(newest.0), high.min(newest.1))
            }
            _ => newest,
        });
    }

    /// What to add to our clock to read Discord's: zero unless they differ by more than 2 s.
    pub fn offset(&self) -> TimeDelta {
        match *self.bounds() {
            Some((low, high)) => {
                let middle = low + (high - low) / 2;
                if middle.abs() > TOLERATED {
                    middle
                } else {
                    TimeDelta::zero()
                }
            }
            None => TimeDelta::zero(),
        }
    }

    /// Now, by Discord's clock.
    pub fn discord_now(&self) -> DateTime<Utc> {
        self.clock.now() + self.offset()
    }

    /// How long ago Discord made this interaction.
    pub fn age(&self, interaction: InteractionId) -> TimeDelta {
        self.discord_now() - interaction.time()
    }

    fn bounds(&self) -> MutexGuard<'_, Option<(TimeDelta, TimeDelta)>> {
        self.bounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::SubsecRound;

    use super::*;

    /// Discord's clock is `ahead` of ours; it answers after 80 ms.
    fn answer(skew: &ClockSkew, asked: DateTime<Utc>, ahead: TimeDelta) {
        let stamped = asked + TimeDelta::milliseconds(40) + ahead;
        skew.observe(
            stamped.trunc_subsecs(0),
            asked,
            asked + TimeDelta::milliseconds(80),
        );
    }

    fn start() -> (ClockSkew, DateTime<Utc>) {
        let skew = ClockSkew::new(Clock::system());
        let now = skew.local_now();
        (skew, now)
    }

    #[test]
    fn clocks_that_nearly_agree_are_left_alone() {
        for ms in [0, 900, -900, 1_400, -1_400] {
            let (skew, now) = start();
            answer(&skew, now, TimeDelta::milliseconds(ms));
            assert_eq!(skew.offset(), TimeDelta::zero(), "{ms} ms");
        }
    }

    #[test]
    fn a_wrong_clock_is_corrected_and_closer_with_each_answer() {
        for ahead in [TimeDelta::seconds(90), TimeDelta::seconds(-90)] {
            let (skew, now) = start();
            answer(&skew, now, ahead);
            assert!((skew.offset() - ahead).abs() <= TimeDelta::milliseconds(600));
            for tenth in 1..20 {
                answer(&skew, now + TimeDelta::milliseconds(1_070 * tenth), ahead);
            }
            assert!((skew.offset() - ahead).abs() <= TimeDelta::milliseconds(100));
        }
    }

    #[test]
    fn once_the_clock_is_set_right_the_correction_ends() {
        let (skew, now) = start();
        answer(&skew, now, TimeDelta::hours(1));
        assert!(skew.offset() > TimeDelta::minutes(59));
        answer(&skew, now, TimeDelta::zero());
        assert_eq!(skew.offset(), TimeDelta::zero());
    }

    #[test]
    fn slow_answers_teach_nothing() {
        let (skew, now) = start();
        skew.observe(now + TimeDelta::hours(1), now, now + TimeDelta::seconds(3));
        skew.observe(now + TimeDelta::hours(1), now, now - TimeDelta::seconds(3));
        assert_eq!(skew.offset(), TimeDelta::zero());
    }

    #[test]
    fn age_is_counted_by_discords_clock() {
        let (skew, now) = start();
        answer(&skew, now, TimeDelta::minutes(5));
        let made = InteractionId::earliest_at(now + TimeDelta::minutes(5));
        assert!(
            skew.age(made).abs() < TimeDelta::seconds(2),
            "{}",
            skew.age(made)
        );
    }
}
