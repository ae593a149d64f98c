//! Whatever is typed, every view is one that Discord takes, and none pings anybody by itself.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;
use regex::Regex;
use serde_json::Value;

use super::samples::{ana, draft as written, noon, paged, prime_day, private, resolved};
use super::*;
use crate::discord::message::Message;
use crate::domain::action_item::ActionItem;
use crate::domain::ids::{IncidentId, Mention};
use crate::domain::refusal::Refusal;
use crate::domain::status_update::{StatusUpdate, UpdateState};
use crate::domain::timeline::{Fact, Field, Lapse};
use crate::domain::words::ActionKind;

/// Ids that our own sentences name; hostile text names others.
const OURS: [&str; 6] = [
    "<@1>",
    "<@2>",
    "<@&5>",
    "<@18446744073709551615>",
    "<#77>",
    "<#8>",
];

fn hostile() -> impl Strategy<Value = String> {
    let pieces = select(
        &[
            "@everyone",
            "@here",
            "<@666>",
            "<@!666>",
            "<@&666>",
            "<#666>",
            "<t:1:R>",
            "<:a:1>",
            "</x:1>",
            "**",
            "`",
            "```",
            "||",
            "~~",
            "__",
            "[x](https://e.com)",
            "https://e.com/a*b@everyone",
            "# ",
            "> ",
            "\n",
            "\n\n\n",
            "-# ",
            "\u{202E}",
            "\u{200B}",
            "👩‍🚒",
            "e\u{301}\u{301}\u{301}",
            "<",
            "\\",
            "word ",
            "日本",
        ][..],
    );
    prop_oneof![
        prop::collection::vec(pieces, 0..60).prop_map(|parts| parts.concat()),
        "\\PC{0,80}",
        ".{0,80}",
        select(
            &[
                "*",
                "<@666>",
                "@here ",
                "\n> ",
                "x",
                "🔥",
                "https://e.com/*** "
            ][..]
        )
        .prop_map(|piece| piece.repeat(4_000 / piece.chars().count())),
    ]
}

/// The stories with this text in every place where somebody types.
fn spoilt(typed: &str) -> Vec<(Incident, Vec<TimelineEvent>)> {
    let stories = [prime_day(), resolved(), (private(), prime_day().1)];
    stories
        .into_iter()
        .map(|(mut incident, mut events)| {
            let text = || Some(typed.to_owned());
            incident.title = typed.chars().take(100).collect();
            incident.summary = text();
            incident.services = vec![typed.to_owned(); 3];
            incident.impact.description = text();
            incident.impact.customers = text();
            incident.impact.revenue_per_minute = text();
            incident.resolution = text();
            incident.trigger = text();
            incident.declared_by = Actor::Terminal(typed.to_owned());
            incident.pages = vec![spoilt_page(typed); 4];
            incident.updates = vec![spoilt_update(typed, UpdateState::Draft { returned: None })];
            incident.actions = (1..8).map(|number| action(number, typed)).collect();
            for event in &mut events {
                for field in [
                    Field::Title,
                    Field::Summary,
                    Field::Services,
                    Field::Reason,
                    Field::Text,
                    Field::Trigger,
                    Field::Description,
                    Field::Customers,
                    Field::RevenuePerMinute,
                    Field::Attachments,
                ] {
                    event.words.insert(field, typed.to_owned());
                }
            }
            let mut by_terminal = events.clone();
            for event in &mut by_terminal {
                event.actor = Actor::Terminal(typed.to_owned());
                event.seq = u32::MAX;
            }
            let handed = Fact::HandoffAccepted {
                from: Some(UserId(u64::MAX)),
                to: UserId(u64::MAX),
            };
            let captured = Fact::MessageCaptured {
                channel: ChannelId(77),
                message: MessageId(1),
                author: UserId(u64::MAX),
                via: crate::domain::timeline::CaptureVia::Menu,
            };
            for fact in [handed, captured] {
                by_terminal.push(TimelineEvent {
                    fact,
                    ..by_terminal[0].clone()
                });
            }
            events.extend(by_terminal);
            (incident, events)
        })
        .collect()
}

fn spoilt_page(typed: &str) -> crate::domain::page::Page {
    crate::domain::page::Page {
        reason: typed.to_owned(),
        by: Actor::Terminal(typed.to_owned()),
        ..paged()
    }
}

fn spoilt_update(typed: &str, state: UpdateState) -> StatusUpdate {
    let text = typed.chars().take(1_700).collect();
    StatusUpdate {
        text,
        author: Actor::Terminal(typed.to_owned()),
        state,
        ..written()
    }
}

fn action(number: u32, typed: &str) -> ActionItem {
    ActionItem {
        number,
        text: typed.to_owned(),
        text_seq: 1,
        owner: Some(UserId(1)),
        due_at: None,
        kind: ActionKind::Prevent,
        done: None,
    }
}

fn every_view(typed: &str) -> Vec<(&'static str, Message)> {
    let mut views = vec![
        ("help", help::help(|_| true)),
        ("stale", answer::stale_button()),
        ("error", answer::internal_error(typed)),
        ("severity", answer::severity_question(typed, i64::MIN)),
    ];
    for refusal in [
        Refusal::UnknownIncident {
            asked: typed.to_owned(),
        },
        Refusal::UnknownSeverity {
            typed: typed.to_owned(),
        },
        Refusal::UnknownKind {
            typed: typed.to_owned(),
        },
    ] {
        views.push(("refusal", answer::refusal(&refusal)));
    }
    for (incident, events) in spoilt(typed) {
        let incident = &incident;
        let alike = vec![
            (
                IncidentId::public(u32::MAX),
                typed.to_owned(),
                Some(ChannelId(77))
            );
            5
        ];
        let listed: Vec<_> = (0..30)
            .map(|_| (incident.clone(), Some(ChannelId(77))))
            .collect();
        views.extend([
            ("card", card::card(incident, &events)),
            ("digest", digest::entry(incident, Some(ChannelId(77)))),
            ("page", page::page(incident, &spoilt_page(typed), 1)),
            ("page again", page::page(incident, &spoilt_page(typed), 2)),
            (
                "handoff",
                handoff::handoff(incident, UserId(2), Some(typed)),
            ),
            ("timeline", timeline::page(incident, &events, true, true)),
            ("list", list::list(&listed, "open", 7)),
            ("show", show::show(incident, noon())),
            ("recorded", answer::recorded(incident, &events)),
            (
                "declared",
                answer::declared(incident, Some(ChannelId(77)), &alike),
            ),
            ("captured", answer::captured(incident, &events[0])),
            (
                "not recorded",
                answer::not_recorded(incident, UserId(1), typed, noon()),
            ),
            ("reminder", answer::reminder(incident, noon(), 9, None)),
            (
                "returned",
                answer::returned(incident, 3, Lapse::TooLate, 9, Some(&ana())),
            ),
            ("review", answer::review_ready(incident, 9, Vec::new())),
            ("status", answer::status_question(incident)),
        ]);
        for event in &events[events.len() - 9..] {
            views.push(("echo", answer::echo(incident, event)));
        }
        views.push(("recorded", answer::recorded(incident, &events[6..7])));
        let by = Actor::Terminal(typed.to_owned());
        for state in [
            UpdateState::Draft {
                returned: Some(Lapse::Unknown),
            },
            UpdateState::Discarded {
                at: noon(),
                by: by.clone(),
            },
            UpdateState::Published {
                at: noon(),
                approved_by: by,
                channel: ChannelId(8),
                message: MessageId(9),
            },
        ] {
            let update = spoilt_update(typed, state);
            views.push(("draft", draft::draft(incident, &update)));
            views.push(("public update", public_update::update(incident, &update)));
        }
    }
    views
}

/// Mentions that Discord would find in what it shows.
fn mentions(text: &str) -> BTreeSet<String> {
    let pattern = Regex::new(r"<@[!&]?\d+>|<#\d+>|@everyone|@here").unwrap();
    let escaped = Regex::new(r"\\<#\d+>").unwrap();
    let text = escaped.replace_all(text, "");
    pattern
        .find_iter(&text)
        .map(|found| found.as_str().to_owned())
        .collect()
}

fn strings(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, out)),
        _ => {}
    }
}

fn judge(name: &str, message: &Message) {
    let body = message.body();
    let content = body["content"].as_str().unwrap();
    let has = content.chars().count();
    assert!(has <= CONTENT_MAX, "{name}: {has} characters");
    assert!(
        !content.is_empty() || !message.embeds.is_empty(),
        "{name} says nothing"
    );

    let embeds: Vec<twilight_model::channel::message::Embed> =
        serde_json::from_value(body["embeds"].clone()).unwrap();
    twilight_validate::message::embeds(&embeds).unwrap_or_else(|e| panic!("{name}: {e:?}"));
    let rows: Vec<twilight_model::channel::message::Component> =
        serde_json::from_value(body["components"].clone()).unwrap();
    twilight_validate::message::components(&rows, false)
        .unwrap_or_else(|e| panic!("{name}: {e:?}"));

    let mut shown = vec![content.to_owned()];
    strings(&body["embeds"], &mut shown);
    for text in shown {
        for mention in mentions(&text) {
            assert!(
                OURS.contains(&mention.as_str()),
                "{name} mentions {mention}: {text}"
            );
        }
    }
    for ping in &message.pings {
        let known = [
            Mention::User(UserId(1)),
            Mention::User(UserId(2)),
            Mention::Role(RoleId(5)),
        ];
        assert!(known.contains(ping), "{name} pings {ping}");
    }
    let mut ids = Vec::new();
    for row in body["components"].as_array().unwrap() {
        for button in row["components"].as_array().unwrap() {
            let id = button["custom_id"].as_str().unwrap().to_owned();
            assert!(Button::parse(&id).is_some(), "{name}: {id}");
            assert!(!ids.contains(&id), "{name}: {id} stands twice");
            ids.push(id);
        }
    }
}

#[test]
fn every_view_of_a_plain_story_is_one_that_discord_takes() {
    for (name, message) in every_view("Checkout is slow") {
        judge(name, &message);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_is_typed_every_view_is_one_that_discord_takes(typed in hostile()) {
        for (name, message) in every_view(&typed) {
            judge(name, &message);
        }
    }

    #[test]
    fn no_row_of_a_timeline_is_longer_than_promised(typed in hostile()) {
        for (_, events) in spoilt(&typed) {
            for event in &events {
                let row = row(event, Shown::Date, 120);
                prop_assert!(row.chars().count() <= 120 && !row.contains('\n'), "{}", row);
            }
        }
    }
}
