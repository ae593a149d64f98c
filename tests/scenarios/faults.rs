//! What comes late, twice, broken or not at all, and what Discord refuses.

use std::time::Duration;

use serde_json::json;
use warbell::domain::timeline::Field;
use warbell::sandbox::permissions::{INVITE, PIN_MESSAGES};
use warbell::sandbox::{Fault, FaultKind, HoldAt, Look, Sandbox, Scope, When};

use crate::harness::{Shop, find_row, recorded};

/// A way to break a session.
type Break = fn(&Sandbox);

/// How many requests were sent to this route.
fn sent(shop: &Shop, route: &str) -> usize {
    shop.look().requests_to(route).len()
}

#[tokio::test]
async fn what_comes_late_is_not_executed_and_one_line_says_so() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let card = shop.card(&incident);
    shop.sandbox.pause_gateway();
    let reason = json!({ "reason": "All regions" });
    let late = [
        shop.ana
            .slash(incident.channel, "incident escalate", reason)
            .await
            .unwrap(),
        shop.ben.click(&card, "Take command").await.unwrap(),
        shop.ana
            .slash(incident.channel, "incident show", json!({}))
            .await
            .unwrap(),
    ];
    shop.clock.advance(Duration::from_millis(2_700));
    shop.sandbox.resume_gateway();
    let note = json!({ "text": "Still here" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident note", note)
            .await,
    );
    let lines = |look: &Look| -> Vec<String> {
        let messages = look.channel(incident.channel).unwrap().messages();
        let texts = messages.iter().map(|message| message.text());
        texts.filter(|text| text.contains("Not recorded")).collect()
    };
    shop.sandbox
        .until(|look| lines(look).len() == 2)
        .await
        .unwrap();
    shop.settled().await;
    let lines = lines(&shop.look());
    assert_eq!(lines.len(), 2, "reading is not worth a line: {lines:?}");
    let named = |who: &str, what: &str| {
        lines
            .iter()
            .any(|line| line.contains(who) && line.contains(what))
    };
    assert!(
        named(&shop.ana.mention(), "/incident escalate"),
        "{lines:?}"
    );
    assert!(named(&shop.ben.mention(), "Take command"), "{lines:?}");
    assert!(late.iter().all(|asked| asked.is_unanswered()));
    assert_eq!(shop.kinds(&incident).await, ["declared", "note_added"]);
    assert_eq!(shop.app().metrics().too_late.get(), 3);
    assert_eq!(shop.pinged(), 0);
    shop.close().await;
}

#[tokio::test]
async fn events_that_come_twice_are_done_once() {
    let shop = Shop::open().await;
    shop.sandbox.duplicate_events(true);
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let page = json!({ "who": shop.ben.id().get().to_string() });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident page", page)
            .await,
    );
    let message = shop.ben.say(incident.channel, "It is the cache").unwrap();
    shop.ana.react(message, "📌").unwrap();
    let app = shop.sandbox.app_id();
    shop.sandbox
        .until(|look| {
            look.message(message)
                .is_some_and(|m| m.has_reaction("✅", app))
        })
        .await
        .unwrap();
    recorded(
        &shop
            .click(&shop.ana, &shop.card(&incident), "Take command")
            .await,
    );
    shop.sandbox.duplicate_events(false);
    shop.slash(&shop.ana, incident.channel, "incident show", json!({}))
        .await;
    shop.check_one_of_each("each event twice");
    let kinds = shop.kinds(&incident).await;
    assert_eq!(
        kinds,
        ["declared", "paged", "message_captured", "role_assigned"]
    );
    assert_eq!(shop.look().pings_of(shop.ben.id()).len(), 1);
    shop.close().await;
}

#[tokio::test]
async fn an_interaction_that_cannot_be_read_is_answered_with_an_error_id() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.sandbox
        .strip_next_event("INTERACTION_CREATE", "attachment_size_limit");
    let note = json!({ "text": "Error rate 38 %" });
    let answer = shop
        .slash(&shop.ana, incident.channel, "incident note", note.clone())
        .await;
    assert!(
        answer.ephemeral() && answer.text().contains("error "),
        "{}",
        answer.text()
    );
    assert_eq!(shop.app().metrics().unparsed_events.get(), 1);
    assert_eq!(shop.kinds(&incident).await, ["declared"]);
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident note", note)
            .await,
    );
    shop.close().await;
}

#[tokio::test]
async fn events_that_no_client_can_read_end_nothing() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    for kind in ["MESSAGE_CREATE", "CHANNEL_UPDATE", "SOMETHING_NEW"] {
        shop.sandbox.send_unparseable(kind);
    }
    let note = json!({ "text": "Error rate 38 %" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident note", note)
            .await,
    );
    shop.close().await;
}

#[tokio::test]
async fn an_answer_whose_reply_is_lost_is_not_given_twice() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.sandbox
        .fault(Fault::next("interaction callback", FaultKind::ResetAfter));
    let answer = shop
        .slash(
            &shop.ana,
            incident.channel,
            "incident note",
            json!({ "text": "once" }),
        )
        .await;
    assert_eq!(find_row(&recorded(&answer)), Some(2));
    assert!(answer.followups().is_empty());
    let answer = shop
        .slash(
            &shop.ana,
            incident.channel,
            "incident note",
            json!({ "text": "twice" }),
        )
        .await;
    assert_eq!(find_row(&recorded(&answer)), Some(3));
    assert_eq!(
        shop.kinds(&incident).await,
        ["declared", "note_added", "note_added"]
    );
    shop.close().await;
}

#[tokio::test]
async fn a_command_typed_again_because_its_answer_never_came_is_not_executed_again() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let unknown = FaultKind::Refuse {
        status: 404,
        code: 10_062,
        message: "Unknown interaction".to_owned(),
    };
    shop.sandbox
        .fault(Fault::next("interaction callback", unknown));
    let before = sent(&shop, "interaction callback");
    let note = json!({ "text": "Error rate 38 %" });
    let asked = shop
        .ana
        .slash(incident.channel, "incident note", note.clone())
        .await
        .unwrap();
    shop.sandbox
        .until(|look| look.requests_to("interaction callback").len() > before)
        .await
        .unwrap();
    shop.settled().await;
    assert!(asked.is_unanswered());
    assert!(
        shop.card(&incident).text().contains("Error rate 38 %"),
        "the views come all the same"
    );
    // Discord says "did not respond" after three seconds; then they type it again.
    shop.clock.advance(std::time::Duration::from_secs(4));
    let again = shop
        .slash(&shop.ana, incident.channel, "incident note", note.clone())
        .await;
    assert_eq!(
        find_row(&recorded(&again)),
        Some(2),
        "the first one's result"
    );
    assert_eq!(shop.kinds(&incident).await, ["declared", "note_added"]);
    // After two minutes it is meant.
    shop.pass(3).await;
    let third = shop
        .slash(&shop.ana, incident.channel, "incident note", note)
        .await;
    assert_eq!(find_row(&recorded(&third)), Some(3));
    shop.close().await;
}

#[tokio::test]
async fn without_the_privilege_the_session_goes_on_without_message_text() {
    let mut shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.kill().await;
    // Taken away between the question who we are and the session: Discord closes it with 4014.
    let hold = shop.sandbox.hold("get application", HoldAt::AfterEffect);
    let sandbox = shop.sandbox.clone();
    let taking = async move {
        hold.reached().await;
        sandbox.set_message_content(false);
        hold.release();
    };
    tokio::join!(taking, shop.start());
    let message = shop.ben.say(incident.channel, "It is the cache").unwrap();
    shop.ana.react(message, "📌").unwrap();
    let app = shop.sandbox.app_id();
    shop.sandbox
        .until(|look| {
            look.message(message)
                .is_some_and(|m| m.has_reaction("✅", app))
        })
        .await
        .unwrap();
    let answer = shop
        .slash(&shop.ana, incident.channel, "incident show", json!({}))
        .await;
    assert!(answer.text().contains("Checkout down"), "{}", answer.text());
    assert_eq!(
        shop.kinds(&incident).await,
        ["declared", "message_captured"]
    );
    shop.close().await;
}

#[tokio::test]
async fn a_broken_session_is_taken_up_again_and_nothing_is_done_twice() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let breaks: [(&str, Break); 4] = [
        ("dropped", Sandbox::drop_gateway),
        ("asked to reconnect", Sandbox::reconnect),
        ("called invalid", |sandbox| sandbox.invalid_session(true)),
        ("closed", |sandbox| sandbox.close_gateway(4000)),
    ];
    for (what, broken) in breaks {
        broken(&shop.sandbox);
        let note = json!({ "text": format!("Reading after: {what}") });
        let asked = shop
            .ana
            .slash(incident.channel, "incident note", note)
            .await
            .unwrap();
        asked
            .answer()
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        shop.settled().await;
    }
    let kinds = shop.kinds(&incident).await;
    assert_eq!(
        kinds,
        [
            "declared",
            "note_added",
            "note_added",
            "note_added",
            "note_added"
        ]
    );
    shop.close().await;
}

/// A first declare during which replies of this route are lost after their effect.
async fn a_declare_loses(route: &str, times: u32) {
    let shop = Shop::open().await;
    let before = sent(&shop, route);
    let when = When::Next(times);
    shop.sandbox.fault(Fault {
        route: route.into(),
        when,
        kind: FaultKind::ResetAfter,
    });
    let options = json!({ "title": "Checkout down", "severity": "major" });
    let asked = shop
        .ana
        .slash(shop.server.general(), "incident declare", options)
        .await
        .unwrap();
    asked.answer().await.unwrap();
    shop.recover().await;
    assert!(
        sent(&shop, route) >= before + times as usize,
        "{route} was not sent {times} times"
    );
    let incident = shop.check_one_of_each(route);
    assert_eq!(shop.kinds(&incident).await, ["declared"], "{route}");
    let answer = asked.current().await.unwrap();
    assert!(
        answer.text().contains(&format!("<#{}>", incident.channel)),
        "{}",
        answer.text()
    );
    assert!(answer.followups().is_empty());
    shop.close().await;
}

#[tokio::test]
async fn a_declare_whose_answers_reply_is_lost_leaves_one_of_each() {
    a_declare_loses("interaction callback", 1).await;
    a_declare_loses("edit answer", 1).await;
}

#[tokio::test]
async fn a_declare_that_loses_the_replies_for_all_channels_leaves_one_of_each() {
    a_declare_loses("create channel", 1).await;
    a_declare_loses("create channel", 4).await;
}

#[tokio::test]
async fn a_declare_that_loses_the_replies_for_card_and_entry_leaves_one_of_each() {
    a_declare_loses("create message", 1).await;
    a_declare_loses("create message", 2).await;
}

#[tokio::test]
async fn a_declare_whose_pins_reply_is_lost_leaves_one_of_each() {
    a_declare_loses("pin message", 1).await;
}

#[tokio::test]
async fn a_channel_that_is_made_after_its_request_was_given_up_stands_once() {
    let shop = Shop::open().await;
    let late = FaultKind::LateEffect(Duration::from_millis(300));
    let when = When::Next(4);
    shop.sandbox.fault(Fault {
        route: "create channel".into(),
        when,
        kind: late,
    });
    let options = json!({ "title": "Checkout down", "severity": "major" });
    let asked = shop
        .ana
        .slash(shop.server.general(), "incident declare", options)
        .await
        .unwrap();
    asked.answer().await.unwrap();
    // Told by the gateway once they are made.
    asked
        .until(|answer| answer.text().contains("<#"))
        .await
        .unwrap();
    shop.recover().await;
    shop.check_one_of_each("made late");
    shop.close().await;
}

#[tokio::test]
async fn an_edit_whose_reply_is_lost_leaves_the_present_state() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "minor").await;
    let when = When::Next(2);
    let fault = Fault {
        route: "edit message".into(),
        when,
        kind: FaultKind::ResetAfter,
    };
    shop.sandbox.fault(fault);
    for reason in ["It spreads", "All regions"] {
        let options = json!({ "reason": reason });
        recorded(
            &shop
                .slash(&shop.ana, incident.channel, "incident escalate", options)
                .await,
        );
    }
    shop.recover().await;
    shop.check_one_of_each("edits lost");
    assert!(shop.card(&incident).text().contains("Critical"));
    let digest = shop.look().channel_named("incidents").unwrap();
    assert!(digest.messages()[0].text().contains("Critical"));
    shop.close().await;
}

/// A publication during which a reply of this route is lost after its effect.
async fn a_publication_loses(route: &str) {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let draft = shop.with_button(&incident, "Approve & publish");
    shop.sandbox
        .fault(Fault::next(route, FaultKind::ResetAfter));
    let asked = shop.ben.click(&draft, "Approve & publish").await.unwrap();
    recorded(&asked.answer().await.unwrap());
    shop.recover().await;
    assert_eq!(shop.published().len(), 1, "{route}\n{}", shop.look().dump());
    let kinds = shop.kinds(&incident).await;
    let wanted = ["update_drafted", "update_approved", "update_published"];
    assert_eq!(kinds[1..], wanted, "{route}");
    let draft = shop.look().message(draft.id()).unwrap();
    assert!(draft.buttons().is_empty(), "{route}: {:?}", draft.buttons());
    shop.check_one_of_each(route);
    shop.close().await;
}

#[tokio::test]
async fn a_publication_whose_reply_is_lost_stands_once() {
    for route in ["create message", "interaction callback", "edit message"] {
        a_publication_loses(route).await;
    }
}

#[tokio::test]
async fn a_page_whose_reply_is_lost_calls_once() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.sandbox
        .fault(Fault::next("create message", FaultKind::ResetAfter));
    let page = json!({ "who": shop.ben.id().get().to_string() });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident page", page)
            .await,
    );
    shop.recover().await;
    assert_eq!(shop.look().pings_of(shop.ben.id()).len(), 1);
    recorded(
        &shop
            .click(
                &shop.ben,
                &shop.with_button(&incident, "Acknowledge"),
                "Acknowledge",
            )
            .await,
    );
    shop.close().await;
}

#[tokio::test]
async fn a_pin_that_is_forbidden_is_parked_and_stops_nothing_else() {
    let shop = Shop::open().await;
    shop.server.deny_bot(PIN_MESSAGES);
    let incident = shop.declare(&shop.ana, "Checkout down", "minor").await;
    assert!(!shop.card(&incident).is_pinned());
    assert_eq!(
        shop.look()
            .channel_named("incidents")
            .unwrap()
            .messages()
            .len(),
        1
    );
    let reason = json!({ "reason": "It spreads" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident escalate", reason)
            .await,
    );
    assert!(shop.card(&incident).text().contains("Major"));
    let second = shop.declare(&shop.ben, "Search slow", "minor").await;
    assert!(shop.card(&second).text().contains("Search slow"));
    let tried = sent(&shop, "pin message");
    shop.pass(10).await;
    assert_eq!(sent(&shop, "pin message"), tried, "it is not tried in vain");
    assert_eq!(shop.app().undelivered().await, ["2 parked"]);

    // Once it is mended, whoever sets things up has it tried again.
    shop.server.set_bot_permissions(INVITE);
    shop.ana.make_manager();
    let zone = json!({ "zone": "UTC" });
    shop.slash(&shop.ana, shop.server.general(), "setup zone", zone)
        .await;
    assert!(shop.card(&incident).is_pinned() && shop.card(&second).is_pinned());
    shop.close().await;
}

#[tokio::test]
async fn a_card_whose_edits_are_refused_for_ten_minutes_is_replaced_by_a_pinned_one() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let old = shop.card(&incident);
    shop.sandbox.throttle_edits(old.id(), true);
    let here = incident.channel;
    for text in ["Error rate 38 %", "Error rate 50 %"] {
        recorded(
            &shop
                .slash(&shop.ana, here, "incident note", json!({ "text": text }))
                .await,
        );
    }
    // Nothing else waits for it.
    recorded(&shop.slash(&shop.ana, here, "status draft", json!({})).await);
    shop.with_button(&incident, "Approve & publish");
    let reason = json!({ "reason": "All regions" });
    recorded(
        &shop
            .slash(&shop.ana, here, "incident escalate", reason)
            .await,
    );
    assert!(
        shop.look()
            .channel_named("incidents")
            .unwrap()
            .message_with("Critical")
            .is_some()
    );
    for _ in 0..9 {
        shop.pass(1).await;
    }
    assert_eq!(shop.card(&incident).id(), old.id(), "not replaced at once");
    for _ in 0..3 {
        shop.pass(1).await;
    }
    let new = shop.card(&incident);
    assert_ne!(new.id(), old.id());
    assert!(new.is_pinned());
    assert!(
        new.text().contains("Error rate 50 %") && new.text().contains("Critical"),
        "{}",
        new.text()
    );
    assert!(
        shop.look().message(old.id()).is_none(),
        "the old one is taken away"
    );
    let tries = shop
        .look()
        .requests()
        .iter()
        .filter(|r| r.answer["code"] == 30_046)
        .count();
    assert!(tries <= 12, "{tries} tries in twelve minutes");
    shop.close().await;
}

#[tokio::test]
async fn an_old_card_that_can_be_edited_again_in_time_stays() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let card = shop.card(&incident);
    shop.sandbox.throttle_edits(card.id(), true);
    let note = json!({ "text": "Error rate 38 %" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident note", note)
            .await,
    );
    shop.pass(3).await;
    shop.sandbox.throttle_edits(card.id(), false);
    shop.pass(2).await;
    assert_eq!(shop.card(&incident).id(), card.id());
    assert!(shop.card(&incident).text().contains("Error rate 38 %"));
    shop.close().await;
}

#[tokio::test]
async fn ten_notes_within_a_moment_cost_few_edits_of_the_card() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    // About as long as Discord takes.
    let slow = FaultKind::Slow(Duration::from_millis(100));
    shop.sandbox.fault(Fault::always("edit message", slow));
    let before = sent(&shop, "edit message");
    let mut asked = Vec::new();
    for n in 0..10 {
        let note = json!({ "text": format!("Reading number {n}") });
        asked.push(
            shop.ana
                .slash(incident.channel, "incident note", note)
                .await
                .unwrap(),
        );
    }
    for asked in asked {
        recorded(&asked.answer().await.unwrap());
    }
    shop.settled().await;
    let edits = sent(&shop, "edit message") - before;
    assert!((1..10).contains(&edits), "{edits} edits for ten notes");
    assert_eq!(shop.kinds(&incident).await.len(), 11);
    let (_, events) = shop.stored(&incident).await;
    let last = events.last().unwrap();
    let text = last.word(Field::Text).unwrap();
    assert!(
        shop.card(&incident).text().contains(text),
        "{}",
        shop.card(&incident).text()
    );
    shop.close().await;
}

#[tokio::test]
async fn limits_and_errors_of_discord_delay_and_lose_nothing() {
    let shop = Shop::open().await;
    for (route, status) in [
        ("create channel", 500),
        ("create message", 502),
        ("pin message", 503),
    ] {
        shop.sandbox
            .fault(Fault::next(route, FaultKind::Status(status)));
    }
    let limited = FaultKind::RateLimit {
        scope: Scope::Shared,
        retry_after: 1.0,
    };
    shop.sandbox.fault(Fault::next("create channel", limited));
    let options = json!({ "title": "Checkout down", "severity": "major" });
    let asked = shop
        .ana
        .slash(shop.server.general(), "incident declare", options)
        .await
        .unwrap();
    asked.answer().await.unwrap();
    for _ in 0..3 {
        shop.recover().await;
    }
    let incident = shop.check_one_of_each("with errors");
    assert_eq!(shop.kinds(&incident).await, ["declared"]);
    shop.close().await;
}

#[tokio::test]
async fn what_waits_for_a_permission_goes_on_by_itself_once_it_is_given_back() {
    let mut shop = Shop::open().await;
    shop.server
        .deny_bot(warbell::sandbox::permissions::PIN_MESSAGES);
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    assert!(!shop.card(&incident).is_pinned());
    shop.server
        .set_bot_permissions(warbell::sandbox::permissions::INVITE);
    shop.sandbox
        .until(|look| {
            look.channel(incident.channel)
                .is_some_and(|channel| !channel.pins().is_empty())
        })
        .await
        .unwrap();

    // Mended while the bot was away, it goes on with the next session.
    let second = {
        shop.server
            .deny_bot(warbell::sandbox::permissions::PIN_MESSAGES);
        shop.declare(&shop.ana, "Search slow", "minor").await
    };
    assert!(!shop.card(&second).is_pinned());
    shop.kill().await;
    shop.server
        .set_bot_permissions(warbell::sandbox::permissions::INVITE);
    shop.start().await;
    shop.sandbox
        .until(|look| {
            look.channel(second.channel)
                .is_some_and(|channel| !channel.pins().is_empty())
        })
        .await
        .unwrap();
    shop.close().await;
}
