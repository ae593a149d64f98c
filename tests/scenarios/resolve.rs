//! `/incident resolve`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn resolving_ends_the_response_and_nothing_is_due_any_more() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "critical").await;
    let options = json!({ "who": shop.ben.id().get().to_string() });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident page", options)
            .await,
    );
    let form = shop
        .slash(&shop.ana, incident.channel, "incident resolve", json!({}))
        .await;
    assert_eq!(form.fields(), ["Summary", "Trigger"]);
    let fields = [
        ("Summary", "Rolled back to 4.1"),
        ("Trigger", "Release 4.2"),
    ];
    let text = recorded(&shop.submit(&shop.ana, &form, &fields).await);
    assert!(text.contains("Rolled back to 4.1"));
    assert!(shop.card(&incident).text().contains("Resolved"));
    let before = shop.pinged();
    shop.pass(60).await;
    assert_eq!(
        shop.pinged(),
        before,
        "no page is repeated, nobody is reminded"
    );
    shop.close().await;
}

#[tokio::test]
async fn resolving_twice_keeps_the_first_time() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
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
    let (first, _) = shop.stored(&incident).await;
    shop.pass(5).await;
    let again = shop
        .slash(&shop.ana, incident.channel, "incident resolve", options)
        .await;
    assert!(refused(&again).contains("Resolved"));
    let (second, _) = shop.stored(&incident).await;
    assert_eq!(first, second);
    shop.close().await;
}

#[tokio::test]
async fn a_bystander_cannot_resolve_once_there_is_a_commander_nor_before() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "summary": "Looks fine to me" });
    refused(
        &shop
            .slash(
                &shop.ben,
                incident.channel,
                "incident resolve",
                options.clone(),
            )
            .await,
    );
    let carl = shop.server.add_member("carl");
    recorded(
        &shop
            .click(&carl, &shop.card(&incident), "Take command")
            .await,
    );
    // The declarer steps back once somebody has command.
    let answer = shop
        .slash(
            &shop.ana,
            incident.channel,
            "incident resolve",
            options.clone(),
        )
        .await;
    assert!(refused(&answer).contains(&carl.mention()));
    recorded(
        &shop
            .slash(&carl, incident.channel, "incident resolve", options)
            .await,
    );
    shop.close().await;
}
