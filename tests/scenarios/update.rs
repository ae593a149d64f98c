//! `/incident update`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn the_status_moves_freely_while_the_response_runs() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    for (status, label) in [
        ("identified", "Identified"),
        ("monitoring", "Monitoring"),
        ("investigating", "Investigating"),
    ] {
        let options = json!({ "status": status, "note": "As the graphs say" });
        recorded(
            &shop
                .slash(&shop.ben, incident.channel, "incident update", options)
                .await,
        );
        assert!(shop.card(&incident).text().contains(label));
    }
    shop.close().await;
}

#[tokio::test]
async fn the_same_status_again_needs_something_to_say() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "status": "investigating" });
    let answer = shop
        .slash(&shop.ana, incident.channel, "incident update", options)
        .await;
    assert!(refused(&answer).contains("Investigating"));
    let options = json!({ "status": "investigating", "note": "Not the load balancer" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident update", options)
            .await,
    );
    shop.close().await;
}

#[tokio::test]
async fn a_resolved_incident_is_not_updated() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "summary": "Rolled back" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident resolve", options)
            .await,
    );
    let options = json!({ "status": "monitoring" });
    let answer = shop
        .slash(&shop.ana, incident.channel, "incident update", options)
        .await;
    assert!(refused(&answer).contains("Resolved"));
    shop.close().await;
}

#[tokio::test]
async fn the_update_status_button_offers_the_statuses() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let question = shop
        .click(&shop.ana, &shop.card(&incident), "Update status")
        .await;
    assert!(question.ephemeral());
    let asked = shop.ana.click(&question, "Identified").await.unwrap();
    asked.answer().await.unwrap();
    shop.settled().await;
    assert!(shop.card(&incident).text().contains("Identified"));
    shop.close().await;
}
