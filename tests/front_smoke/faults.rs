//! What comes late, twice, broken or not at all.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use crate::stage::Stage;
use warbell::domain::ids::InteractionId;
use warbell::sandbox::{Fault, FaultKind, SandboxOptions};
use warbell::store::{effects, interactions};

#[tokio::test]
async fn what_comes_late_is_not_executed() {
    let stage = Stage::set("late").await;
    let (key, channel) = stage.incident().await;
    stage.sandbox.pause_gateway();
    let asked = stage
        .ana
        .slash(channel, "incident escalate", json!({}))
        .await
        .unwrap();
    stage.sandbox.clock().advance(Duration::from_millis(2_700));
    stage.sandbox.resume_gateway();
    let (text, _) = stage
        .say(
            &stage.ana,
            channel,
            "incident note",
            json!({"text": "still here"}),
        )
        .await;
    assert!(text.contains("INC-1 #2"), "{text}");
    assert!(asked.is_unanswered());
    assert_eq!(stage.read(key).await.severity.as_str(), "major");
    assert_eq!(stage.front.metrics.too_late.get(), 1);
    let mut conn = stage.front.house.db.read().await.unwrap();
    let waiting = format!("{:?}", effects::waiting(&mut conn).await.unwrap());
    assert!(
        waiting.contains("NotRecorded") && waiting.contains("/incident escalate"),
        "{waiting}"
    );
}

#[tokio::test]
async fn a_repeated_interaction_changes_nothing() {
    let stage = Stage::set("repeat").await;
    let (key, channel) = stage.incident().await;
    stage.sandbox.duplicate_events(true);
    let asked = stage
        .ana
        .slash(channel, "incident note", json!({"text": "once"}))
        .await
        .unwrap();
    assert!(asked.answer().await.unwrap().text().contains("INC-1 #2"));
    stage.sandbox.rest(Duration::from_millis(200)).await;
    assert_eq!(stage.read(key).await.length, 2);
    stage.front.tasks.close();
    stage.front.tasks.wait().await;
    let mut conn = stage.front.house.db.read().await.unwrap();
    let asked = InteractionId(asked.interaction_id());
    let answer = interactions::answerable(&mut conn, asked)
        .await
        .unwrap()
        .unwrap();
    assert!(answer.confirmed && !answer.ephemeral);
}

#[tokio::test]
async fn an_interaction_that_cannot_be_read_is_answered_with_an_id() {
    let stage = Stage::set("unread").await;
    let (_, channel) = stage.incident().await;
    stage
        .sandbox
        .strip_next_event("INTERACTION_CREATE", "attachment_size_limit");
    let (text, private) = stage
        .say(&stage.ana, channel, "incident show", json!({}))
        .await;
    assert!(text.contains("error ") && private, "{text}");
    assert_eq!(stage.front.metrics.unparsed_events.get(), 1);
}

#[tokio::test]
async fn a_panic_is_answered_with_an_id_and_ends_nothing() {
    let stage = Stage::set("panic").await;
    let (key, channel) = stage.incident().await;
    let card = stage.card(key, channel).await;
    stage.api.panic.store(true, Ordering::Relaxed);
    let (text, private) = stage
        .say(&stage.ana, channel, "incident show", json!({}))
        .await;
    assert!(text.contains("error ") && private, "{text}");
    stage.api.panic.store(true, Ordering::Relaxed);
    let answer = stage
        .ana
        .click(&card, "Add note")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("error ") && answer.ephemeral(),
        "{}",
        answer.text()
    );
    let (text, _) = stage
        .say(&stage.ana, channel, "incident show", json!({}))
        .await;
    assert!(text.contains("Checkout down"), "{text}");
}

#[tokio::test]
async fn an_answer_whose_reply_is_lost_is_not_given_twice() {
    let stage = Stage::set("lost").await;
    let (key, channel) = stage.incident().await;
    stage
        .sandbox
        .fault(Fault::next("interaction callback", FaultKind::ResetAfter));
    let (text, _) = stage
        .say(
            &stage.ana,
            channel,
            "incident note",
            json!({"text": "once"}),
        )
        .await;
    assert!(text.contains("INC-1 #2"), "{text}");
    let (text, _) = stage
        .say(
            &stage.ana,
            channel,
            "incident note",
            json!({"text": "twice"}),
        )
        .await;
    assert!(text.contains("INC-1 #3"), "{text}");
    assert_eq!(stage.read(key).await.length, 3);
}

#[tokio::test]
async fn without_the_privilege_the_session_goes_on_without_message_text() {
    let options = SandboxOptions {
        message_content: false,
        ..SandboxOptions::default()
    };
    let stage = Stage::set_with("content", options, true).await;
    let (_, channel) = stage.incident().await;
    let (text, _) = stage
        .say(&stage.ana, channel, "incident show", json!({}))
        .await;
    assert!(text.contains("Checkout down"), "{text}");
}

#[tokio::test]
async fn a_stop_ends_the_session() {
    let mut stage = Stage::set("stop").await;
    stage.stop.cancel();
    let session = stage.session.take().unwrap();
    tokio::time::timeout(Duration::from_secs(3), session)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert!(!*stage.front.connected.borrow());
}

#[tokio::test]
async fn forged_buttons_get_one_sentence() {
    let stage = Stage::set("forged").await;
    let (key, channel) = stage.incident().await;
    let card = stage.card(key, channel).await;
    let real = stage.ana.click(&card, "Add note").await.unwrap();
    real.answer().await.unwrap();
    let payload = stage.sandbox.look().scene().interactions[&real.interaction_id()]
        .payload
        .clone();
    for (custom_id, expected) in [
        ("wb1:take:999", "Which incident?"),
        ("wb0:old", "older version"),
        ("wb1:ack:1:99", "no page 99"),
        ("wb1:approve:1:9:0123456789abcdef", "no update 9"),
    ] {
        let mut forged = payload.clone();
        for key in ["id", "token"] {
            forged.as_object_mut().unwrap().remove(key);
        }
        forged["data"]["custom_id"] = json!(custom_id);
        let answer = stage.sandbox.interact_raw(forged).answer().await.unwrap();
        assert!(
            answer.ephemeral() && answer.text().contains(expected),
            "{custom_id}: {}",
            answer.text()
        );
    }
}
