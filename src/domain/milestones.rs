//! When what happened, and the durations between: each with its formula, none ever negative.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::time_tag::{Style, tag};
pub use super::words::Milestone;

impl Milestone {
    /// Whether people may set it. Declared and Resolved are set by the verbs alone.
    pub fn settable_by_hand(self) -> bool {
        !matches!(self, Self::Declared | Self::Resolved)
    }

    /// Whether this can never come after `other`.
    ///
    /// Impact comes before everything and the resolution after everything. What is declared, acknowledged or
    /// identified must have been detected. The rest is free: a page may be acknowledged before anybody declares, and
    /// impact may end before anybody knows why, or at all that it was there.
    pub fn precedes(self, other: Self) -> bool {
        self != other
            && match (self, other) {
                (Self::ImpactStarted, _) | (_, Self::Resolved) => true,
                (Self::Detected, later) => matches!(
                    later,
                    Self::Declared | Self::Acknowledged | Self::Identified
                ),
                _ => false,
            }
    }
}

/// Two milestones in an order that cannot be. `Display` is a whole sentence, with time tags, for the person who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfOrder {
    /// The one to be set.
    pub milestone: Milestone,
    /// The time it was to get.
    pub at: DateTime<Utc>,
    /// The one that stands against it.
    pub against: Milestone,
    /// The time that one has.
    pub against_at: DateTime<Utc>,
}

impl std::error::Error for OutOfOrder {}

impl std::fmt::Display for OutOfOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = tag(self.at, Style::ShortDateTime);
        let against_at = tag(self.against_at, Style::ShortDateTime);
        let (side, wanted) = if self.milestone.precedes(self.against) {
            ("after", "at or before")
        } else {
            ("before", "at or after")
        };
        write!(
            f,
            "“{}” cannot be at {at}: that is {side} “{}”, {against_at}. Give a time {wanted} it",
            self.milestone, self.against
        )?;
        if self.against.settable_by_hand() {
            write!(
                f,
                ", or correct “{}” first with `/incident milestone`.",
                self.against
            )
        } else {
            f.write_str(".")
        }
    }
}

/// The milestones known of one incident. Whatever is in it is in a possible order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<Milestone, DateTime<Utc>>")]
pub struct Milestones(BTreeMap<Milestone, DateTime<Utc>>);

impl Milestones {
    /// None known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// When it was, if known.
    pub fn get(&self, milestone: Milestone) -> Option<DateTime<Utc>> {
        self.0.get(&milestone).copied()
    }

    /// Those that are known, in the order of [`Milestone::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Milestone, DateTime<Utc>)> + '_ {
        self.0.iter().map(|(milestone, at)| (*milestone, *at))
    }

    /// Sets or moves a milestone, unless that puts it on the wrong side of another.
    pub fn set_checked(
        &mut self,
        milestone: Milestone,
        at: DateTime<Utc>,
    ) -> Result<(), OutOfOrder> {
        for (against, against_at) in self.iter() {
            let wrong = (milestone.precedes(against) && at > against_at)
                || (against.precedes(milestone) && at < against_at);
            if wrong {
                return Err(OutOfOrder {
                    milestone,
                    at,
                    against,
                    against_at,
                });
            }
        }
        self.0.insert(milestone, at);
        Ok(())
    }

    /// Notes that it happened at `at`, unless an earlier time stands. Tells whether anything changed.
    pub fn set_first(
        &mut self,
        milestone: Milestone,
        at: DateTime<Utc>,
    ) -> Result<bool, OutOfOrder> {
        if self.get(milestone).is_some_and(|present| present <= at) {
            return Ok(false);
        }
        self.set_checked(milestone, at).map(|()| true)
    }

    /// Takes it out, as a reopened incident is no longer resolved.
    pub fn clear(&mut self, milestone: Milestone) -> Option<DateTime<Utc>> {
        self.0.remove(&milestone)
    }
}

impl TryFrom<BTreeMap<Milestone, DateTime<Utc>>> for Milestones {
    type Error = OutOfOrder;

    /// For rows and exports: the same check as one by one.
    fn try_from(map: BTreeMap<Milestone, DateTime<Utc>>) -> Result<Self, OutOfOrder> {
        let mut milestones = Self::new();
        for (milestone, at) in map {
            milestones.set_checked(milestone, at)?;
        }
        Ok(milestones)
    }
}

/// What is measured of an incident. The field means different things by the same letters (MTTR alone has four
/// readings), so each is named in words and carries its formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// How long users hurt before we knew.
    TimeToDetect,
    /// How long until somebody had it.
    TimeToAcknowledge,
    /// How long from knowing to saying so.
    TimeToDeclare,
    /// How long people looked for what it was.
    TimeToIdentify,
    /// How long until users no longer hurt.
    TimeToMitigate,
    /// How long from the first hurt to the end of the response.
    TimeToResolve,
    /// How long people were at it.
    Response,
    /// How long customers were hurt, as far as we know.
    CustomerImpact,
}

impl Measure {
    /// Every measure, in the order of an incident.
    pub const ALL: &'static [Self] = &[
        Self::TimeToDetect,
        Self::TimeToAcknowledge,
        Self::TimeToDeclare,
        Self::TimeToIdentify,
        Self::TimeToMitigate,
        Self::TimeToResolve,
        Self::Response,
        Self::CustomerImpact,
    ];

    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TimeToDetect => "Time to detect",
            Self::TimeToAcknowledge => "Time to acknowledge",
            Self::TimeToDeclare => "Time to declare",
            Self::TimeToIdentify => "Time to identify",
            Self::TimeToMitigate => "Time to mitigate",
            Self::TimeToResolve => "Time to resolve",
            Self::Response => "Response duration",
            Self::CustomerImpact => "Customer impact duration",
        }
    }

    /// How it is reckoned, for beside the number.
    pub fn formula(self) -> &'static str {
        match self {
            Self::TimeToDetect => "detected − impact started",
            Self::TimeToAcknowledge => "acknowledged − detected",
            Self::TimeToDeclare => "declared − detected",
            Self::TimeToIdentify => "identified − detected",
            Self::TimeToMitigate => "mitigated − impact started",
            Self::TimeToResolve => "resolved − impact started",
            Self::Response => "resolved − declared",
            Self::CustomerImpact => "mitigated (else resolved) − impact started",
        }
    }

    /// Where it begins, and where it ends: the first of these that is known.
    fn span(self) -> (Milestone, &'static [Milestone]) {
        use Milestone::{
            Acknowledged, Declared, Detected, Identified, ImpactStarted, Mitigated, Resolved,
        };
        match self {
            Self::TimeToDetect => (ImpactStarted, &[Detected]),
            Self::TimeToAcknowledge => (Detected, &[Acknowledged]),
            Self::TimeToDeclare => (Detected, &[Declared]),
            Self::TimeToIdentify => (Detected, &[Identified]),
            Self::TimeToMitigate => (ImpactStarted, &[Mitigated]),
            Self::TimeToResolve => (ImpactStarted, &[Resolved]),
            Self::Response => (Declared, &[Resolved]),
            Self::CustomerImpact => (ImpactStarted, &[Mitigated, Resolved]),
        }
    }

    /// The duration, if both its ends are known; never negative.
    pub fn of(self, milestones: &Milestones) -> Option<TimeDelta> {
        let (from, to) = self.span();
        let from = milestones.get(from)?;
        let to = to.iter().find_map(|milestone| milestones.get(*milestone))?;
        Some(to - from)
    }
}

/// One measured duration with what it takes to read it right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// Which measure.
    pub measure: Measure,
    /// [`Measure::name`].
    pub name: &'static str,
    /// [`Measure::formula`].
    pub formula: &'static str,
    /// `None` while an end is unknown; unknown is not zero.
    pub value: Option<TimeDelta>,
}

/// Every measure of an incident, known or not.
pub fn durations(milestones: &Milestones) -> Vec<Duration> {
    Measure::ALL
        .iter()
        .map(|measure| Duration {
            measure: *measure,
            name: measure.name(),
            formula: measure.formula(),
            value: measure.of(milestones),
        })
        .collect()
}

/// A duration in its two largest units, rounded down: `35 s`, `47 min`, `1 h 5 min`, `2 d 3 h`.
pub fn words(duration: TimeDelta) -> String {
    let seconds = duration.num_seconds();
    let sign = if seconds < 0 { "−" } else { "" };
    let seconds = seconds.unsigned_abs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{seconds} s"),
        (0, 0, _) => format!("{sign}{minutes} min"),
        (0, _, 0) => format!("{sign}{hours} h"),
        (0, _, _) => format!("{sign}{hours} h {minutes} min"),
        (_, 0, _) => format!("{sign}{days} d"),
        _ => format!("{sign}{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn minute(minute: i64) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 27, 14, 0, 0).unwrap() + TimeDelta::minutes(minute)
    }

    fn prime_day() -> Milestones {
        let mut milestones = Milestones::new();
        for (milestone, at) in [
            (Milestone::ImpactStarted, 0),
            (Milestone::Detected, 4),
            (Milestone::Acknowledged, 5),
            (Milestone::Declared, 6),
            (Milestone::Mitigated, 30),
            (Milestone::Identified, 40),
            (Milestone::Resolved, 71),
        ] {
            milestones.set_checked(milestone, minute(at)).unwrap();
        }
        milestones
    }

    #[test]
    fn an_incident_is_measured_from_its_milestones() {
        let shown: Vec<_> = durations(&prime_day())
            .iter()
            .map(|d| {
                format!(
                    "{}: {} ({})",
                    d.name,
                    d.value.map_or("unknown".to_owned(), words),
                    d.formula
                )
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r"
        Time to detect: 4 min (detected − impact started)
        Time to acknowledge: 1 min (acknowledged − detected)
        Time to declare: 2 min (declared − detected)
        Time to identify: 36 min (identified − detected)
        Time to mitigate: 30 min (mitigated − impact started)
        Time to resolve: 1 h 11 min (resolved − impact started)
        Response duration: 1 h 5 min (resolved − declared)
        Customer impact duration: 30 min (mitigated (else resolved) − impact started)
        ");
    }

    #[test]
    fn what_is_unknown_is_not_zero() {
        let mut milestones = Milestones::new();
        assert!(durations(&milestones).iter().all(|d| d.value.is_none()));
        milestones
            .set_checked(Milestone::ImpactStarted, minute(0))
            .unwrap();
        milestones
            .set_checked(Milestone::Resolved, minute(9))
            .unwrap();
        assert_eq!(Measure::TimeToMitigate.of(&milestones), None);
        assert_eq!(
            Measure::CustomerImpact.of(&milestones),
            Some(TimeDelta::minutes(9)),
            "it ended by the resolution at the latest"
        );
    }

    #[test]
    fn a_milestone_on_the_wrong_side_of_another_is_refused_in_words() {
        let mut milestones = prime_day();
        let refused = milestones
            .set_checked(Milestone::ImpactStarted, minute(7))
            .unwrap_err();
        assert_eq!(refused.against, Milestone::Detected);
        assert_eq!(
            refused.to_string(),
            "“Impact started” cannot be at <t:1795788420:f>: that is after “Detected”, <t:1795788240:f>. \
             Give a time at or before it, or correct “Detected” first with `/incident milestone`."
        );
        let refused = milestones
            .set_checked(Milestone::Mitigated, minute(90))
            .unwrap_err();
        assert!(
            refused
                .to_string()
                .ends_with("Give a time at or before it."),
            "{refused}"
        );
        assert_eq!(milestones, prime_day());
    }

    #[test]
    fn a_page_may_be_acknowledged_before_or_after_the_declaration() {
        let mut milestones = prime_day();
        assert_eq!(
            milestones.set_checked(Milestone::Acknowledged, minute(20)),
            Ok(())
        );
        assert_eq!(
            milestones.set_checked(Milestone::Identified, minute(10)),
            Ok(())
        );
    }

    #[test]
    fn the_first_time_is_kept() {
        let mut milestones = prime_day();
        assert_eq!(
            milestones.set_first(Milestone::Mitigated, minute(50)),
            Ok(false)
        );
        assert_eq!(
            milestones.set_first(Milestone::Mitigated, minute(20)),
            Ok(true)
        );
        assert_eq!(milestones.get(Milestone::Mitigated), Some(minute(20)));
        assert_eq!(milestones.clear(Milestone::Mitigated), Some(minute(20)));
        assert_eq!(milestones.get(Milestone::Mitigated), None);
    }

    #[test]
    fn only_the_verbs_set_declared_and_resolved() {
        let by_hand: Vec<_> = Milestone::ALL
            .iter()
            .filter(|m| m.settable_by_hand())
            .map(|m| m.as_str())
            .collect();
        assert_eq!(
            by_hand,
            [
                "impact_started",
                "detected",
                "acknowledged",
                "identified",
                "mitigated"
            ]
        );
    }

    #[test]
    fn milestones_are_stored_as_a_map_and_checked_when_read() {
        let json = serde_json::to_string(&prime_day()).unwrap();
        assert!(
            json.starts_with(r#"{"impact_started":"2026-11-27T14:00:00Z","#),
            "{json}"
        );
        assert_eq!(
            serde_json::from_str::<Milestones>(&json).unwrap(),
            prime_day()
        );
        let turned =
            r#"{"impact_started":"2026-11-27T15:00:00Z","resolved":"2026-11-27T14:00:00Z"}"#;
        assert!(serde_json::from_str::<Milestones>(turned).is_err());
    }

    #[test]
    fn durations_read_as_people_say_them() {
        for (seconds, said) in [
            (0, "0 s"),
            (35, "35 s"),
            (47 * 60 + 59, "47 min"),
            (3_600, "1 h"),
            (3_900, "1 h 5 min"),
            (26 * 3_600, "1 d 2 h"),
            (2 * 86_400 + 3 * 3_600 + 59, "2 d 3 h"),
            (40 * 86_400, "40 d"),
        ] {
            assert_eq!(words(TimeDelta::seconds(seconds)), said);
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_steps_makes_a_duration_negative(
            steps in prop::collection::vec((0..3u8, prop::sample::select(Milestone::ALL), -60i64..60), 0..40),
        ) {
            let mut milestones = Milestones::new();
            for (step, milestone, at) in steps {
                let before = milestones.clone();
                let refused = match step {
                    0 => milestones.set_checked(milestone, minute(at)).is_err(),
                    1 => milestones.set_first(milestone, minute(at)).is_err(),
                    _ => { milestones.clear(milestone); false }
                };
                prop_assert!(!refused || milestones == before);
                for duration in durations(&milestones) {
                    prop_assert!(duration.value.is_none_or(|v| v >= TimeDelta::zero()), "{:?}", duration);
                }
            }
        }
    }
}
