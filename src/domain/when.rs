//! Times people type.
//!
//! Read in a zone, against a `now` that comes in. A clock time that a change to summer time leaves out is read as the
//! first moment that exists; one that a change to winter time makes twice is read as the earlier (for a due date: the
//! earlier that is still to come). The answer shows the time tag, so that a wrong reading is seen.

use std::sync::LazyLock;

use chrono::{
    DateTime, Datelike, Days, FixedOffset, LocalResult, Months, NaiveDate, NaiveDateTime,
    NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};
use chrono_tz::Tz;
use regex::Regex;

use super::text;
use super::time_tag::{Style, tag};
use super::zone::read_zone;

/// How far ahead of our clock a past time may be: clocks differ, and people round up.
const AHEAD: TimeDelta = TimeDelta::minutes(2);
/// How far back a past time may be.
const BACK: TimeDelta = TimeDelta::days(30);
/// How far ahead a due date may be.
const DUE_WITHIN: TimeDelta = TimeDelta::days(5 * 366);
/// When a working day ends: the hour of a due date that names only the day.
const END_OF_DAY: (u32, u32) = (17, 0);

/// Why a typed time was not taken. `Display` is a whole sentence with the next step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// Nothing we know how to read.
    #[error("I could not read {} as a time. Try `14:05`, `10 min ago`, `yesterday 18:30` or `2026-11-27T14:05:00Z`.", text::quote(.typed))]
    Unreadable {
        /// As typed.
        typed: String,
    },
    /// Nothing we know how to read as a due date.
    #[error("I could not read {} as a due date. Try `tomorrow`, `friday`, `in 3 days`, `in 2 weeks` or `2026-11-27`.", text::quote(.typed))]
    UnreadableDue {
        /// As typed.
        typed: String,
    },
    /// A day where a moment is needed.
    #[error("{} names a day, not a time of day. Add the time, as in `yesterday 18:30`.", text::quote(.typed))]
    NoClock {
        /// As typed.
        typed: String,
    },
    /// Something that happened cannot lie ahead.
    #[error("{} has not come yet, and this asks when something happened. Try `14:05`, `10 min ago` or `yesterday 18:30`.", tag(*.at, Style::ShortDateTime))]
    Ahead {
        /// The time it was read as.
        at: DateTime<Utc>,
    },
    /// Further back than a slip of the keyboard should reach.
    #[error("{} is more than 30 days ago. Check the date, and give a time within the last 30 days.", tag(*.at, Style::ShortDateTime))]
    TooLongAgo {
        /// The time it was read as.
        at: DateTime<Utc>,
    },
    /// A due date that has passed.
    #[error("{} has passed, and a due date lies ahead. Try `tomorrow`, `friday` or `in 3 days`.", tag(*.at, Style::ShortDateTime))]
    Passed {
        /// The time it was read as.
        at: DateTime<Utc>,
    },
    /// A due date that nobody alive to it will remember.
    #[error("{} is more than five years ahead. Check the year, and give an earlier date.", tag(*.at, Style::ShortDate))]
    TooFarAhead {
        /// The time it was read as.
        at: DateTime<Utc>,
    },
}

/// When something happened: not more than 2 minutes ahead of `now` nor 30 days back.
/// A clock time later than now means yesterday.
pub fn read_past(typed: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, WhenError> {
    let now = sane(now);
    let unreadable = || WhenError::Unreadable {
        typed: typed.to_owned(),
    };
    let said = said(typed, Sense::Past).ok_or_else(unreadable)?;
    let at = match said {
        Said::At(at) => at,
        Said::Ago(delta) => now.checked_sub_signed(delta).ok_or_else(unreadable)?,
        Said::In(delta) => now.checked_add_signed(delta).ok_or_else(unreadable)?,
        Said::InDays(days) => now + TimeDelta::days(days),
        Said::InMonths(months) => now
            .checked_add_months(Months::new(months))
            .ok_or_else(unreadable)?,
        Said::Local { clock: None, .. } => {
            return Err(WhenError::NoClock {
                typed: typed.to_owned(),
            });
        }
        Said::Local {
            day,
            clock: Some(clock),
            zone: said_zone,
        } => {
            let zone = said_zone.unwrap_or(zone);
            let today = now.with_timezone(&zone).date_naive();
            let on = |date: NaiveDate| {
                local_times(zone, date.and_time(clock)).map(|(earlier, _)| earlier)
            };
            match day {
                Day::Unsaid => {
                    let at = on(today).ok_or_else(unreadable)?;
                    if at > now + AHEAD {
                        today.pred_opt().and_then(on).ok_or_else(unreadable)?
                    } else {
                        at
                    }
                }
                Day::Offset(days) => shift(today, days).and_then(on).ok_or_else(unreadable)?,
                Day::Weekday { day, .. } => {
                    let back = today.weekday().days_since(day);
                    let at = shift(today, -i64::from(back))
                        .and_then(on)
                        .ok_or_else(unreadable)?;
                    if at > now + AHEAD {
                        shift(today, -7).and_then(on).ok_or_else(unreadable)?
                    } else {
                        at
                    }
                }
                Day::Date(date) => on(date).ok_or_else(unreadable)?,
            }
        }
    };
    if at > now + AHEAD {
        Err(WhenError::Ahead { at })
    } else if at < now - BACK {
        Err(WhenError::TooLongAgo { at })
    } else {
        Ok(at)
    }
}

/// When something is to be done: not before `now`. A day alone, and a number of days, weeks or months, mean the end
/// of that working day, 17:00. A clock time that has passed today means tomorrow; `friday` is the next 17:00 on a
/// Friday, `next friday` a Friday after today.
pub fn read_due(typed: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, WhenError> {
    let now = sane(now);
    let unreadable = || WhenError::UnreadableDue {
        typed: typed.to_owned(),
    };
    let said = said(typed, Sense::Due).ok_or_else(unreadable)?;
    let end_of_day =
        NaiveTime::from_hms_opt(END_OF_DAY.0, END_OF_DAY.1, 0).ok_or_else(unreadable)?;
    let on = |zone: Tz, date: NaiveDate, clock: Option<NaiveTime>| {
        let (earlier, later) = local_times(zone, date.and_time(clock.unwrap_or(end_of_day)))?;
        Some(if earlier < now { later } else { earlier })
    };
    let today_in = |zone: Tz| now.with_timezone(&zone).date_naive();
    let at = match said {
        Said::At(at) => Some(at),
        Said::Ago(delta) => now.checked_sub_signed(delta),
        Said::In(delta) => now.checked_add_signed(delta),
        Said::InDays(days) => shift(today_in(zone), days).and_then(|date| on(zone, date, None)),
        Said::InMonths(months) => today_in(zone)
            .checked_add_months(Months::new(months))
            .and_then(|date| on(zone, date, None)),
        Said::Local {
            day,
            clock,
            zone: said_zone,
        } => {
            let zone = said_zone.unwrap_or(zone);
            let today = today_in(zone);
            let first_to_come = |days: i64, again: i64| {
                let at = shift(today, days).and_then(|date| on(zone, date, clock))?;
                if at < now {
                    shift(today, days + again).and_then(|date| on(zone, date, clock))
                } else {
                    Some(at)
                }
            };
            match day {
                Day::Unsaid => first_to_come(0, 1),
                Day::Offset(days) => shift(today, days).and_then(|date| on(zone, date, clock)),
                Day::Weekday { day, next } => match i64::from(day.days_since(today.weekday())) {
                    0 if next => first_to_come(7, 7),
                    days => first_to_come(days, 7),
                },
                Day::Date(date) => on(zone, date, clock),
            }
        }
    };
    let at = at.ok_or_else(unreadable)?;
    if at < now {
        Err(WhenError::Passed { at })
    } else if at > now + DUE_WITHIN {
        Err(WhenError::TooFarAhead { at })
    } else {
        Ok(at)
    }
}

/// A clock that is out of its mind must not make arithmetic overflow.
fn sane(now: DateTime<Utc>) -> DateTime<Utc> {
    let year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single();
    match (year(1900), year(9000)) {
        (Some(first), Some(last)) => now.clamp(first, last),
        _ => now,
    }
}

fn shift(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let by = Days::new(days.unsigned_abs());
    if days < 0 {
        date.checked_sub_days(by)
    } else {
        date.checked_add_days(by)
    }
}

/// The earliest and latest instant at which a clock in `zone` shows `local`; where it never does, the first instant
/// at which it shows more.
fn local_times(zone: Tz, local: NaiveDateTime) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Some((at.to_utc(), at.to_utc())),
        LocalResult::Ambiguous(a, b) => {
            Some((a.to_utc().min(b.to_utc()), a.to_utc().max(b.to_utc())))
        }
        LocalResult::None => {
            // No zone is further than 26 hours from UTC, so the gap lies between these; halve down to the second.
            let mut before = local.checked_sub_signed(TimeDelta::hours(26))?.and_utc();
            let mut after = local.checked_add_signed(TimeDelta::hours(26))?.and_utc();
            while after - before > TimeDelta::seconds(1) {
                let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
                if middle.with_timezone(&zone).naive_local() < local {
                    before = middle;
                } else {
                    after = middle;
                }
            }
            Some((after, after))
        }
    }
}

/// Whether the words speak of what was or what is to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    Past,
    Due,
}

/// What was typed, before it meets `now`.
#[derive(Debug, PartialEq)]
enum Said {
    At(DateTime<Utc>),
    Ago(TimeDelta),
    In(TimeDelta),
    InDays(i64),
    InMonths(u32),
    Local {
        day: Day,
        clock: Option<NaiveTime>,
        zone: Option<Tz>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Day {
    Unsaid,
    Offset(i64),
    Weekday { day: Weekday, next: bool },
    Date(NaiveDate),
}

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a pattern of our own, compiled by the tests")
}

/// <https://discord.com/developers/docs/reference#message-formatting-timestamp-styles>
pub(super) static TAG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"<t:(-?\d{1,13})(?::([A-Za-z]))?>"));
static ISO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(\d{4}-\d{2}-\d{2})(?:[t ] ?(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?)? ?(z|[+-]\d{2}:?\d{2})?$",
    )
});
static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(\d{1,2})(?:[:.h](\d{2})(?::(\d{2}))?)? ?(am|pm|a\.m\.|p\.m\.)?$"));
static AMOUNT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(\d{1,6})(?:[.,](\d))? ?([a-z]+)[, ]*(?:and )?"));

fn said(typed: &str, sense: Sense) -> Option<Said> {
    if typed.len() > 200 {
        return None;
    }
    let line = text::one_line(typed).to_lowercase();
    let line = line.trim_matches(['`', '"', '\'', '“', '”', ' ']);
    if matches!(line, "now" | "just now" | "right now") {
        return Some(Said::Ago(TimeDelta::zero()));
    }
    if let Some(found) = TAG
        .captures(line)
        .filter(|found| found[0].len() == line.len())
    {
        return DateTime::from_timestamp(found[1].parse().ok()?, 0)
            .filter(in_reach)
            .map(Said::At);
    }
    relative(line, sense)
        .or_else(|| absolute(line))
        .or_else(|| {
            let (line, zone) = line.rsplit_once(' ')?;
            let zone = read_zone(zone).ok()?;
            local(line, Some(zone))
        })
}

/// Keeps to the years that four digits can say.
pub(super) fn in_reach(at: &DateTime<Utc>) -> bool {
    (1900..=9999).contains(&at.year())
}

fn relative(line: &str, sense: Sense) -> Option<Said> {
    if let Some(amount) = line.strip_suffix(" ago") {
        return exact(amount.trim_start_matches("about ").trim_start_matches('~')).map(Said::Ago);
    }
    let amount = match line.strip_prefix("in ") {
        Some(amount) => amount,
        None if line == "next week" => "1 week",
        None if sense == Sense::Due => line,
        None => return None,
    };
    calendar(amount).or_else(|| exact(amount).map(Said::In))
}

/// `3 days`, `a week`, `2 months`: days that end like any other.
fn calendar(amount: &str) -> Option<Said> {
    let (count, unit) = amount
        .split_once(' ')
        .or_else(|| Some(amount.split_at(amount.find(|c: char| !c.is_ascii_digit())?)))?;
    let count: u32 = match count {
        "a" | "an" | "one" => 1,
        digits if digits.len() <= 4 => digits.parse().ok()?,
        _ => return None,
    };
    match unit.trim() {
        "d" | "day" | "days" => Some(Said::InDays(count.into())),
        "w" | "wk" | "week" | "weeks" => Some(Said::InDays(i64::from(count) * 7)),
        "month" | "months" => Some(Said::InMonths(count)),
        _ => None,
    }
}

/// `1h 30m`, `90s`, `1.5 hours`, `half an hour`.
fn exact(amount: &str) -> Option<TimeDelta> {
    let amount = match amount {
        "half an hour" => "30 min".to_owned(),
        _ => match amount
            .strip_prefix("an ")
            .or_else(|| amount.strip_prefix("a "))
        {
            Some(unit) => format!("1 {unit}"),
            None => amount.to_owned(),
        },
    };
    let mut rest = amount.as_str();
    let mut seconds = 0_i64;
    while !rest.is_empty() {
        let found = AMOUNT.captures(rest)?;
        let unit = match &found[3] {
            "s" | "sec" | "secs" | "second" | "seconds" => 1,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
            "d" | "day" | "days" => 86_400,
            "w" | "wk" | "week" | "weeks" => 7 * 86_400,
            _ => return None,
        };
        let whole: i64 = found[1].parse().ok()?;
        let tenths: i64 = found
            .get(2)
            .map_or(Ok(0), |digit| digit.as_str().parse())
            .ok()?;
        seconds += whole * unit + tenths * unit / 10;
        rest = &rest[found[0].len()..];
    }
    (amount.starts_with(|c: char| c.is_ascii_digit())).then(|| TimeDelta::try_seconds(seconds))?
}

/// ISO dates and times with an offset or none, or [`local`] words.
fn absolute(line: &str) -> Option<Said> {
    let Some(found) = ISO.captures(line) else {
        return local(line, None);
    };
    let date = NaiveDate::parse_from_str(&found[1], "%Y-%m-%d").ok()?;
    let time = match found.get(2) {
        Some(time) => Some(clock(time.as_str())?),
        None => None,
    };
    match (found.get(3), time) {
        (None, clock) => Some(Said::Local {
            day: Day::Date(date),
            clock,
            zone: None,
        }),
        (Some(_), None) => None,
        (Some(zone), Some(time)) => {
            let zone = offset(zone.as_str())?;
            zone.from_local_datetime(&date.and_time(time))
                .single()
                .map(|at| at.to_utc())
                .filter(in_reach)
                .map(Said::At)
        }
    }
}

fn offset(typed: &str) -> Option<FixedOffset> {
    if typed == "z" {
        return FixedOffset::east_opt(0);
    }
    let digits: String = typed[1..].chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes): (i32, i32) = (
        digits.get(..2)?.parse().ok()?,
        digits.get(2..)?.parse().ok()?,
    );
    if hours > 14 || minutes > 59 {
        return None;
    }
    let seconds = (hours * 60 + minutes) * 60;
    FixedOffset::east_opt(if typed.starts_with('-') {
        -seconds
    } else {
        seconds
    })
}

/// A day, a clock time, or both in either order.
fn local(line: &str, zone: Option<Tz>) -> Option<Said> {
    if zone.is_some()
        && let Some(found) = ISO.captures(line)
    {
        return match absolute(&found[0])? {
            Said::Local { day, clock, .. } => Some(Said::Local { day, clock, zone }),
            _ => None,
        };
    }
    if let Some(clock) = clock(line) {
        return Some(Said::Local {
            day: Day::Unsaid,
            clock: Some(clock),
            zone,
        });
    }
    if let Some(day) = day(line) {
        return Some(Said::Local {
            day,
            clock: None,
            zone,
        });
    }
    line.match_indices(' ').find_map(|(at, _)| {
        let (head, tail) = (line[..at].trim_end_matches(','), line[at..].trim());
        let tail_clock = tail.strip_prefix("at ").unwrap_or(tail);
        let (day, clock) = match (day(head), clock(tail_clock)) {
            (Some(day), Some(clock)) => (day, clock),
            _ => (day(tail)?, clock(head.strip_prefix("at ").unwrap_or(head))?),
        };
        Some(Said::Local {
            day,
            clock: Some(clock),
            zone,
        })
    })
}

fn day(word: &str) -> Option<Day> {
    let word = word.trim_start_matches("on ").trim_start_matches("by ");
    match word {
        "today" | "eod" | "end of day" => return Some(Day::Offset(0)),
        "yesterday" => return Some(Day::Offset(-1)),
        "tomorrow" => return Some(Day::Offset(1)),
        _ => {}
    }
    if let Ok(date) = NaiveDate::parse_from_str(word, "%Y-%m-%d") {
        return (word.len() == 10).then_some(Day::Date(date));
    }
    let (name, next) = match word.strip_prefix("next ") {
        Some(name) => (name, true),
        None => (word.strip_prefix("last ").unwrap_or(word), false),
    };
    let day = match name {
        "monday" | "mon" => Weekday::Mon,
        "tuesday" | "tue" | "tues" => Weekday::Tue,
        "wednesday" | "wed" => Weekday::Wed,
        "thursday" | "thu" | "thur" | "thurs" => Weekday::Thu,
        "friday" | "fri" => Weekday::Fri,
        "saturday" | "sat" => Weekday::Sat,
        "sunday" | "sun" => Weekday::Sun,
        _ => return None,
    };
    Some(Day::Weekday { day, next })
}

fn clock(typed: &str) -> Option<NaiveTime> {
    if typed == "noon" {
        return NaiveTime::from_hms_opt(12, 0, 0);
    }
    let found = CLOCK.captures(typed.strip_prefix("at ").unwrap_or(typed))?;
    let number = |n: usize| {
        found
            .get(n)
            .map_or(Ok(0), |digits| digits.as_str().parse::<u32>())
            .ok()
    };
    let (hour, minute, second) = (number(1)?, number(2)?, number(3)?);
    let hour = match found.get(4).map(|half| half.as_str().starts_with('p')) {
        // `14` alone could be anything.
        None if found.get(2).is_none() => return None,
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}

#[cfg(test)]
mod tests {
    use chrono_tz::America::New_York;
    use chrono_tz::Europe::Berlin;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::super::time_tag::spell_tags;
    use super::super::zone::suggest_zones;
    use super::*;

    /// Wednesday 2026-11-25, 15:00 in Berlin, 09:00 in New York.
    fn now() -> DateTime<Utc> {
        utc("2026-11-25T14:00:00Z")
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn past(typed: &str) -> String {
        read_past(typed, Berlin, now()).map_or_else(
            |e| format!("{e:?}"),
            |at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        )
    }

    fn due(typed: &str) -> String {
        read_due(typed, Berlin, now()).map_or_else(
            |e| format!("{e:?}"),
            |at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        )
    }

    #[test]
    fn times_of_the_past_are_read_as_people_type_them() {
        for (typed, read) in [
            ("now", "2026-11-25T14:00:00Z"),
            ("Just now", "2026-11-25T14:00:00Z"),
            ("14:05", "2026-11-25T13:05:00Z"),
            ("14:05:30", "2026-11-25T13:05:30Z"),
            ("at 14:05", "2026-11-25T13:05:00Z"),
            ("2pm", "2026-11-25T13:00:00Z"),
            ("2:05 PM", "2026-11-25T13:05:00Z"),
            ("12 am", "2026-11-24T23:00:00Z"),
            ("15:01", "2026-11-25T14:01:00Z"),
            ("15:03", "2026-11-24T14:03:00Z"),
            ("18:30", "2026-11-24T17:30:00Z"),
            ("10 min ago", "2026-11-25T13:50:00Z"),
            ("1h 30m ago", "2026-11-25T12:30:00Z"),
            ("1h30m ago", "2026-11-25T12:30:00Z"),
            ("1.5 hours ago", "2026-11-25T12:30:00Z"),
            ("1 hour and 5 minutes ago", "2026-11-25T12:55:00Z"),
            ("90s ago", "2026-11-25T13:58:30Z"),
            ("2 hours ago", "2026-11-25T12:00:00Z"),
            ("an hour ago", "2026-11-25T13:00:00Z"),
            ("half an hour ago", "2026-11-25T13:30:00Z"),
            ("3 days ago", "2026-11-22T14:00:00Z"),
            ("yesterday 18:30", "2026-11-24T17:30:00Z"),
            ("yesterday at 18:30", "2026-11-24T17:30:00Z"),
            ("18:30 yesterday", "2026-11-24T17:30:00Z"),
            ("today 09:00", "2026-11-25T08:00:00Z"),
            ("monday 9:00", "2026-11-23T08:00:00Z"),
            ("wednesday 18:00", "2026-11-18T17:00:00Z"),
            ("2026-11-20 14:05", "2026-11-20T13:05:00Z"),
            ("2026-11-20T14:05:00Z", "2026-11-20T14:05:00Z"),
            ("2026-11-20T14:05:00.25+05:30", "2026-11-20T08:35:00Z"),
            ("13:05 UTC", "2026-11-25T13:05:00Z"),
            ("08:05 america/new_york", "2026-11-25T13:05:00Z"),
            ("08:05 New_York", "2026-11-25T13:05:00Z"),
            ("yesterday 18:30 UTC", "2026-11-24T18:30:00Z"),
            ("2026-11-20 14:05 UTC", "2026-11-20T14:05:00Z"),
            ("<t:1795600000:F>", "2026-11-25T09:46:40Z"),
            ("`14:05`", "2026-11-25T13:05:00Z"),
        ] {
            assert_eq!(past(typed), read, "{typed}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for typed in [
            "",
            "soon",
            "25:00",
            "13pm",
            "0 pm",
            "14",
            "14:60",
            "ago",
            "x ago",
            "10 parsecs ago",
            "2026-13-01 10:00",
            "2026-11-20T14:05:00+99:00",
            "99999999999 min ago",
            "14:05 Middle_Earth",
            "<t:99999999999999999:F>",
        ] {
            assert!(
                matches!(
                    read_past(typed, Berlin, now()),
                    Err(WhenError::Unreadable { .. })
                ),
                "{typed}: {}",
                past(typed)
            );
        }
    }

    #[test]
    fn the_past_ends_two_minutes_ahead_and_thirty_days_back() {
        assert_eq!(past("in 2 min"), "2026-11-25T14:02:00Z");
        assert!(past("in 3 min").starts_with("Ahead"));
        assert!(past("in 3 days").starts_with("Ahead"));
        assert!(past("today 18:00").starts_with("Ahead"));
        assert!(past("2026-11-27 14:05").starts_with("Ahead"));
        assert_eq!(past("30 days ago"), "2026-10-26T14:00:00Z");
        assert!(past("31 days ago").starts_with("TooLongAgo"));
        assert!(past("yesterday").starts_with("NoClock"));
        assert!(past("2026-11-20").starts_with("NoClock"));
    }

    #[test]
    fn due_dates_are_read_as_people_type_them() {
        for (typed, read) in [
            ("tomorrow", "2026-11-26T16:00:00Z"),
            ("today", "2026-11-25T16:00:00Z"),
            ("tomorrow 12:00", "2026-11-26T11:00:00Z"),
            ("in 3 days", "2026-11-28T16:00:00Z"),
            ("3 days", "2026-11-28T16:00:00Z"),
            ("3d", "2026-11-28T16:00:00Z"),
            ("in a week", "2026-12-02T16:00:00Z"),
            ("next week", "2026-12-02T16:00:00Z"),
            ("in 2 weeks", "2026-12-09T16:00:00Z"),
            ("in 1 month", "2026-12-25T16:00:00Z"),
            ("in 2 hours", "2026-11-25T16:00:00Z"),
            ("friday", "2026-11-27T16:00:00Z"),
            ("Fri 12:00", "2026-11-27T11:00:00Z"),
            ("by friday", "2026-11-27T16:00:00Z"),
            ("wednesday", "2026-11-25T16:00:00Z"),
            ("wednesday 9:00", "2026-12-02T08:00:00Z"),
            ("next wednesday", "2026-12-02T16:00:00Z"),
            ("18:00", "2026-11-25T17:00:00Z"),
            ("14:00", "2026-11-26T13:00:00Z"),
            ("2026-11-27", "2026-11-27T16:00:00Z"),
            ("2026-11-27 14:05", "2026-11-27T13:05:00Z"),
            ("2026-11-27 UTC", "2026-11-27T17:00:00Z"),
            ("2026-11-27T14:05:00Z", "2026-11-27T14:05:00Z"),
        ] {
            assert_eq!(due(typed), read, "{typed}");
        }
        assert!(due("yesterday").starts_with("Passed"));
        assert!(due("10 min ago").starts_with("Passed"));
        assert!(due("2025-01-01").starts_with("Passed"));
        assert!(due("2226-11-27").starts_with("TooFarAhead"));
        assert!(due("9999 months").starts_with("TooFarAhead"));
        assert!(due("whenever").starts_with("UnreadableDue"));
    }

    #[test]
    fn a_clock_time_that_never_was_is_read_as_the_first_moment_after() {
        let spring = utc("2026-03-29T10:00:00Z");
        assert_eq!(
            read_past("02:30", Berlin, spring),
            Ok(utc("2026-03-29T01:00:00Z"))
        );
        assert_eq!(
            read_past("01:59", Berlin, spring),
            Ok(utc("2026-03-29T00:59:00Z"))
        );
        assert_eq!(
            read_past("03:00", Berlin, spring),
            Ok(utc("2026-03-29T01:00:00Z"))
        );
        assert_eq!(
            read_past("2:30 am", New_York, utc("2026-03-08T15:00:00Z")),
            Ok(utc("2026-03-08T07:00:00Z"))
        );
        assert_eq!(
            read_due("2026-03-29 02:30", Berlin, utc("2026-03-28T10:00:00Z")),
            Ok(utc("2026-03-29T01:00:00Z"))
        );
    }

    #[test]
    fn a_clock_time_that_came_twice_is_read_as_the_earlier() {
        assert_eq!(
            read_past("02:30", Berlin, utc("2026-10-25T10:00:00Z")),
            Ok(utc("2026-10-25T00:30:00Z"))
        );
        assert_eq!(
            read_past("1:30 am", New_York, utc("2026-11-01T15:00:00Z")),
            Ok(utc("2026-11-01T05:30:00Z"))
        );
        assert_eq!(
            read_due("2026-10-25 02:30", Berlin, utc("2026-10-24T10:00:00Z")),
            Ok(utc("2026-10-25T00:30:00Z"))
        );
        // At 02:10 winter time, the earlier 02:30 has passed.
        assert_eq!(
            read_due("02:30", Berlin, utc("2026-10-25T01:10:00Z")),
            Ok(utc("2026-10-25T01:30:00Z"))
        );
    }

    #[test]
    fn yesterday_is_a_day_of_the_calendar_not_24_hours() {
        assert_eq!(
            read_past("yesterday 12:00", Berlin, utc("2026-03-29T12:00:00Z")),
            Ok(utc("2026-03-28T11:00:00Z"))
        );
        assert_eq!(
            read_past("23:30", New_York, utc("2026-11-25T03:00:00Z")),
            Ok(utc("2026-11-24T04:30:00Z"))
        );
    }

    #[test]
    fn refusals_say_what_to_type_instead_and_ping_nobody() {
        let refusal = |typed: &str| read_past(typed, Berlin, now()).unwrap_err().to_string();
        assert_eq!(
            refusal("@everyone *soon*"),
            "I could not read “@\u{200B}everyone \\*soon\\*” as a time. \
             Try `14:05`, `10 min ago`, `yesterday 18:30` or `2026-11-27T14:05:00Z`."
        );
        assert!(refusal(&"x".repeat(5_000)).len() < 250);
        assert_eq!(
            refusal("yesterday"),
            "“yesterday” names a day, not a time of day. Add the time, as in `yesterday 18:30`."
        );
        assert_eq!(
            refusal("31 days ago"),
            "<t:1792936800:f> is more than 30 days ago. Check the date, and give a time within the last 30 days."
        );
    }

    proptest! {
        #[test]
        fn whatever_is_typed_anywhere_at_any_time_is_read_or_refused(
            typed in prop_oneof![pieces(), ".{0,60}"],
            zone in prop::sample::select(TZ_VARIANTS.to_vec()),
            now in prop_oneof![0i64..4_000_000_000, DateTime::<Utc>::MIN_UTC.timestamp()..=DateTime::<Utc>::MAX_UTC.timestamp()],
        ) {
            let now = DateTime::from_timestamp(now, 0).unwrap();
            match read_past(&typed, zone, now) {
                Ok(at) => prop_assert!(at <= sane(now) + AHEAD && at >= sane(now) - BACK),
                Err(e) => prop_assert!(!e.to_string().is_empty()),
            }
            match read_due(&typed, zone, now) {
                Ok(at) => prop_assert!(at >= sane(now) && at <= sane(now) + DUE_WITHIN),
                Err(e) => prop_assert!(!e.to_string().is_empty()),
            }
            let _ = (read_zone(&typed), suggest_zones(&typed), spell_tags(&typed, zone, now));
        }
    }

    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "now",
                "in",
                "ago",
                "1",
                "99999",
                "14:05",
                "2 pm",
                "02:30",
                "yesterday",
                "tomorrow",
                "friday",
                "next",
                "at",
                "days",
                "weeks",
                "months",
                "min",
                "h",
                "UTC",
                "Europe/Berlin",
                "Pacific/Apia",
                "2026-11-27",
                "0000-01-01",
                "9999-12-31",
                "2011-12-30",
                "T",
                "Z",
                "+14:00",
                "<t:",
                "9999999999999",
                ":F>",
                ".",
                "1h30m",
                "é",
                "٣",
                "2026-02-30",
            ])
            .prop_map(str::to_owned),
            any::<char>().prop_map(String::from),
        ];
        (
            prop::collection::vec(piece, 0..6),
            prop::sample::select(vec![" ", ""]),
        )
            .prop_map(|(p, by)| p.join(by))
    }
}
