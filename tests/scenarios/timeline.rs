//! `/incident timeline`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn the_newest_twenty_rows_come_oldest_first_and_older_ones_by_a_button() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    for n in 0..24 {
        let options = json!({ "text": format!("Reading number {n}: {}", "x".repeat(200)) });
        recorded(
            &shop
                .slash(&shop.ana, incident.channel, "incident note", options)
                .await,
        );
    }
    let page = shop
        .slash(&shop.ben, incident.channel, "incident timeline", json!({}))
        .await;
    assert!(page.ephemeral());
    let text = page.text();
    assert!(
        text.contains("Reading number 23") && text.contains("Reading number 4"),
        "{text}"
    );
    assert!(!text.contains("Reading number 3:"), "{text}");
    assert!(text.find("number 4:").unwrap() < text.find("number 23:").unwrap());
    let asked = shop.ben.click(&page, "Older").await.unwrap();
    asked.answer().await.unwrap();
    let older = asked.current().await.unwrap().text();
    assert!(
        older.contains("Reading number 3:") && older.contains("Declared"),
        "{older}"
    );
    shop.close().await;
}

#[tokio::test]
async fn the_timeline_of_an_unknown_incident_is_refused() {
    let shop = Shop::open().await;
    let options = json!({ "incident": "INC-5" });
    refused(
        &shop
            .slash(
                &shop.ana,
                shop.server.general(),
                "incident timeline",
                options,
            )
            .await,
    );
    shop.close().await;
}
