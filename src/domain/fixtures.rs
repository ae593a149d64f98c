//! What unit tests of the domain begin with.

use chrono::{DateTime, TimeDelta, Utc};

use super::actor::Actor;
use super::decision::Act;
use super::ids::{GuildId, IncidentId, IncidentKey, UserId};
use super::incident::Incident;
use super::verbs::declare::{self, Declare};
use super::words::Severity;

/// Prime Day, noon UTC.
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_752_580_800, 0).expect("a valid time")
}

/// Something that Ana does so many minutes after noon.
pub fn act(minutes: i64) -> Act {
    by(1, minutes)
}

/// Something that this user does so many minutes after noon.
pub fn by(user: u64, minutes: i64) -> Act {
    let at = noon() + TimeDelta::minutes(minutes);
    Act {
        actor: Actor::Member(UserId(user)),
        occurred_at: at,
        now: at,
    }
}

/// INC-1, declared by Ana at noon.
pub fn checkout_down(severity: Severity) -> Incident {
    let declaration = declare::check(Declare {
        title: "Checkout errors for all customers".to_owned(),
        severity: Some(severity),
        services: Some("checkout, cart".to_owned()),
        ..Declare::default()
    })
    .expect("a good declaration");
    declare::decide(
        IncidentKey(1),
        GuildId(10),
        IncidentId::public(1),
        &act(0),
        declaration,
        &[],
    )
    .expect("nothing refuses it")
    .incident
}
