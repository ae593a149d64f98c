//! What the tests of the views show: the Prime Day outage, half an hour in.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::discord::message::Message;
use crate::domain::actor::Actor;
use crate::domain::ids::{GuildId, IncidentId, IncidentKey, Mention, RoleId, UserId};
use crate::domain::incident::Incident;
use crate::domain::page::Page;
use crate::domain::status::StatusName;
use crate::domain::status_update::{StatusUpdate, UpdateState};
use crate::domain::timeline::{Fact, Field, TimelineEvent, words};
use crate::domain::words::{Kind, MitigationAction, Outcome, Phase, Role, Severity};

/// 2025-07-15 12:00 UTC.
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_752_580_800, 0).unwrap()
}

pub fn ana() -> Actor {
    Actor::Member(UserId(1))
}

pub fn ben() -> Actor {
    Actor::Member(UserId(2))
}

/// A row by Ana, so many minutes after noon.
pub fn event<const N: usize>(minutes: i64, fact: Fact, texts: [(Field, &str); N]) -> TimelineEvent {
    let at = noon() + TimeDelta::minutes(minutes);
    TimelineEvent {
        seq: 0,
        occurred_at: at,
        recorded_at: at,
        actor: ana(),
        fact,
        words: words(texts.map(|(field, text)| (field, Some(text.to_owned())))),
    }
}

fn fold(id: IncidentId, mut events: Vec<TimelineEvent>) -> (Incident, Vec<TimelineEvent>) {
    for (seq, event) in (1..).zip(&mut events) {
        event.seq = seq;
    }
    let incident = Incident::fold(IncidentKey(17), GuildId(10), &events).unwrap();
    assert_eq!(incident.id, id);
    (incident, events)
}

fn story(id: IncidentId) -> Vec<TimelineEvent> {
    let declared = Fact::Declared {
        id,
        severity: Severity::Major,
        incident_kind: Kind::Technical,
        started_at: Some(noon() - TimeDelta::minutes(4)),
    };
    let role = Fact::RoleAssigned {
        role: Role::Commander,
        user: UserId(1),
        previous: None,
    };
    let scaled = Fact::MitigationRecorded {
        mitigation: 1,
        action: MitigationAction::ScaleUp,
        outcome: Outcome::Trying,
    };
    vec![
        event(
            0,
            declared,
            [
                (Field::Title, "Checkout errors for all customers"),
                (Field::Services, "checkout, cart"),
            ],
        ),
        event(1, role, []),
        event(
            2,
            Fact::Escalated {
                from: Severity::Major,
                to: Severity::Critical,
            },
            [(Field::Reason, "every second order fails")],
        ),
        event(
            2,
            Fact::Paged {
                page: 1,
                who: Mention::Role(RoleId(5)),
            },
            [(Field::Reason, "every second order fails")],
        ),
        event(
            5,
            Fact::ImpactDescribed { started_at: None },
            [
                (Field::Description, "Customers see errors when they pay"),
                (Field::Customers, "120000"),
            ],
        ),
        event(9, scaled, [(Field::Text, "doubling the **order** service")]),
        event(
            11,
            Fact::NoteAdded,
            [(Field::Text, "CPU at 98 % on all hosts\nqueue grows")],
        ),
    ]
}

/// INC-7, critical, with Ana in command.
pub fn prime_day() -> (Incident, Vec<TimelineEvent>) {
    fold(IncidentId::public(7), story(IncidentId::public(7)))
}

/// The same as PRV-3.
pub fn private() -> Incident {
    fold(IncidentId::private(3), story(IncidentId::private(3))).0
}

/// INC-7 after 57 minutes.
pub fn resolved() -> (Incident, Vec<TimelineEvent>) {
    let mut events = story(IncidentId::public(7));
    events.push(event(
        40,
        Fact::StatusChanged {
            from: StatusName::Investigating,
            to: StatusName::Identified,
        },
        [],
    ));
    events.push(event(
        57,
        Fact::Resolved {
            from: StatusName::Identified,
        },
        [
            (Field::Summary, "Capacity doubled, traffic redirected"),
            (Field::Trigger, "Prime Day traffic"),
        ],
    ));
    fold(IncidentId::public(7), events)
}

pub fn draft() -> StatusUpdate {
    StatusUpdate {
        number: 3,
        phase: Phase::Identified,
        corrects: None,
        text: "Some payments fail. We know why and are adding capacity.\nNext update by 12:40 UTC."
            .to_owned(),
        text_seq: 8,
        author: ben(),
        written_at: noon(),
        state: UpdateState::Draft { returned: None },
    }
}

pub fn paged() -> Page {
    Page {
        number: 1,
        who: Mention::Role(RoleId(5)),
        by: ana(),
        at: noon(),
        reason_seq: 4,
        reason: "every second order fails".to_owned(),
        repeat_at: None,
        repeated_at: None,
        acknowledged: None,
    }
}

/// The message as Discord gets it.
pub fn body(message: &Message) -> Value {
    message.body()
}

/// The labels of its buttons; `(off)` is one that cannot be pressed.
pub fn labels(message: &Message) -> String {
    let body = message.body();
    let rows = body["components"].as_array().unwrap();
    let labels: Vec<String> = rows
        .iter()
        .flat_map(|row| row["components"].as_array().unwrap())
        .map(|button| {
            let off = if button["disabled"] == true {
                " (off)"
            } else {
                ""
            };
            format!("{}{off}", button["label"].as_str().unwrap())
        })
        .collect();
    labels.join(", ")
}
