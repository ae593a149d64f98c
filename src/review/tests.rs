//! The Prime Day story, from declaration to review.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Format, Links, Review, UnknownFormat, file_name, render};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::fixtures::{by, noon};
use crate::domain::ids::{
    ChannelId, GuildId, IncidentId, IncidentKey, Mention, MessageId, RoleId, UserId,
};
use crate::domain::incident::Incident;
use crate::domain::milestones::Milestone;
use crate::domain::status::StatusName;
use crate::domain::timeline::{CaptureVia, Field, TimelineEvent};
use crate::domain::verbs::action_add::{self, AddAction};
use crate::domain::verbs::capture::{self, Capture};
use crate::domain::verbs::declare::{self, Declare};
use crate::domain::verbs::draft::{self, Draft};
use crate::domain::verbs::escalate::{self, Escalate};
use crate::domain::verbs::impact::{self, DescribeImpact};
use crate::domain::verbs::mitigate::{self, Mitigate};
use crate::domain::verbs::note::{self, Note};
use crate::domain::verbs::page::{self, PageSomebody};
use crate::domain::verbs::resolve::{self, Resolve};
use crate::domain::verbs::update::{self, Update};
use crate::domain::verbs::{
    accept_handoff, acknowledge, action_done, approve, assign, cancel, discard, edit_draft,
    handoff, milestone, publish, reopen, review_edit, review_generate,
};
use crate::domain::words::{
    ActionKind, MitigationAction, Outcome, Phase, ReviewSection, Role, Severity,
};

const ANA: u64 = 1;
const BEN: u64 = 2;
const CLEO: u64 = 3;
const CHANNEL: ChannelId = ChannelId(500);
const UPDATES: ChannelId = ChannelId(600);

/// An incident and everything that happened in it.
struct Story {
    incident: Incident,
    events: Vec<TimelineEvent>,
}

impl Story {
    fn begin(ask: Declare) -> Self {
        let ask = declare::check(ask).unwrap();
        let declared = declare::decide(
            IncidentKey(1),
            GuildId(10),
            IncidentId::public(1),
            &by(ANA, 0),
            ask,
            &[],
        )
        .unwrap();
        Self {
            incident: declared.incident,
            events: declared.events,
        }
    }

    fn then(&mut self, verb: impl FnOnce(&Incident) -> Decided) {
        let Decision {
            incident, events, ..
        } = verb(&self.incident).unwrap();
        self.incident = incident;
        self.events.extend(events);
    }

    /// Drafted by Cleo, approved by Ana, published.
    fn tell(&mut self, minute: i64, phase: Phase, text: &str) {
        let ask = Draft {
            phase: Some(phase),
            text: Some(text.to_owned()),
        };
        self.then(|i| draft::decide(i, &by(CLEO, minute - 2), ask));
        let update = self.incident.updates.last().unwrap().number;
        self.approve(minute, update);
    }

    fn approve(&mut self, minute: i64, update: u32) {
        let fingerprint = self.incident.update(update).unwrap().fingerprint();
        self.then(|i| approve::decide(i, &by(ANA, minute), update, &fingerprint));
        let message = MessageId(600 + u64::from(update));
        self.then(|i| Ok(publish::decide(i, &warbell(minute), update, UPDATES, message).unwrap()));
    }

    fn review(&self) -> Review {
        Review::of(&self.incident, &self.events, &people(), &links())
    }

    fn markdown(&self) -> String {
        render(&self.review(), Format::Markdown).unwrap()
    }
}

fn warbell(minute: i64) -> Act {
    Act {
        actor: crate::domain::actor::Actor::Warbell,
        ..by(ANA, minute)
    }
}

fn at(minute: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(minute)
}

fn people() -> BTreeMap<UserId, String> {
    [(ANA, "Ana"), (BEN, "Ben"), (CLEO, "Cleo")]
        .map(|(id, name)| (UserId(id), name.to_owned()))
        .into()
}

fn links() -> Links {
    Links {
        guild: GuildId(10),
        channel: Some(CHANNEL),
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn prime_day() -> Story {
    let mut story = Story::begin(Declare {
        title: "Checkout errors for all customers".to_owned(),
        severity: Some(Severity::Major),
        services: text("checkout, cart"),
        summary: text("Payments fail since the sale began."),
        started_at: Some(at(-5)),
        ..Declare::default()
    });
    let s = &mut story;
    s.then(|i| {
        milestone::decide(
            i,
            &by(ANA, 1),
            Milestone::Detected,
            at(-2),
            text("the first alert"),
        )
    });
    s.then(|i| assign::decide(i, &by(ANA, 2), Role::Commander, UserId(ANA)));
    s.then(|i| {
        let ask = Escalate {
            reason: text("every order fails"),
            ..Escalate::default()
        };
        escalate::decide(i, &by(ANA, 3), ask, |_| vec![Mention::Role(RoleId(70))])
    });
    s.then(|i| {
        let ask = PageSomebody {
            who: Mention::User(UserId(BEN)),
            reason: text("knows the database"),
        };
        page::decide(i, &by(ANA, 4), ask)
    });
    s.then(|i| acknowledge::decide(i, &by(BEN, 6), 2));
    s.then(|i| assign::decide(i, &by(ANA, 7), Role::Operations, UserId(BEN)));
    s.then(|i| assign::decide(i, &by(ANA, 7), Role::Communications, UserId(CLEO)));
    s.tell(
        12,
        Phase::Investigating,
        "We see errors at checkout.\nYour cart is safe.",
    );
    s.then(|i| {
        let ask = DescribeImpact {
            description: text("No order can be paid."),
            customers: text("about 120000"),
            revenue_per_minute: text("12000 EUR"),
            started_at: None,
        };
        impact::decide(i, &by(CLEO, 14), ask)
    });
    s.then(|i| {
        let ask = Capture {
            channel: CHANNEL,
            message: MessageId::earliest_at(at(9)),
            author: UserId(BEN),
            via: CaptureVia::Reaction,
            text: text("<@1> connections are used up"),
            attachments: vec!["pool.png".to_owned()],
        };
        capture::decide(i, &by(ANA, 15), ask, None)
    });
    s.then(|i| {
        let ask = Update {
            status: StatusName::Identified,
            note: text("the connection pool is full"),
        };
        update::decide(i, &by(BEN, 20), ask)
    });
    s.then(|i| {
        let ask = Mitigate {
            action: MitigationAction::ScaleUp,
            note: text("three more replicas"),
            outcome: None,
        };
        mitigate::decide(i, &by(BEN, 22), ask)
    });
    s.then(|i| {
        let ask = Mitigate {
            action: MitigationAction::ScaleUp,
            note: None,
            outcome: Some(Outcome::Helped),
        };
        mitigate::decide(i, &by(BEN, 30), ask)
    });
    s.tell(42, Phase::Identified, "We know why, and are mending it.");
    s.then(|i| {
        let ask = Mitigate {
            action: MitigationAction::RedirectTraffic,
            note: text("half of it to the second region"),
            outcome: Some(Outcome::Fixed),
        };
        mitigate::decide(i, &by(BEN, 45), ask)
    });
    s.then(|i| handoff::decide(i, &by(ANA, 46), UserId(CLEO), text("I am off")));
    s.then(|i| accept_handoff::decide(i, &by(CLEO, 48), UserId(CLEO)));
    s.then(|i| {
        update::decide(
            i,
            &by(CLEO, 50),
            Update {
                status: StatusName::Monitoring,
                note: None,
            },
        )
    });
    s.then(|i| {
        let ask = Resolve {
            summary: "Twice the replicas and half the traffic: orders go through.".to_owned(),
            trigger: text("The sale's first minute brought ten times the usual connections."),
        };
        resolve::decide(i, &by(CLEO, 70), ask)
    });
    s.tell(
        75,
        Phase::Resolved,
        "Checkout works again. No data was lost.",
    );
    s.then(|i| {
        let ask = AddAction {
            text: "Size the pool for ten times the load".to_owned(),
            owner: Some(UserId(BEN)),
            due_at: Some(at(60 * 24 * 7)),
            kind: Some(ActionKind::Prevent),
        };
        action_add::decide(i, &by(CLEO, 80), ask)
    });
    s.then(|i| {
        let ask = AddAction {
            text: "Alert on a full pool".to_owned(),
            kind: Some(ActionKind::Detect),
            ..AddAction::default()
        };
        action_add::decide(i, &by(CLEO, 81), ask)
    });
    s.then(|i| {
        review_edit::decide(
            i,
            &by(CLEO, 90),
            ReviewSection::WentWell,
            "The page was answered in 2 minutes.".to_owned(),
        )
    });
    s.then(|i| review_generate::decide(i, &by(CLEO, 91)));
    story
}

#[test]
fn the_story_of_prime_day_becomes_a_review() {
    insta::assert_snapshot!(prime_day().markdown(), @r"
    # INC-1: Checkout errors for all customers – review

    This review is blameless: it tells what happened and what can be learned, never who is to blame.

    | | |
    |---|---|
    | Severity | Critical |
    | Status | Resolved since 2025-07-15 13:10 UTC by Cleo (incident commander, communications lead) |
    | Kind | Technical |
    | Services | checkout, cart |
    | Declared | 2025-07-15 12:00 UTC by Ana (incident commander) |
    | Resolved | 2025-07-15 13:10 UTC |
    | Channel | [open in Discord](https://discord.com/channels/10/500) |

    ## Summary

    Twice the replicas and half the traffic: orders go through.

    From the resolution; `/review edit section:summary` writes one for the review.

    ## Impact

    No order can be paid.

    | | |
    |---|---|
    | Customers | about 120000 |
    | Since | 2025-07-15 11:55 UTC |
    | Duration | 50 min (mitigated (else resolved) − impact started) |
    | Revenue per minute | 12000 EUR |
    | Loss | 600000 EUR = 12000 EUR a minute × 50 min of customer impact (mitigated (else resolved) − impact started), as if the rate had been the same throughout |

    ## People

    | Role | Who | From | Until | Time in the chair |
    |---|---|---|---|---|
    | Incident commander | Ana | 2025-07-15 12:02 UTC | 2025-07-15 12:48 UTC | 46 min |
    | Incident commander | Cleo | 2025-07-15 12:48 UTC | 2025-07-15 13:10 UTC | 22 min |
    | Communications lead | Cleo | 2025-07-15 12:07 UTC | 2025-07-15 13:10 UTC | 1 h 3 min |
    | Scribe | nobody | — | — | — |
    | Operations lead | Ben | 2025-07-15 12:07 UTC | 2025-07-15 13:10 UTC | 1 h 3 min |

    Named in the timeline: Ana (incident commander), Ben (operations lead), Cleo (incident commander, communications lead).

    ## Milestones

    | Milestone | When | Set by hand |
    |---|---|---|
    | Impact started | 2025-07-15 11:55 UTC | — |
    | Detected | 2025-07-15 11:58 UTC | #2: the first alert |
    | Declared | 2025-07-15 12:00 UTC | — |
    | Acknowledged | 2025-07-15 12:02 UTC | — |
    | Identified | 2025-07-15 12:20 UTC | — |
    | Mitigated | 2025-07-15 12:45 UTC | — |
    | Resolved | 2025-07-15 13:10 UTC | — |

    | Duration | Value | Formula |
    |---|---|---|
    | Time to detect | 3 min | detected − impact started |
    | Time to acknowledge | 4 min | acknowledged − detected |
    | Time to declare | 2 min | declared − detected |
    | Time to identify | 22 min | identified − detected |
    | Time to mitigate | 50 min | mitigated − impact started |
    | Time to resolve | 1 h 15 min | resolved − impact started |
    | Response duration | 1 h 10 min | resolved − declared |
    | Customer impact duration | 50 min | mitigated (else resolved) − impact started |

    ## Status and severity

    | Status | From | Until | For | Moved by | Why |
    |---|---|---|---|---|---|
    | Investigating | 2025-07-15 12:00 UTC | 2025-07-15 12:20 UTC | 20 min | Ana | — |
    | Identified | 2025-07-15 12:20 UTC | 2025-07-15 12:50 UTC | 30 min | Ben (operations lead) | the connection pool is full |
    | Monitoring | 2025-07-15 12:50 UTC | 2025-07-15 13:10 UTC | 20 min | Cleo (incident commander, communications lead) | — |
    | Resolved | 2025-07-15 13:10 UTC | — | — | Cleo (incident commander, communications lead) | — |

    | Severity | From | Until | For | Moved by | Why |
    |---|---|---|---|---|---|
    | Major | 2025-07-15 12:00 UTC | 2025-07-15 12:03 UTC | 3 min | Ana | — |
    | Critical | 2025-07-15 12:03 UTC | 2025-07-15 13:10 UTC | 1 h 7 min | Ana (incident commander) | every order fails |

    ## Mitigations

    | # | Step | When | Outcome | By | Note |
    |---|---|---|---|---|---|
    | 1 | Scale up | 2025-07-15 12:22 UTC | trying | Ben (operations lead) | three more replicas |
    | 1 | Scale up | 2025-07-15 12:30 UTC | helped | Ben (operations lead) | — |
    | 2 | Redirect traffic | 2025-07-15 12:45 UTC | fixed | Ben (operations lead) | half of it to the second region |

    ## Trigger

    The sale's first minute brought ten times the usual connections.

    ## Contributing factors

    “Contributing factors” is not written yet. Add it with `/review edit section:factors`.

    ## What customers were told

    ### Update 1: Investigating, 2025-07-15 12:12 UTC

    > We see errors at checkout.\
    > Your cart is safe.

    Drafted by Cleo (communications lead), approved by Ana (incident commander). [Open in Discord](https://discord.com/channels/10/600/601)

    ### Update 2: Identified, 2025-07-15 12:42 UTC

    > We know why, and are mending it.

    Drafted by Cleo (communications lead), approved by Ana (incident commander). [Open in Discord](https://discord.com/channels/10/600/602)

    ### Update 3: Resolved, 2025-07-15 13:15 UTC

    > Checkout works again. No data was lost.

    Drafted by Cleo (incident commander, communications lead), approved by Ana. [Open in Discord](https://discord.com/channels/10/600/603)

    ### Waits

    Promised: critical every 20 min, major every 30 min, minor every 4 h.

    | From | Until | Waited | Promised by | Kept |
    |---|---|---|---|---|
    | the declaration, 2025-07-15 12:00 UTC | update 1, 2025-07-15 12:12 UTC | 12 min | 2025-07-15 12:23 UTC | yes |
    | update 1, 2025-07-15 12:12 UTC | update 2, 2025-07-15 12:42 UTC | 30 min | 2025-07-15 12:32 UTC | **overdue by 10 min** |
    | update 2, 2025-07-15 12:42 UTC | the end of the response, 2025-07-15 13:10 UTC | 28 min | 2025-07-15 13:02 UTC | **overdue by 8 min** |

    ## Pages

    | # | Who | When | By | Why | Acknowledged |
    |---|---|---|---|---|---|
    | 1 | Discord role 70 | 2025-07-15 12:03 UTC | Ana (incident commander) | every order fails | no |
    | 2 | Ben (operations lead) | 2025-07-15 12:04 UTC | Ana (incident commander) | knows the database | after 2 min by Ben (operations lead) |

    ## What went well

    The page was answered in 2 minutes.

    ## What went badly

    “What went badly” is not written yet. Add it with `/review edit section:went_badly`.

    ## Where we got lucky

    “Where we got lucky” is not written yet. Add it with `/review edit section:lucky`.

    ## Lessons

    “Lessons” is not written yet. Add it with `/review edit section:lessons`.

    ## Action items

    | # | What | For | Owner | Due | Done |
    |---|---|---|---|---|---|
    | 1 | Size the pool for ten times the load | Prevent | Ben (operations lead) | 2025-07-22 12:00 UTC | open |
    | 2 | Alert on a full pool | Detect | nobody yet | no date | open |

    ## Timeline

    | # | When | Kind | Who | What | Message |
    |---|---|---|---|---|---|
    | 1 | 2025-07-15 12:00 UTC | declared | Ana | Declared as Major, technical, began 2025-07-15 11:55 UTC: Checkout errors for all customers |  |
    | 2 | 2025-07-15 12:01 UTC | milestone_set | Ana | Detected set to 2025-07-15 11:58 UTC: the first alert |  |
    | 3 | 2025-07-15 12:02 UTC | role_assigned | Ana (incident commander) | Ana took command |  |
    | 4 | 2025-07-15 12:03 UTC | escalated | Ana (incident commander) | Severity raised from Major to Critical: every order fails |  |
    | 5 | 2025-07-15 12:03 UTC | paged | Ana (incident commander) | Paged Discord role 70: every order fails |  |
    | 6 | 2025-07-15 12:04 UTC | paged | Ana (incident commander) | Paged Ben: knows the database |  |
    | 7 | 2025-07-15 12:06 UTC | page_acknowledged | Ben | Page 2 acknowledged |  |
    | 8 | 2025-07-15 12:07 UTC | role_assigned | Ana (incident commander) | Ben is now operations lead |  |
    | 9 | 2025-07-15 12:07 UTC | role_assigned | Ana (incident commander) | Cleo is now communications lead |  |
    | 14 | 2025-07-15 12:09 UTC | message_captured | Ana (incident commander) | Ben wrote: @Ana connections are used up · files: pool.png | [open](https://discord.com/channels/10/500/1394651965685760000) |
    | 10 | 2025-07-15 12:10 UTC | update_drafted | Cleo (communications lead) | Update 1 drafted for customers (Investigating): We see errors at checkout. Your cart is safe. |  |
    | 11 | 2025-07-15 12:12 UTC | update_approved | Ana (incident commander) | Update 1 approved |  |
    | 12 | 2025-07-15 12:12 UTC | update_published | Warbell | Update 1 published in channel 600 | [open](https://discord.com/channels/10/600/601) |
    | 13 | 2025-07-15 12:14 UTC | impact_described | Cleo (communications lead) | Impact: No order can be paid. · customers: about 120000 · revenue per minute: 12000 EUR |  |
    | 15 | 2025-07-15 12:20 UTC | status_changed | Ben (operations lead) | Status moved from Investigating to Identified: the connection pool is full |  |
    | 16 | 2025-07-15 12:22 UTC | mitigation_recorded | Ben (operations lead) | Mitigation begun: Scale up: three more replicas |  |
    | 17 | 2025-07-15 12:30 UTC | mitigation_recorded | Ben (operations lead) | Mitigation helped: Scale up |  |
    | 18 | 2025-07-15 12:40 UTC | update_drafted | Cleo (communications lead) | Update 2 drafted for customers (Identified): We know why, and are mending it. |  |
    | 19 | 2025-07-15 12:42 UTC | update_approved | Ana (incident commander) | Update 2 approved |  |
    | 20 | 2025-07-15 12:42 UTC | update_published | Warbell | Update 2 published in channel 600 | [open](https://discord.com/channels/10/600/602) |
    | 21 | 2025-07-15 12:45 UTC | mitigation_recorded | Ben (operations lead) | Mitigation fixed it: Redirect traffic: half of it to the second region |  |
    | 22 | 2025-07-15 12:46 UTC | handoff_offered | Ana (incident commander) | Command offered to Cleo: I am off |  |
    | 23 | 2025-07-15 12:48 UTC | handoff_accepted | Cleo (incident commander, communications lead) | Cleo took over command from Ana |  |
    | 24 | 2025-07-15 12:50 UTC | status_changed | Cleo (incident commander, communications lead) | Status moved from Identified to Monitoring |  |
    | 25 | 2025-07-15 13:10 UTC | resolved | Cleo (incident commander, communications lead) | Resolved: Twice the replicas and half the traffic: orders go through. · trigger: The sale's first minute brought ten times the usual connections. |  |
    | 26 | 2025-07-15 13:13 UTC | update_drafted | Cleo (incident commander, communications lead) | Update 3 drafted for customers (Resolved): Checkout works again. No data was lost. |  |
    | 27 | 2025-07-15 13:15 UTC | update_approved | Ana | Update 3 approved |  |
    | 28 | 2025-07-15 13:15 UTC | update_published | Warbell | Update 3 published in channel 600 | [open](https://discord.com/channels/10/600/603) |
    | 29 | 2025-07-15 13:20 UTC | action_added | Cleo (incident commander, communications lead) | Action item 1 added (prevent, Ben, due 2025-07-22 12:00 UTC): Size the pool for ten times the load |  |
    | 30 | 2025-07-15 13:21 UTC | action_added | Cleo (incident commander, communications lead) | Action item 2 added (detect): Alert on a full pool |  |
    | 31 | 2025-07-15 13:30 UTC | review_edited | Cleo (incident commander, communications lead) | Review section “What went well” written |  |
    | 32 | 2025-07-15 13:31 UTC | review_generated | Cleo (incident commander, communications lead) | Review generated |  |

    ## What this review lacks

    - “Contributing factors” is not written yet. Add it with `/review edit section:factors`.
    - “What went badly” is not written yet. Add it with `/review edit section:went_badly`.
    - “Where we got lucky” is not written yet. Add it with `/review edit section:lucky`.
    - “Lessons” is not written yet. Add it with `/review edit section:lessons`.
    - Action item 2 has no owner and no date.

    ## The record

    The timeline has 32 rows, numbered without gaps and chained: each carries the hash of the one before. `warbell verify` walks the chain and names the first row that does not hold; `warbell export INC-1` gives everything on this incident as JSON.
    ");
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(
            render(&prime_day().review(), *format).unwrap(),
            render(&prime_day().review(), *format).unwrap()
        );
    }
    let mut shuffled = prime_day();
    shuffled.events.reverse();
    assert_eq!(shuffled.markdown(), prime_day().markdown());
}

#[test]
fn a_format_is_asked_for_by_its_file_ending() {
    let review = prime_day().review();
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(*format));
    }
    assert_eq!("pdf".parse::<Format>(), Err(UnknownFormat));
    assert_eq!(file_name(&review, Format::Markdown), "INC-1-review.md");
}

#[test]
fn json_is_the_model_with_its_version() {
    let json = render(&prime_day().review(), Format::Json).unwrap();
    assert!(
        json.starts_with("{\n  \"format\": 1,\n  \"id\": \"INC-1\","),
        "{}",
        &json[..60]
    );
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["declared"], "2025-07-15T12:00:00Z");
    assert_eq!(json["severity"]["name"], "critical");
    assert_eq!(json["impact"]["loss"]["amount"], "600000 EUR");
    assert_eq!(json["told"]["waits"][1]["overdue"]["seconds"], 600);
    assert_eq!(json["chairs"][0]["shifts"][1]["who"]["name"], "Cleo");
    assert_eq!(
        json["timeline"].as_array().unwrap().len(),
        prime_day().events.len()
    );
}

#[test]
fn an_untouched_incident_says_what_is_unknown_and_how_to_say_it() {
    let story = Story::begin(Declare {
        title: "It is slow".to_owned(),
        ..Declare::default()
    });
    let markdown = story.markdown();
    for line in [
        "| Impact started | unknown | — |",
        "| Time to detect | unknown | detected − impact started |",
        "| Resolved | not resolved |",
        "| Loss | unknown |",
        "| Scribe | nobody | — | — | — |",
        "“Summary” is not written yet. Add it with `/review edit section:summary`.",
        "“What went well” is not written yet. Add it with `/review edit section:went_well`.",
        "- “Impact started” has no time. Add it with `/incident milestone name:impact_started at:…`.",
        "Customers were told nothing through Warbell. Add it with `/status draft`.",
        "| the declaration, 2025-07-15 12:00 UTC | not ended | — | 2025-07-15 12:30 UTC | — |",
        "Nobody was paged.",
    ] {
        assert!(
            markdown.lines().any(|l| l == line),
            "no line {line:?} in\n{markdown}"
        );
    }
    assert!(!markdown.contains("0 s"), "{markdown}");
}

#[test]
fn an_incident_of_days_keeps_its_days() {
    let mut story = Story::begin(Declare {
        title: "It is slow".to_owned(),
        ..Declare::default()
    });
    let ask = Resolve {
        summary: "Faster.".to_owned(),
        trigger: None,
    };
    story.then(|i| resolve::decide(i, &by(ANA, 2 * 24 * 60 + 3 * 60), ask));
    let markdown = story.markdown();
    assert!(
        markdown.contains("| Response duration | 2 d 3 h | resolved − declared |"),
        "{markdown}"
    );
    assert!(
        markdown.contains("| 2 d 3 h | 2025-07-15 12:30 UTC | **overdue by 2 d 2 h** |"),
        "{markdown}"
    );
}

#[test]
fn people_without_a_known_name_are_numbers() {
    let story = prime_day();
    let review = Review::of(
        &story.incident,
        &story.events,
        &BTreeMap::new(),
        &Links {
            channel: None,
            ..links()
        },
    );
    let markdown = render(&review, Format::Markdown).unwrap();
    assert!(markdown.contains("by user 1"), "{markdown}");
    assert!(!markdown.contains("open in Discord"), "{markdown}");
}

#[test]
fn a_reopened_incident_has_two_stretches_in_the_chair() {
    let mut story = prime_day();
    story.then(|i| reopen::decide(i, &by(ANA, 100), text("errors are back")));
    let review = story.review();
    let commander = &review.chairs[0].shifts;
    assert_eq!(commander.len(), 3);
    assert_eq!(
        (commander[1].until, commander[2].from),
        (Some(super::Moment(at(70))), super::Moment(at(100)))
    );
    assert_eq!(review.resolved, None);
    let wait = review.told.waits.last().unwrap();
    assert_eq!(
        (wait.since.as_str(), wait.due),
        ("the reopening", super::Moment(at(120)))
    );
}

#[test]
fn a_text_taken_out_of_the_record_is_gone_and_said_to_be() {
    let mut story = prime_day();
    let drafted = story.incident.update(1).unwrap().text_seq;
    for event in story.events.iter_mut().filter(|event| event.seq == drafted) {
        event.words.clear();
    }
    let story = Story {
        incident: Incident::fold(IncidentKey(1), GuildId(10), &story.events).unwrap(),
        events: story.events,
    };
    let markdown = story.markdown();
    assert!(!markdown.contains("Your cart is safe"), "{markdown}");
    assert!(
        markdown.contains("The text was removed from the record."),
        "{markdown}"
    );
}

/// Every field that people fill, filled with `typed`.
fn hostile(typed: &str) -> (Story, BTreeMap<UserId, String>) {
    let t = || Some(format!("a{typed}"));
    let mut story = Story::begin(Declare {
        title: "a".to_owned(),
        services: Some("s".to_owned()),
        started_at: Some(at(-5)),
        ..Declare::default()
    });
    let s = &mut story;
    s.then(|i| milestone::decide(i, &by(ANA, 1), Milestone::Detected, at(-2), t()));
    s.then(|i| assign::decide(i, &by(ANA, 2), Role::Commander, UserId(ANA)));
    s.then(|i| {
        escalate::decide(
            i,
            &by(ANA, 3),
            Escalate {
                reason: t(),
                ..Escalate::default()
            },
            |_| Vec::new(),
        )
    });
    s.then(|i| {
        page::decide(
            i,
            &by(ANA, 4),
            PageSomebody {
                who: Mention::User(UserId(BEN)),
                reason: t(),
            },
        )
    });
    let ask = DescribeImpact {
        description: t(),
        customers: t(),
        revenue_per_minute: t(),
        started_at: None,
    };
    s.then(|i| impact::decide(i, &by(ANA, 5), ask));
    s.then(|i| {
        note::decide(
            i,
            &by(ANA, 6),
            Note {
                text: t().unwrap(),
                at: None,
            },
        )
    });
    let ask = Capture {
        channel: CHANNEL,
        message: MessageId::earliest_at(at(9)),
        author: UserId(BEN),
        via: CaptureVia::Menu,
        text: t(),
        attachments: vec![t().unwrap(), typed.to_owned()],
    };
    s.then(|i| capture::decide(i, &by(ANA, 9), ask, None));
    s.then(|i| {
        update::decide(
            i,
            &by(ANA, 10),
            Update {
                status: StatusName::Identified,
                note: t(),
            },
        )
    });
    let ask = Mitigate {
        action: MitigationAction::Other,
        note: t(),
        outcome: Some(Outcome::Fixed),
    };
    s.then(|i| mitigate::decide(i, &by(ANA, 11), ask));
    s.tell(14, Phase::Investigating, &t().unwrap());
    s.then(|i| {
        draft::decide(
            i,
            &by(ANA, 15),
            Draft {
                phase: None,
                text: t(),
            },
        )
    });
    s.then(|i| edit_draft::decide(i, &by(ANA, 15), 2, t().unwrap()));
    s.then(|i| discard::decide(i, &by(ANA, 16), 2));
    s.then(|i| handoff::decide(i, &by(ANA, 17), UserId(BEN), t()));
    s.then(|i| {
        resolve::decide(
            i,
            &by(ANA, 18),
            Resolve {
                summary: t().unwrap(),
                trigger: t(),
            },
        )
    });
    s.then(|i| {
        action_add::decide(
            i,
            &by(ANA, 19),
            AddAction {
                text: t().unwrap(),
                ..AddAction::default()
            },
        )
    });
    s.then(|i| action_done::decide(i, &by(ANA, 20), 1));
    for section in ReviewSection::ALL {
        s.then(|i| review_edit::decide(i, &by(ANA, 21), *section, t().unwrap()));
    }
    // Past what the verbs clean: rows may come from another version.
    for event in &mut story.events {
        for (field, text) in &mut event.words {
            *text = if *field == Field::Title {
                typed.to_owned()
            } else {
                format!("{typed}\n{typed}")
            };
        }
    }
    story.incident = Incident::fold(IncidentKey(1), GuildId(10), &story.events).unwrap();
    let people = [ANA, BEN, CLEO]
        .map(|id| (UserId(id), typed.to_owned()))
        .into();
    (story, people)
}

const HOSTILE: &[&str] = &[
    "|",
    "a | b || c",
    "`",
    "```\ncode",
    "# x",
    "## x\n# y",
    "x\n===",
    "x\n---",
    "---",
    "- x",
    "* x",
    "1. x",
    "1) x",
    "> x",
    "    x",
    "<script>alert(1)</script>",
    "<!-- x",
    "-->",
    "</td></tr></table><h1>x",
    "\" onload=\"x",
    "&lt;h1&gt;",
    "{{ 7*7 }}",
    "{% raw %}",
    "{% endraw %}",
    "{# x",
    "{{{{",
    "a\nb\n\n\nc",
    "\r\n# x",
    "\u{2028}# x",
    "\u{202E}x\u{2066}",
    "\u{200F}",
    "](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "![x](https://e.example/x.png)",
    "[x]: https://e.example",
    "[^1]: x",
    "[ ] x",
    "https://e.example/|`{{x}}\\",
    "<https://e.example/{%x%}>",
    "\\",
    "\\|",
    "**x",
    "__x",
    "~~x",
    "~~~\nx",
    "$x$",
    "|---|\n|---|",
    ":x:",
    "\u{0}\u{1b}[31m",
    "%}",
    "<@2>",
    "@everyone",
    "&#124;",
    "x  ",
    "\t# x",
    "+ x",
    "#",
    "= x",
];

/// What a reader of Markdown takes for structure: headings, rows of tables by their number of cells, list items.
fn structure(markdown: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for line in markdown.lines() {
        if line.starts_with("```")
            || line.starts_with("~~~")
            || line.starts_with("    ")
            || line.starts_with('\t')
        {
            seen.push("code".to_owned());
        } else if let Some(row) = line.strip_prefix('|') {
            let mut cells = 0;
            let mut escaped = false;
            for c in row.chars() {
                cells += usize::from(c == '|' && !escaped);
                escaped = c == '\\' && !escaped;
            }
            seen.push(format!("row of {cells}"));
        } else if line.starts_with('#') {
            seen.push(line.chars().take_while(|c| *c == '#').collect());
        } else if line.starts_with("- ") {
            seen.push("item".to_owned());
        } else if line.starts_with("> ") {
            if seen.last().is_none_or(|last| last != "quote") {
                seen.push("quote".to_owned());
            }
        } else if line.starts_with("===") || line.starts_with("---") || line.starts_with("[^") {
            seen.push("alive".to_owned());
        }
    }
    seen
}

#[test]
fn whatever_people_type_the_markdown_keeps_its_structure() {
    let render_of = |(story, people): (Story, BTreeMap<UserId, String>)| {
        render(
            &Review::of(&story.incident, &story.events, &people, &links()),
            Format::Markdown,
        )
        .unwrap()
    };
    let tame = structure(&render_of(hostile("plain words")));
    assert!(
        tame.iter().filter(|s| s.starts_with('#')).count() > 15,
        "{tame:?}"
    );
    let escape = regex::Regex::new(r"\\[^0-9A-Za-z\s]").unwrap();
    let own_links =
        regex::Regex::new(r"\[[A-Za-z ]+\]\(https://discord\.com/channels/[0-9/]+\)").unwrap();
    let addresses = regex::Regex::new(r"<https?://[^\s<>]+>").unwrap();
    for typed in HOSTILE {
        let markdown = render_of(hostile(typed));
        let bare = addresses
            .replace_all(&own_links.replace_all(&markdown, ""), "")
            .into_owned();
        let bare = escape.replace_all(&bare, "");
        for alive in ["<", "](", "![", "{{", "{%", "{#", "<script", "[^"] {
            assert!(
                !bare.contains(alive),
                "{typed:?} left {alive:?} alive in\n{markdown}"
            );
        }
        assert!(
            !markdown.contains(['\u{202E}', '\u{2066}', '\u{200F}', '\u{0}', '\u{1b}', '\r']),
            "{typed:?}"
        );
        let typed_nothing = crate::domain::text::one_line(typed).is_empty();
        if !typed_nothing {
            assert_eq!(structure(&markdown), tame, "{typed:?} changed\n{markdown}");
        }
    }
}

#[test]
fn whatever_people_type_the_page_keeps_its_tags() {
    let tag = regex::Regex::new(r"<[^>]*>").unwrap();
    let tags = |typed: &str| {
        let (story, people) = hostile(typed);
        let review = Review::of(&story.incident, &story.events, &people, &links());
        let html = render(&review, Format::Html).unwrap();
        let body = html
            .split_once("</style>")
            .map(|(_, body)| body.to_owned())
            .unwrap();
        let tags: Vec<String> = tag
            .find_iter(&body)
            .map(|found| found.as_str().to_owned())
            .collect();
        (tags, html)
    };
    let (tame, _) = tags("plain words");
    for typed in HOSTILE
        .iter()
        .filter(|typed| !crate::domain::text::one_line(typed).is_empty())
    {
        let (seen, html) = tags(typed);
        assert_eq!(seen, tame, "{typed:?} changed\n{html}");
        assert!(
            !html.contains(['\u{202E}', '\u{2066}', '\u{200F}', '\u{0}', '\u{1b}', '\r']),
            "{typed:?}"
        );
    }
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let html = render(&prime_day().review(), Format::Html).unwrap();
    for alive in [
        "<script", "<img", "<link", "<iframe", " style=", " src=", "@import", "url(",
    ] {
        assert!(!html.contains(alive), "{alive}");
    }
    assert!(html.starts_with("<!doctype html>\n"), "{}", &html[..40]);
    assert!(
        html.contains("<strong>overdue by 10 min</strong>"),
        "{html}"
    );
}

#[test]
fn template_syntax_of_people_is_text() {
    let (story, people) = hostile("{{ 7*7 }} {% raw %}");
    let review = Review::of(&story.incident, &story.events, &people, &links());
    let markdown = render(&review, Format::Markdown).unwrap();
    assert!(
        markdown.contains(r"\{\{ 7\*7 \}\} \{% raw %\}"),
        "{markdown}"
    );
    assert!(!markdown.contains("49"), "{markdown}");
}

#[test]
fn what_was_no_incident_does_not_wait_for_a_resolution() {
    let mut story = Story::begin(Declare {
        title: "It is slow".to_owned(),
        ..Declare::default()
    });
    story.then(|i| cancel::decide(i, &by(ANA, 5), text("a wrong graph")));
    let review = story.review();
    assert!(
        review
            .lacks
            .iter()
            .all(|lack| !lack.says.contains("Resolved")),
        "{:?}",
        review.lacks
    );
    assert_eq!(
        review
            .statuses
            .last()
            .and_then(|band| band.reason.as_deref()),
        Some("a wrong graph")
    );
    let markdown = story.markdown();
    assert!(
        markdown.contains("| Status | Cancelled since 2025-07-15 12:05 UTC by Ana |"),
        "{markdown}"
    );
}
