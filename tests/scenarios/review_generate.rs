//! `/review generate`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn the_review_stands_in_the_channel_as_files() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "summary": "Rolled back to 4.1" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident resolve", options)
            .await,
    );
    recorded(
        &shop
            .slash(&shop.ben, incident.channel, "review generate", json!({}))
            .await,
    );
    let channel = shop.channel(&incident);
    let posted: Vec<String> = channel
        .messages()
        .iter()
        .flat_map(|message| message.attachments.iter().map(|file| file.filename.clone()))
        .collect();
    assert!(posted.contains(&"INC-1-review.md".to_owned()), "{posted:?}");
    assert!(
        posted.contains(&"INC-1-review.json".to_owned()),
        "{posted:?}"
    );
    shop.close().await;
}

#[tokio::test]
async fn an_unknown_incident_has_no_review() {
    let shop = Shop::open().await;
    let options = json!({ "incident": "INC-4" });
    refused(
        &shop
            .slash(&shop.ana, shop.server.general(), "review generate", options)
            .await,
    );
    shop.close().await;
}

#[tokio::test]
async fn a_review_generated_again_has_what_was_added_since() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "review generate", json!({}))
            .await,
    );
    let note = json!({ "text": "It was the cache after all" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident note", note)
            .await,
    );
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "review generate", json!({}))
            .await,
    );
    let reviews: Vec<String> = shop
        .channel(&incident)
        .messages()
        .iter()
        .flat_map(|message| message.attachments.iter())
        .filter(|file| file.filename == "INC-1-review.md")
        .map(|file| String::from_utf8(file.bytes.to_vec()).unwrap())
        .collect();
    assert_eq!(reviews.len(), 2);
    assert!(!reviews[0].contains("cache after all") && reviews[1].contains("cache after all"));
    shop.close().await;
}
