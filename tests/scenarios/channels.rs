//! Channels: which are made and used, and what becomes of those that people delete.

use serde_json::json;
use warbell::sandbox::Look;

use crate::harness::{Declared, Shop, recorded};

#[tokio::test]
async fn the_deleted_channel_of_an_open_incident_is_made_again_once_and_a_line_says_so() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let note = json!({ "text": "Error rate 38 %" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident note", note)
            .await,
    );
    shop.server.delete_channel(incident.channel);
    let made = shop
        .sandbox
        .until(|look| {
            look.channels_like("inc-1-")
                .into_iter()
                .find(|c| c.id() != incident.channel)
        })
        .await
        .unwrap();
    shop.settled().await;
    assert_eq!(shop.look().channels_like("inc-1-").len(), 1);
    let again = Declared {
        id: incident.id,
        channel: made.id(),
    };
    assert!(shop.card(&again).is_pinned());
    assert!(shop.card(&again).text().contains("Error rate 38 %"));
    let lines: Vec<String> = shop
        .channel(&again)
        .messages()
        .iter()
        .filter(|message| message.buttons().is_empty())
        .map(|message| message.text())
        .collect();
    assert_eq!(lines.len(), 1, "one line says so: {lines:?}");
    assert!(lines[0].contains("channel"), "{lines:?}");
    let kinds = shop.kinds(&again).await;
    assert_eq!(kinds, ["declared", "note_added", "channel_replaced"]);

    let reason = json!({ "reason": "All regions" });
    recorded(
        &shop
            .slash(&shop.ana, again.channel, "incident escalate", reason)
            .await,
    );
    shop.check_one_of_each("made again");

    // Whoever deletes it twice means it.
    shop.server.delete_channel(again.channel);
    shop.sandbox
        .until(|look| look.channel(again.channel).is_none())
        .await
        .unwrap();
    let note = json!({ "text": "Still on it", "incident": "INC-1" });
    let answer = shop
        .slash(&shop.ana, shop.server.general(), "incident note", note)
        .await;
    assert!(answer.text().contains("INC-1 #"), "{}", answer.text());
    shop.pass(20).await;
    assert!(shop.look().channels_like("inc-1-").is_empty());
    shop.close().await;
}

#[tokio::test]
async fn the_deleted_channel_of_a_resolved_incident_stays_gone() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "summary": "Rolled back" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident resolve", options)
            .await,
    );
    shop.server.delete_channel(incident.channel);
    let general = shop.server.general();
    let shown = shop
        .slash(
            &shop.ana,
            general,
            "incident show",
            json!({ "incident": "1" }),
        )
        .await;
    assert!(shown.text().contains("Resolved"), "{}", shown.text());
    shop.pass(20).await;
    assert!(shop.look().channels_like("inc-1-").is_empty());
    assert_eq!(
        shop.look()
            .channel_named("incidents")
            .unwrap()
            .messages()
            .len(),
        1
    );
    shop.close().await;
}

#[tokio::test]
async fn a_channel_deleted_while_the_bot_was_away_is_made_again_at_the_first_need() {
    let mut shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.kill().await;
    shop.server.delete_channel(incident.channel);
    shop.start().await;
    shop.settled().await;
    let note = json!({ "text": "Error rate 38 %", "incident": "1" });
    let answer = shop
        .slash(&shop.ana, shop.server.general(), "incident note", note)
        .await;
    assert!(answer.text().contains("INC-1 #2"), "{}", answer.text());
    shop.recover().await;
    let channels = shop.look().channels_like("inc-1-");
    assert_eq!(channels.len(), 1, "{}", shop.look().dump());
    assert_eq!(channels[0].pins().len(), 1);
    shop.close().await;
}

#[tokio::test]
async fn a_deleted_list_of_incidents_begins_anew_with_what_is_open() {
    let shop = Shop::open().await;
    let first = shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.declare(&shop.ana, "Search slow", "minor").await;
    let options = json!({ "summary": "Rolled back" });
    recorded(
        &shop
            .slash(&shop.ana, first.channel, "incident resolve", options)
            .await,
    );
    let digest = shop.look().channel_named("incidents").unwrap();
    shop.server.delete_channel(digest.id());
    let anew = |look: &Look| {
        let found = look
            .channels()
            .into_iter()
            .find(|c| c.name == "incidents" && c.id() != digest.id());
        found.filter(|channel| !channel.messages().is_empty())
    };
    shop.sandbox.until(anew).await.unwrap();
    shop.settled().await;
    let entries = anew(&shop.look()).unwrap().messages();
    assert_eq!(entries.len(), 1);
    assert!(entries[0].text().contains("INC-2"), "{}", entries[0].text());
    shop.close().await;
}

#[tokio::test]
async fn a_deleted_digest_entry_comes_back_and_a_deleted_line_does_not() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "incident": "1", "reason": "All regions" });
    shop.slash(
        &shop.ben,
        shop.server.general(),
        "incident escalate",
        options,
    )
    .await;
    let echo = shop.channel(&incident).message_with("INC-1 #2").unwrap();
    shop.server.delete_message(echo.id());
    let digest = shop.look().channel_named("incidents").unwrap();
    let entry = digest.messages()[0].id();
    shop.server.delete_message(entry);
    shop.sandbox
        .until(|look| {
            let entries = look.channel(digest.id()).unwrap().messages();
            entries.into_iter().find(|message| message.id() != entry)
        })
        .await
        .unwrap();
    shop.settled().await;
    shop.check_one_of_each("deleted by hand");
    assert!(shop.channel(&incident).message_with("INC-1 #2").is_none());
    shop.close().await;
}

#[tokio::test]
async fn channels_that_others_write_in_are_left_alone_and_the_bot_makes_its_own() {
    let shop = Shop::open().await;
    let theirs = ["incidents", "status-updates"].map(|name| {
        let channel = shop.server.add_channel(name);
        shop.ana
            .say(channel, "What we talked about yesterday")
            .unwrap();
        channel
    });
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let draft = shop.with_button(&incident, "Approve & publish");
    recorded(&shop.click(&shop.ben, &draft, "Approve & publish").await);
    for (channel, name) in theirs.into_iter().zip(["incidents", "status-updates"]) {
        let look = shop.look();
        assert_eq!(look.channel(channel).unwrap().messages().len(), 1, "{name}");
        let named: Vec<_> = look
            .channels()
            .into_iter()
            .filter(|c| c.name == name)
            .collect();
        assert_eq!(named.len(), 2, "{name}");
        let own = named.iter().find(|c| c.id() != channel).unwrap();
        assert_eq!(own.messages().len(), 1, "{name}");
    }
    shop.close().await;
}

#[tokio::test]
async fn empty_channels_of_the_right_name_are_used() {
    let shop = Shop::open().await;
    let list = shop.server.add_channel("incidents");
    shop.server.add_channel("status-updates");
    shop.declare(&shop.ana, "Checkout down", "major").await;
    let incident = shop.check_one_of_each("they were there");
    assert!(
        shop.look()
            .channel(list)
            .unwrap()
            .message_with(&incident.id)
            .is_some()
    );
    shop.close().await;
}

#[tokio::test]
async fn when_fifty_channels_stand_in_the_category_the_next_one_is_made() {
    let shop = Shop::open().await;
    let first = shop.declare(&shop.ana, "Checkout down", "major").await;
    let category = shop.channel(&first).category().unwrap();
    shop.server.fill_category(category.id(), 50);
    for (title, number) in [("Search slow", 2), ("Carts empty", 3)] {
        let incident = shop.declare(&shop.ana, title, "minor").await;
        assert_eq!(incident.id, format!("INC-{number}"));
        assert_eq!(
            shop.channel(&incident).category().unwrap().name,
            "Incidents 2"
        );
        assert!(shop.card(&incident).is_pinned());
    }
    let categories = shop.look().channels_like("Incidents").len();
    assert_eq!(categories, 2);
    shop.close().await;
}
