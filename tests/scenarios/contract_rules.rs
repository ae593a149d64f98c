//! The contract's two tables, row by row: who may, and which status moves there are.

use chrono::DateTime;
use warbell::domain::actor::{Actor, Person};
use warbell::domain::decision::Act;
use warbell::domain::ids::{GuildId, IncidentId, IncidentKey, Mention, RoleId, UserId};
use warbell::domain::incident::Incident;
use warbell::domain::policy::{Narrowing, Verb, may};
use warbell::domain::status::StatusName;
use warbell::domain::verbs::{
    action_add, assign, cancel, close, declare, draft, handoff, merge, page, reopen, resolve,
    review_generate, update,
};
use warbell::domain::words::{Role, Severity};

const DECLARER: u64 = 1;
const COMMANDER: u64 = 2;
const SPEAKER: u64 = 3;
const SCRIBE: u64 = 4;
const PAGED: u64 = 5;
const OWNER: u64 = 6;
const NAMED: u64 = 7;
const BYSTANDER: u64 = 8;
const ON_CALL: RoleId = RoleId(90);

fn act(user: u64) -> Act {
    let at = DateTime::from_timestamp(1_784_030_400, 0).unwrap();
    Act {
        actor: Actor::Member(UserId(user)),
        occurred_at: at,
        now: at,
    }
}

fn declared(number: u32, severity: Severity) -> Incident {
    let ask = declare::Declare {
        title: "Checkout down".to_owned(),
        severity: Some(severity),
        ..Default::default()
    };
    declare::decide(
        IncidentKey(number.into()),
        GuildId(9),
        IncidentId::public(number),
        &act(DECLARER),
        declare::check(ask).unwrap(),
        &[Mention::User(UserId(PAGED))],
    )
    .unwrap()
    .incident
}

/// With a draft by the declarer, a page of a role, a follow-up, and a handoff under way.
fn staffed() -> Incident {
    let mut incident = with_papers(declared(1, Severity::Major));
    for (role, user) in [
        (Role::Commander, COMMANDER),
        (Role::Communications, SPEAKER),
        (Role::Scribe, SCRIBE),
    ] {
        incident = assign::decide(&incident, &act(DECLARER), role, UserId(user))
            .unwrap()
            .incident;
    }
    handoff::decide(&incident, &act(COMMANDER), UserId(NAMED), None)
        .unwrap()
        .incident
}

fn with_papers(incident: Incident) -> Incident {
    let incident = draft::decide(&incident, &act(DECLARER), draft::Draft::default())
        .unwrap()
        .incident;
    let ask = page::PageSomebody {
        who: Mention::Role(ON_CALL),
        reason: None,
    };
    let incident = page::decide(&incident, &act(DECLARER), ask)
        .unwrap()
        .incident;
    let ask = action_add::AddAction {
        text: "Load test at ten times".to_owned(),
        owner: Some(UserId(OWNER)),
        ..Default::default()
    };
    action_add::decide(&incident, &act(DECLARER), ask)
        .unwrap()
        .incident
}

const EVERYBODY: &[u64] = &[
    DECLARER, COMMANDER, SPEAKER, SCRIBE, PAGED, OWNER, NAMED, BYSTANDER,
];

/// Who of everybody may do this; nobody holds a Discord role.
fn allowed(verb: Verb, incident: &Incident) -> Vec<u64> {
    EVERYBODY
        .iter()
        .copied()
        .filter(|user| {
            may(
                verb,
                &Person::member(UserId(*user)),
                incident,
                Narrowing::default(),
            )
            .is_ok()
        })
        .collect()
}

#[test]
fn who_may_is_the_contracts_table() {
    let incident = staffed();
    for verb in [
        Verb::Note,
        Verb::Capture,
        Verb::Mitigate,
        Verb::Impact,
        Verb::Escalate,
        Verb::Page,
        Verb::Update,
        Verb::Milestone,
        Verb::Edit,
        Verb::Draft,
        Verb::ActionAdd,
        Verb::TakeCommand,
        Verb::ReviewGenerate,
    ] {
        assert_eq!(allowed(verb, &incident), EVERYBODY, "{verb:?}");
    }
    for verb in [
        Verb::Downgrade,
        Verb::Resolve,
        Verb::Reopen,
        Verb::Cancel,
        Verb::Merge,
        Verb::Assign,
        Verb::Invite,
        Verb::Close,
        Verb::ReviewEdit,
        Verb::ReviewPublish,
    ] {
        assert_eq!(
            allowed(verb, &incident),
            [COMMANDER, SPEAKER, SCRIBE],
            "{verb:?}"
        );
    }
    let approve = Verb::Approve { update: 1 };
    assert_eq!(allowed(approve, &incident), [COMMANDER, SPEAKER]);
    let done = Verb::ActionDone { item: 1 };
    assert_eq!(
        allowed(done, &incident),
        [COMMANDER, SPEAKER, SCRIBE, OWNER]
    );
    assert_eq!(allowed(Verb::Acknowledge { page: 1 }, &incident), [PAGED]);
    assert_eq!(allowed(Verb::AcceptHandoff, &incident), [NAMED]);

    let page_of_a_role = Verb::Acknowledge { page: 2 };
    assert!(allowed(page_of_a_role, &incident).is_empty());
    let mut holder = Person::member(UserId(BYSTANDER));
    holder.roles = vec![ON_CALL];
    assert!(may(page_of_a_role, &holder, &incident, Narrowing::default()).is_ok());
}

#[test]
fn while_nobody_has_the_chairs_the_declarer_decides_and_others_approve() {
    let incident = with_papers(declared(1, Severity::Major));
    assert_eq!(allowed(Verb::Resolve, &incident), [DECLARER]);
    assert!(allowed(Verb::Close, &incident).is_empty());
    let approvers = allowed(Verb::Approve { update: 1 }, &incident);
    assert_eq!(
        approvers,
        EVERYBODY[1..],
        "anyone who did not write the text"
    );
}

#[test]
fn server_managers_always_may_the_terminal_all_but_approve_and_a_role_narrows_the_rest() {
    let incident = staffed();
    let mut manager = Person::member(UserId(BYSTANDER));
    manager.manager = true;
    let narrowed = Narrowing {
        responders: Some(RoleId(1)),
    };
    let operator = Person::operator("root");
    for verb in [
        Verb::Note,
        Verb::Resolve,
        Verb::Close,
        Verb::Approve { update: 1 },
        Verb::Acknowledge { page: 1 },
    ] {
        assert!(may(verb, &manager, &incident, narrowed).is_ok(), "{verb:?}");
        let terminal = may(verb, &operator, &incident, narrowed).is_ok();
        assert_eq!(terminal, !matches!(verb, Verb::Approve { .. }), "{verb:?}");
        let plain = Person::member(UserId(COMMANDER));
        assert!(may(verb, &plain, &incident, narrowed).is_err(), "{verb:?}");
    }
}

/// The incident in this status, with a review where closing wants one.
fn standing(status: StatusName) -> Incident {
    let incident = declared(1, Severity::Major);
    let step = |incident: &Incident, to| {
        let ask = update::Update {
            status: to,
            note: None,
        };
        update::decide(incident, &act(1), ask).unwrap().incident
    };
    let resolved = |incident: &Incident| {
        let ask = resolve::Resolve {
            summary: "Rolled back".to_owned(),
            trigger: None,
        };
        let incident = resolve::decide(incident, &act(1), ask).unwrap().incident;
        review_generate::decide(&incident, &act(1))
            .unwrap()
            .incident
    };
    match status {
        StatusName::Investigating => incident,
        StatusName::Identified | StatusName::Monitoring => step(&incident, status),
        StatusName::Resolved => resolved(&incident),
        StatusName::Closed => {
            close::decide(&resolved(&incident), &act(1))
                .unwrap()
                .incident
        }
        StatusName::Cancelled => cancel::decide(&incident, &act(1), None).unwrap().incident,
        StatusName::Merged => {
            merge::decide(&incident, &declared(2, Severity::Major), &act(1))
                .unwrap()
                .0
                .incident
        }
    }
}

#[test]
fn every_status_move_is_the_contracts_or_refused_in_words_that_name_the_status() {
    use StatusName::{Cancelled, Closed, Identified, Investigating, Merged, Monitoring, Resolved};
    let open = [Investigating, Identified, Monitoring];
    for from in StatusName::ALL.iter().copied() {
        let incident = standing(from);
        assert_eq!(incident.status.name(), from);
        let by = act(1);
        let ask = resolve::Resolve {
            summary: "Over".to_owned(),
            trigger: None,
        };
        let moves = [
            (
                Resolved,
                resolve::decide(&incident, &by, ask),
                open.contains(&from),
            ),
            (
                Investigating,
                reopen::decide(&incident, &by, None),
                [Resolved, Closed].contains(&from),
            ),
            (Closed, close::decide(&incident, &by), from == Resolved),
            (
                Cancelled,
                cancel::decide(&incident, &by, None),
                open.contains(&from),
            ),
            (
                Merged,
                merge::decide(&incident, &declared(2, Severity::Minor), &by).map(|both| both.0),
                open.contains(&from),
            ),
        ];
        for (to, decided, is_a_move) in moves {
            match decided {
                Ok(decision) => {
                    assert!(is_a_move, "{from} to {to} is no move");
                    assert_eq!(decision.incident.status.name(), to);
                }
                Err(refusal) => {
                    assert!(!is_a_move, "{from} to {to}: {refusal}");
                    assert!(refusal.to_string().contains(&from.to_string()), "{refusal}");
                }
            }
        }
        for to in open {
            let ask = update::Update {
                status: to,
                note: Some("As the graphs say".to_owned()),
            };
            let moved = update::decide(&incident, &by, ask);
            assert_eq!(moved.is_ok(), open.contains(&from), "{from} to {to}");
        }
    }
}
