//! `/incident assign`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn assigning_fills_a_chair_and_the_card_names_who_has_it_without_a_ping() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "role": "scribe", "user": shop.ben.id().get().to_string() });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident assign", options)
            .await,
    );
    assert!(shop.card(&incident).text().contains(&shop.ben.mention()));
    assert!(shop.look().pings_of(shop.ben.id()).is_empty());
    shop.close().await;
}

#[tokio::test]
async fn assigning_the_same_person_twice_changes_nothing() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "role": "scribe", "user": shop.ben.id().get().to_string() });
    recorded(
        &shop
            .slash(
                &shop.ana,
                incident.channel,
                "incident assign",
                options.clone(),
            )
            .await,
    );
    refused(
        &shop
            .slash(&shop.ana, incident.channel, "incident assign", options)
            .await,
    );
    assert_eq!(shop.kinds(&incident).await, ["declared", "role_assigned"]);
    shop.close().await;
}

#[tokio::test]
async fn a_bystander_cannot_assign() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "role": "commander", "user": shop.ben.id().get().to_string() });
    refused(
        &shop
            .slash(&shop.ben, incident.channel, "incident assign", options)
            .await,
    );
    assert_eq!(shop.kinds(&incident).await, ["declared"]);
    shop.close().await;
}
