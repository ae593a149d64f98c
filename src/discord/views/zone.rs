//! `/me zone`: the zone that a person's typed times are read in.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::discord::message::Message;

/// The zone was set.
pub fn saved(zone: Tz, now: DateTime<Utc>) -> Message {
    Message::text(format!(
        "Times you type are read in {zone} from now on, where it is {}.",
        clock(zone, now)
    ))
}

/// The zone as it is: the person's own, else the server's.
pub fn present(own: Option<Tz>, server: Tz, now: DateTime<Utc>) -> Message {
    Message::text(match own {
        Some(zone) => format!(
            "Times you type are read in {zone}, where it is {}.",
            clock(zone, now)
        ),
        None => format!(
            "Times you type are read in the server's zone, {server}, where it is {}. `/me zone` sets your own.",
            clock(server, now)
        ),
    })
}

fn clock(zone: Tz, now: DateTime<Utc>) -> String {
    now.with_timezone(&zone).format("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::samples::noon;
    use super::*;

    #[test]
    fn a_zone_is_shown_with_its_present_time() {
        insta::assert_snapshot!(saved(Tz::Europe__Berlin, noon()).content, @"Times you type are read in Europe/Berlin from now on, where it is 14:00.");
        insta::assert_snapshot!(present(None, Tz::UTC, noon()).content, @"Times you type are read in the server's zone, UTC, where it is 12:00. `/me zone` sets your own.");
    }
}
