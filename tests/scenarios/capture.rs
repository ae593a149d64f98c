//! 📌 and `Add to timeline`.

use warbell::domain::ids::MessageId;
use warbell::domain::timeline::Field;
use warbell::sandbox::SandboxOptions;

use crate::harness::{Shop, find_row, refused};

#[tokio::test]
async fn a_pinned_message_is_filed_at_its_own_time_and_answered_once_it_is_stored() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let message = shop
        .ben
        .say_with_file(
            incident.channel,
            "Graph of the error rate",
            "errors.png",
            b"png".to_vec(),
        )
        .unwrap();
    shop.pass(3).await;
    shop.ana.react(message, "📌").unwrap();
    let app = shop.sandbox.app_id();
    shop.sandbox
        .until(|look| {
            look.message(message)
                .is_some_and(|m| m.has_reaction("✅", app))
        })
        .await
        .unwrap();
    let (_, events) = shop.stored(&incident).await;
    let captured = events.last().unwrap();
    assert_eq!(captured.fact.kind(), "message_captured");
    assert_eq!(captured.word(Field::Text), Some("Graph of the error rate"));
    assert_eq!(captured.word(Field::Attachments), Some("errors.png"));
    assert_eq!(captured.occurred_at, MessageId(message.get()).time());
    shop.close().await;
}

#[tokio::test]
async fn pinning_twice_files_once_by_whatever_way() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let message = shop.ben.say(incident.channel, "It is the cache").unwrap();
    let answer = shop
        .ana
        .menu(message, "Add to timeline")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(answer.ephemeral());
    assert_eq!(find_row(&answer.text()), Some(2), "{}", answer.text());
    let again = shop
        .ben
        .menu(message, "Add to timeline")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        again.ephemeral() && again.text().contains("#2"),
        "{}",
        again.text()
    );
    shop.ana.react(message, "📌").unwrap();
    shop.ben.react(message, "📌").unwrap();
    let other = shop.ben.say(incident.channel, "And the disk").unwrap();
    shop.ben.react(other, "📌").unwrap();
    let app = shop.sandbox.app_id();
    shop.sandbox
        .until(|look| {
            look.message(other)
                .is_some_and(|m| m.has_reaction("✅", app))
        })
        .await
        .unwrap();
    shop.settled().await;
    assert_eq!(
        shop.kinds(&incident).await,
        ["declared", "message_captured", "message_captured"]
    );
    shop.close().await;
}

#[tokio::test]
async fn without_the_message_content_intent_author_and_time_are_stored_and_the_menu_gives_the_text()
{
    let shop = Shop::with(SandboxOptions {
        message_content: false,
        ..Default::default()
    })
    .await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let first = shop.ben.say(incident.channel, "It is the cache").unwrap();
    shop.ana.react(first, "📌").unwrap();
    let app = shop.sandbox.app_id();
    shop.sandbox
        .until(|look| {
            look.message(first)
                .is_some_and(|m| m.has_reaction("✅", app))
        })
        .await
        .unwrap();
    let second = shop.ben.say(incident.channel, "And the disk").unwrap();
    shop.ana
        .menu(second, "Add to timeline")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    shop.settled().await;
    let (_, events) = shop.stored(&incident).await;
    assert_eq!(events[1].word(Field::Text), None);
    assert_eq!(events[2].word(Field::Text), Some("And the disk"));
    shop.close().await;
}

#[tokio::test]
async fn a_message_elsewhere_is_not_captured() {
    let shop = Shop::open().await;
    let message = shop.ben.say(shop.server.general(), "Lunch?").unwrap();
    shop.ana.react(message, "📌").unwrap();
    let answer = shop
        .ana
        .menu(message, "Add to timeline")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    refused(&answer);
    shop.close().await;
}
