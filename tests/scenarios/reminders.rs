//! Customers wait for a word: once per interval, also across restarts.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn the_next_update_is_reminded_once_per_interval_also_across_a_restart() {
    let mut shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "critical").await;
    let reminded = |kinds: Vec<&str>| kinds.iter().filter(|k| **k == "update_reminded").count();
    shop.pass(19).await;
    assert_eq!(reminded(shop.kinds(&incident).await), 0);
    shop.pass(2).await;
    assert_eq!(reminded(shop.kinds(&incident).await), 1);
    shop.pass(10).await;
    assert_eq!(
        reminded(shop.kinds(&incident).await),
        1,
        "once per interval"
    );

    shop.kill().await;
    shop.clock.advance(std::time::Duration::from_secs(3 * 3600));
    shop.start().await;
    shop.pass(0).await;
    assert_eq!(
        reminded(shop.kinds(&incident).await),
        2,
        "late, once, however long it was away"
    );
    shop.close().await;
}

#[tokio::test]
async fn publishing_resets_the_interval_and_resolving_ends_it() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "critical").await;
    shop.pass(15).await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let draft = shop.with_button(&incident, "Approve & publish");
    recorded(&shop.click(&shop.ben, &draft, "Approve & publish").await);
    shop.pass(10).await;
    assert!(!shop.kinds(&incident).await.contains(&"update_reminded"));
    let options = json!({ "summary": "Rolled back" });
    recorded(
        &shop
            .slash(
                &shop.ana,
                incident.channel,
                "incident resolve",
                options.clone(),
            )
            .await,
    );
    shop.pass(120).await;
    assert!(!shop.kinds(&incident).await.contains(&"update_reminded"));
    refused(
        &shop
            .slash(&shop.ana, incident.channel, "incident resolve", options)
            .await,
    );
    shop.close().await;
}

#[tokio::test]
async fn the_reminder_stands_in_the_channel_and_calls_whoever_speaks_to_customers() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "critical").await;
    let reminders = |shop: &Shop| {
        let messages = shop.channel(&incident).messages();
        messages
            .into_iter()
            .filter(|m| m.text().contains("Customers expected an update"))
            .count()
    };
    shop.pass(21).await;
    assert_eq!(reminders(&shop), 1, "{}", shop.look().dump());
    assert_eq!(shop.pinged(), 0, "nobody speaks for the incident yet");
    recorded(
        &shop
            .click(&shop.ana, &shop.card(&incident), "Take command")
            .await,
    );
    shop.pass(21).await;
    assert_eq!(reminders(&shop), 2);
    assert_eq!(
        shop.look().pings_of(shop.ana.id()).len(),
        1,
        "the commander, in their absence"
    );
    let options = json!({ "role": "communications", "user": shop.ben.id().get().to_string() });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident assign", options)
            .await,
    );
    shop.pass(21).await;
    assert_eq!(
        shop.look().pings_of(shop.ben.id()).len(),
        1,
        "the communications lead"
    );
    assert_eq!(shop.look().pings_of(shop.ana.id()).len(), 1);
    shop.close().await;
}
