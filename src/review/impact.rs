//! What customers noticed, and what it cost where that can be reckoned without guessing.

use std::sync::LazyLock;

use chrono::TimeDelta;
use regex::Regex;

use super::cast::Cast;
use super::model::{Impact, Length, Loss, Missing, Moment};
use crate::domain::incident::Incident;
use crate::domain::milestones::{Measure, Milestone};

/// The impact as people described it, with the loss where rate and duration are known.
pub fn of(incident: &Incident, cast: &Cast<'_>) -> Impact {
    let duration = Measure::CustomerImpact.of(&incident.milestones);
    let typed = incident.impact.revenue_per_minute.as_deref();
    let revenue_per_minute = cast.said(typed);
    let rate = revenue_per_minute.as_deref().and_then(Rate::read);
    let mut impact = Impact {
        description: cast.written(incident.impact.description.as_deref()),
        customers: cast.said(incident.impact.customers.as_deref()),
        since: incident
            .milestones
            .get(Milestone::ImpactStarted)
            .map(Moment),
        duration: duration.map(Length::from),
        duration_formula: Measure::CustomerImpact.formula(),
        loss: rate
            .as_ref()
            .zip(duration)
            .and_then(|(rate, duration)| rate.over(duration)),
        revenue_per_minute,
        missing: Vec::new(),
    };
    let mut lacks = |says: &str, option: &str| {
        let command = Some(format!("/incident impact {option}:…"));
        impact.missing.push(Missing {
            says: says.to_owned(),
            command,
        });
    };
    if impact.description.is_none() {
        lacks("Nobody has said what customers noticed.", "description");
    }
    if impact.customers.is_none() {
        lacks(
            "Nobody has said how many customers were affected.",
            "customers",
        );
    }
    if impact.since.is_none() {
        lacks("Nobody has said when it began to hurt.", "started_at");
    }
    if impact.revenue_per_minute.is_none() {
        lacks("Nobody has said what a minute costs.", "revenue_per_minute");
    } else if rate.is_none() {
        lacks(
            "The loss is not reckoned: what a minute costs cannot be read as one amount, such as `12000 EUR`.",
            "revenue_per_minute",
        );
    } else if duration.is_none() {
        impact.missing.push(Missing {
            says: "The loss is not reckoned: how long it hurt is unknown.".to_owned(),
            command: None,
        });
    }
    impact
}

/// An amount of money a minute, in hundredths.
struct Rate {
    hundredths: i128,
    before: String,
    after: String,
}

/// One amount and one currency. Not read: `12.000` and `12,000` on their own, which mean one thing
/// here and another there.
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^
        (?P<before>(?:[A-Z]{3}|(?i:eur|usd|gbp)|[€$£¥])\ ?)?
        (?:
            (?P<grouped>\d{1,3}(?:,\d{3}){1,4})\.(?P<cents>\d{1,2})
          | (?P<whole>\d{1,15}|\d{1,3}(?:[\ '’_]\d{3}){1,4}|\d{1,3}(?:,\d{3}){2,4})(?:[.,](?P<part>\d{1,2}))?
        )
        (?P<after>\ ?(?:[A-Z]{3}|(?i:eur|usd|gbp)|[€$£¥]))?
        (?:\ ?(?:/|per|a)\ ?(?:min|minute))?
        $",
    )
    .expect("a pattern of our own, compiled by the tests")
});

impl Rate {
    fn read(typed: &str) -> Option<Self> {
        let found = AMOUNT.captures(typed.trim())?;
        let group = |name| found.name(name).map_or("", |found| found.as_str());
        let (before, after) = (group("before"), group("after"));
        if !before.is_empty() && !after.is_empty() {
            return None;
        }
        let mut digits: String = [group("grouped"), group("whole")]
            .concat()
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        let part = [group("cents"), group("part")].concat();
        digits.push_str(&part);
        digits.push_str(if part.len() == 2 {
            ""
        } else if part.len() == 1 {
            "0"
        } else {
            "00"
        });
        Some(Self {
            hundredths: digits.parse().ok()?,
            before: before.to_owned(),
            after: after.to_owned(),
        })
    }

    fn amount(&self, hundredths: i128) -> String {
        let (whole, part) = (hundredths / 100, hundredths % 100);
        let part = if part == 0 {
            String::new()
        } else {
            format!(".{part:02}")
        };
        format!("{}{whole}{part}{}", self.before, self.after)
    }

    /// The loss over that time, to the nearest hundredth, with its method.
    fn over(&self, duration: TimeDelta) -> Option<Loss> {
        let seconds = i128::from(duration.num_seconds());
        let hundredths = (self.hundredths.checked_mul(seconds)?.checked_add(30)?) / 60;
        let (minutes, rest) = (seconds / 60, seconds % 60);
        let rest = if rest == 0 {
            String::new()
        } else {
            format!(" {rest} s")
        };
        Some(Loss {
            amount: self.amount(hundredths),
            method: format!(
                "{} a minute × {minutes} min{rest} of customer impact ({}), as if the rate had been the same throughout",
                self.amount(self.hundredths),
                Measure::CustomerImpact.formula(),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(typed: &str, minutes: i64) -> Option<String> {
        Rate::read(typed)?
            .over(TimeDelta::minutes(minutes))
            .map(|loss| loss.amount)
    }

    #[test]
    fn one_amount_and_one_currency_make_a_loss() {
        for (typed, lost) in [
            ("12000 EUR", "120000 EUR"),
            ("12 000 EUR", "120000 EUR"),
            ("12,000.50 USD", "120005 USD"),
            ("1,200,000 JPY", "12000000 JPY"),
            ("€12000", "€120000"),
            ("EUR 0.25/min", "EUR 2.50"),
            ("12,5 EUR per minute", "125 EUR"),
            ("900 eur a minute", "9000 eur"),
            ("40", "400"),
        ] {
            assert_eq!(loss(typed, 10).as_deref(), Some(lost), "{typed}");
        }
    }

    #[test]
    fn what_could_be_read_two_ways_or_is_a_guess_makes_none() {
        for typed in [
            "12.000 EUR",
            "12,000 EUR",
            "about 12000",
            "10-12k EUR",
            "$ 12000 EUR",
            "-5 EUR",
            "",
            "9999999999999999999 EUR",
        ] {
            assert_eq!(loss(typed, 10), None, "{typed}");
        }
    }

    #[test]
    fn a_loss_is_reckoned_to_the_second() {
        let loss = Rate::read("12000 EUR")
            .and_then(|rate| rate.over(TimeDelta::seconds(90)))
            .unwrap();
        assert_eq!(loss.amount, "18000 EUR");
        assert!(
            loss.method
                .starts_with("12000 EUR a minute × 1 min 30 s of customer impact"),
            "{}",
            loss.method
        );
    }
}
