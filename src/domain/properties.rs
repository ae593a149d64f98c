//! Whatever people do in whatever order, the incident stays possible, and its timeline tells it.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::decision::{Act, Decided, Decision};
use super::effect::Effect;
use super::fixtures::{by, checkout_down, noon};
use super::ids::{ChannelId, IncidentId, Mention, MessageId, RoleId, UserId};
use super::incident::Incident;
use super::milestones::{Milestone, durations};
use super::status::{Status, StatusName};
use super::status_update::UpdateState;
use super::timeline::{CaptureVia, Fact, Lapse, TimelineEvent};
use super::verbs;
use super::words::{MitigationAction, Outcome, Phase, ReviewSection, Role, Severity};

/// Something that somebody does.
#[derive(Clone, Debug)]
enum Step {
    Escalate(Option<Severity>),
    Downgrade(Option<Severity>),
    Page(u64),
    Acknowledge(u32),
    RepeatPage(u32),
    Invite(u64),
    Update(StatusName, bool),
    Resolve,
    Reopen,
    Cancel,
    Close,
    Merge,
    Assign(Role, u64),
    TakeCommand,
    Handoff(u64),
    AcceptHandoff,
    Note(i64),
    Capture(u64),
    Mitigate(MitigationAction, Outcome),
    Impact(Option<i64>),
    Edit(String),
    MakePrivate,
    Milestone(Milestone, i64),
    Draft(Option<Phase>),
    EditDraft(u32),
    Approve(u32, bool),
    Publish(u32),
    Return(u32),
    Discard(u32),
    Correct(u32),
    RemindUpdate,
    ActionAdd,
    ActionDone(u32),
    ReviewGenerate,
    ReviewEdit,
    ReviewPublish,
    ReplaceChannel,
}

fn one_of<T: Copy + std::fmt::Debug>(all: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(all)
}

fn step() -> impl Strategy<Value = Step> {
    let small = 1..4u32;
    let user = 1..5u64;
    prop_oneof![
        proptest::option::of(one_of(Severity::ALL)).prop_map(Step::Escalate),
        proptest::option::of(one_of(Severity::ALL)).prop_map(Step::Downgrade),
        user.clone().prop_map(Step::Page),
        small.clone().prop_map(Step::Acknowledge),
        small.clone().prop_map(Step::RepeatPage),
        user.clone().prop_map(Step::Invite),
        (one_of(StatusName::ALL), any::<bool>()).prop_map(|(s, n)| Step::Update(s, n)),
        Just(Step::Resolve),
        Just(Step::Reopen),
        Just(Step::Cancel),
        Just(Step::Close),
        Just(Step::Merge),
        (one_of(Role::ALL), user.clone()).prop_map(|(r, u)| Step::Assign(r, u)),
        Just(Step::TakeCommand),
        user.prop_map(Step::Handoff),
        Just(Step::AcceptHandoff),
        (-60..60i64).prop_map(Step::Note),
        (0..9u64).prop_map(Step::Capture),
        (one_of(MitigationAction::ALL), one_of(Outcome::ALL))
            .prop_map(|(a, o)| Step::Mitigate(a, o)),
        proptest::option::of(-90..90i64).prop_map(Step::Impact),
        ".{0,120}".prop_map(Step::Edit),
        Just(Step::MakePrivate),
        (one_of(Milestone::ALL), -90..90i64).prop_map(|(m, at)| Step::Milestone(m, at)),
        proptest::option::of(one_of(Phase::ALL)).prop_map(Step::Draft),
        small.clone().prop_map(Step::EditDraft),
        (small.clone(), any::<bool>()).prop_map(|(u, ok)| Step::Approve(u, ok)),
        small.clone().prop_map(Step::Publish),
        small.clone().prop_map(Step::Return),
        small.clone().prop_map(Step::Discard),
        small.clone().prop_map(Step::Correct),
        Just(Step::RemindUpdate),
        Just(Step::ActionAdd),
        small.prop_map(Step::ActionDone),
        Just(Step::ReviewGenerate),
        Just(Step::ReviewEdit),
        Just(Step::ReviewPublish),
        Just(Step::ReplaceChannel),
    ]
}

/// What the step comes to; `None` where the verb finds nothing to do.
fn decide(incident: &Incident, act: &Act, step: Step) -> Option<Decided> {
    let at = |minutes| noon() + TimeDelta::minutes(minutes);
    let text = || "Some words".to_owned();
    let user = act.actor.user().unwrap_or(UserId(1));
    Some(match step {
        Step::Escalate(to) => verbs::escalate::decide(
            incident,
            act,
            verbs::escalate::Escalate {
                to,
                ..Default::default()
            },
            |_| vec![Mention::Role(RoleId(9))],
        ),
        Step::Downgrade(to) => verbs::downgrade::decide(
            incident,
            act,
            verbs::downgrade::Downgrade {
                to,
                reason: Some(text()),
            },
        ),
        Step::Page(who) => verbs::page::decide(
            incident,
            act,
            verbs::page::PageSomebody {
                who: Mention::User(UserId(who)),
                reason: None,
            },
        ),
        Step::Acknowledge(page) => verbs::acknowledge::decide(incident, act, page),
        Step::RepeatPage(page) => return verbs::repeat_page::decide(incident, act, page).map(Ok),
        Step::Invite(who) => verbs::invite::decide(incident, act, Mention::User(UserId(who))),
        Step::Update(status, noted) => verbs::update::decide(
            incident,
            act,
            verbs::update::Update {
                status,
                note: noted.then(text),
            },
        ),
        Step::Resolve => verbs::resolve::decide(
            incident,
            act,
            verbs::resolve::Resolve {
                summary: text(),
                trigger: None,
            },
        ),
        Step::Reopen => verbs::reopen::decide(incident, act, None),
        Step::Cancel => verbs::cancel::decide(incident, act, None),
        Step::Close => verbs::close::decide(incident, act),
        Step::Merge => {
            let mut other = checkout_down(Severity::Minor);
            other.key.0 += 1;
            other.id = IncidentId {
                number: 2,
                ..incident.id
            };
            return Some(verbs::merge::decide(incident, &other, act).map(|(merged, _)| merged));
        }
        Step::Assign(role, who) => verbs::assign::decide(incident, act, role, UserId(who)),
        Step::TakeCommand => verbs::take_command::decide(incident, act, user),
        Step::Handoff(to) => verbs::handoff::decide(incident, act, UserId(to), None),
        Step::AcceptHandoff => verbs::accept_handoff::decide(incident, act, user),
        Step::Note(minutes) => verbs::note::decide(
            incident,
            act,
            verbs::note::Note {
                text: text(),
                at: Some(at(minutes)),
            },
        ),
        Step::Capture(n) => verbs::capture::decide(
            incident,
            act,
            verbs::capture::Capture {
                channel: ChannelId(5),
                message: MessageId::earliest_at(at(0)),
                author: UserId(n),
                via: CaptureVia::Reaction,
                text: None,
                attachments: vec!["graph.png".to_owned()],
            },
            None,
        ),
        Step::Mitigate(action, outcome) => verbs::mitigate::decide(
            incident,
            act,
            verbs::mitigate::Mitigate {
                action,
                note: None,
                outcome: Some(outcome),
            },
        ),
        Step::Impact(started) => verbs::impact::decide(
            incident,
            act,
            verbs::impact::DescribeImpact {
                description: Some(text()),
                started_at: started.map(at),
                ..Default::default()
            },
        ),
        Step::Edit(title) => verbs::edit::decide(
            incident,
            act,
            verbs::edit::Edit {
                title: Some(title),
                ..Default::default()
            },
            None,
        ),
        Step::MakePrivate => verbs::edit::decide(
            incident,
            act,
            verbs::edit::Edit {
                private: Some(true),
                ..Default::default()
            },
            Some(IncidentId::private(1)),
        ),
        Step::Milestone(milestone, minutes) => {
            verbs::milestone::decide(incident, act, milestone, at(minutes), None)
        }
        Step::Draft(phase) => {
            verbs::draft::decide(incident, act, verbs::draft::Draft { phase, text: None })
        }
        Step::EditDraft(update) => verbs::edit_draft::decide(incident, act, update, text()),
        Step::Approve(update, of_this_text) => {
            let fingerprint = match incident.update(update) {
                Some(draft) if of_this_text => draft.fingerprint(),
                _ => "another text".to_owned(),
            };
            verbs::approve::decide(incident, act, update, &fingerprint)
        }
        Step::Publish(update) => {
            let approved = incident
                .update(update)
                .is_some_and(|update| matches!(update.state, UpdateState::Approved { .. }));
            if !approved {
                return None;
            }
            let (channel, message) = (ChannelId(6), MessageId(7));
            return verbs::publish::decide(incident, act, update, channel, message).map(Ok);
        }
        Step::Return(update) => {
            let say = super::effect::Say::Publish { update };
            return verbs::lapse::decide(incident, act, &say, Lapse::TooLate).map(Ok);
        }
        Step::Discard(update) => verbs::discard::decide(incident, act, update),
        Step::Correct(update) => verbs::correct_update::decide(incident, act, update, text()),
        Step::RemindUpdate => return verbs::remind_update::decide(incident, act).map(Ok),
        Step::ActionAdd => verbs::action_add::decide(
            incident,
            act,
            verbs::action_add::AddAction {
                text: text(),
                ..Default::default()
            },
        ),
        Step::ActionDone(item) => verbs::action_done::decide(incident, act, item),
        Step::ReviewGenerate => verbs::review_generate::decide(incident, act),
        Step::ReviewEdit => {
            verbs::review_edit::decide(incident, act, ReviewSection::WentWell, text())
        }
        Step::ReviewPublish => verbs::review_publish::decide(incident, act),
        Step::ReplaceChannel => {
            return verbs::replace_channel::decide(incident, act, ChannelId(5)).map(Ok);
        }
    })
}

/// What may never be.
fn check_possible(incident: &Incident) -> Result<(), TestCaseError> {
    let open = incident.status.is_open();
    let ended = matches!(
        incident.status,
        Status::Resolved { .. } | Status::Closed { .. }
    );
    prop_assert_eq!(
        incident.milestones.get(Milestone::Resolved).is_some(),
        ended
    );
    prop_assert_eq!(
        incident.next_update.is_some(),
        open,
        "customers wait while it is open"
    );
    prop_assert!(
        open || incident.dues().is_empty(),
        "nothing is due once it ended"
    );
    prop_assert!(open || incident.handoff_to.is_none());
    for duration in durations(&incident.milestones) {
        prop_assert!(
            duration.value.is_none_or(|d| d >= TimeDelta::zero()),
            "{}",
            duration.name
        );
    }
    prop_assert!(
        (1..=100).contains(&incident.title.chars().count()),
        "{:?}",
        incident.title
    );
    for page in &incident.pages {
        prop_assert!(page.acknowledged.is_none() || page.repeat_at.is_none());
        prop_assert!(
            page.repeated_at.is_none() || page.repeat_at.is_none(),
            "repeated once"
        );
    }
    let numbers: Vec<u32> = incident
        .updates
        .iter()
        .map(|update| update.number)
        .collect();
    let counted: Vec<u32> = (1..).take(numbers.len()).collect();
    prop_assert_eq!(numbers, counted, "updates are counted without gaps");
    Ok(())
}

fn check_decision(before: &Incident, decision: &Decision) -> Result<(), TestCaseError> {
    prop_assert!(
        !decision.events.is_empty(),
        "what changes something is on the timeline"
    );
    for (event, seq) in decision.events.iter().zip(before.length + 1..) {
        prop_assert_eq!(event.seq, seq);
    }
    for effect in &decision.effects {
        if let Effect::Say(say) = effect {
            prop_assert_eq!(
                say.still_if(&decision.incident),
                Ok(()),
                "true when decided"
            );
        }
    }
    if matches!(decision.incident.status, Status::Closed { .. })
        && decision.incident.severity != Severity::Minor
    {
        prop_assert!(decision.incident.review.generated_at.is_some());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_sequence_of_verbs_reaches_an_impossible_incident_and_the_timeline_tells_it_all(
        severity in one_of(Severity::ALL),
        steps in proptest::collection::vec((step(), 1..5u64, 0..8i64), 0..40),
    ) {
        let mut incident = checkout_down(severity);
        let mut timeline: Vec<TimelineEvent> = vec![TimelineEvent {
            seq: 1,
            occurred_at: noon(),
            recorded_at: noon(),
            actor: incident.declared_by.clone(),
            fact: Fact::Declared {
                id: IncidentId::public(1),
                severity,
                incident_kind: incident.kind,
                started_at: None,
            },
            words: super::timeline::words([
                (super::timeline::Field::Title, Some(incident.title.clone())),
                (super::timeline::Field::Services, Some("checkout, cart".to_owned())),
            ]),
        }];
        let mut minutes = 0;
        for (step, user, pause) in steps {
            minutes += pause;
            let act = by(user, minutes);
            match decide(&incident, &act, step) {
                None => {}
                Some(Err(refusal)) => {
                    let sentence = refusal.to_string();
                    prop_assert!(sentence.ends_with(['.', '!', '`', ')']), "{}", sentence);
                }
                Some(Ok(decision)) => {
                    check_decision(&incident, &decision)?;
                    timeline.extend(decision.events.clone());
                    incident = decision.incident;
                }
            }
            check_possible(&incident)?;
        }
        let folded = Incident::fold(incident.key, incident.guild, &timeline).unwrap();
        prop_assert_eq!(&folded, &incident, "the fold of the timeline is the incident");
        let stored = serde_json::to_string(&incident).unwrap();
        let read: Incident = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(read, incident, "what is stored reads back");
    }
}
