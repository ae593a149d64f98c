//! `/me zone`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn typed_times_are_read_in_ones_own_zone() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let zone = json!({ "zone": "Asia/Kolkata" });
    let answer = shop
        .slash(&shop.ana, incident.channel, "me zone", zone)
        .await;
    assert!(
        answer.ephemeral() && answer.text().contains("Asia/Kolkata"),
        "{}",
        answer.text()
    );
    // Noon UTC is 17:30 in Kolkata.
    let note = json!({ "text": "Deploy", "at": "17:20" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident note", note)
            .await,
    );
    let (_, events) = shop.stored(&incident).await;
    assert_eq!(events[1].occurred_at.format("%H:%M").to_string(), "11:50");
    shop.close().await;
}

#[tokio::test]
async fn a_zone_that_is_none_is_refused_and_zones_are_completed() {
    let shop = Shop::open().await;
    let general = shop.server.general();
    let answer = shop
        .slash(&shop.ana, general, "me zone", json!({ "zone": "Atlantis" }))
        .await;
    refused(&answer);
    let found = shop
        .ana
        .autocomplete(general, "me zone", "zone", "berl")
        .await
        .unwrap();
    assert!(
        found.iter().any(|(name, _)| name.contains("Europe/Berlin")),
        "{found:?}"
    );
    shop.close().await;
}
