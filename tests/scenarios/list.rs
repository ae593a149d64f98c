//! `/incident list`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn the_list_shows_open_incidents_unless_asked_for_others() {
    let shop = Shop::open().await;
    let general = shop.server.general();
    let empty = shop
        .slash(&shop.ana, general, "incident list", json!({}))
        .await;
    assert!(empty.ephemeral() && !empty.text().is_empty());
    let first = shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.declare(&shop.ana, "Search slow", "minor").await;
    let options = json!({ "summary": "Rolled back" });
    recorded(
        &shop
            .slash(&shop.ana, first.channel, "incident resolve", options)
            .await,
    );
    let open = shop
        .slash(&shop.ben, general, "incident list", json!({}))
        .await
        .text();
    assert!(open.contains("INC-2") && !open.contains("INC-1"), "{open}");
    let resolved = json!({ "status": "resolved" });
    let resolved = shop
        .slash(&shop.ben, general, "incident list", resolved)
        .await
        .text();
    assert!(
        resolved.contains("INC-1") && !resolved.contains("INC-2"),
        "{resolved}"
    );
    let all = shop
        .slash(
            &shop.ben,
            general,
            "incident list",
            json!({ "status": "all" }),
        )
        .await
        .text();
    assert!(all.contains("INC-1") && all.contains("INC-2"), "{all}");
    shop.close().await;
}

#[tokio::test]
async fn another_servers_incidents_are_not_listed_nor_found() {
    let shop = Shop::open().await;
    shop.declare(&shop.ana, "Checkout down", "major").await;
    let other = shop.sandbox.add_server("Other Shop");
    let eve = other.add_member("eve");
    let answer = eve
        .slash(other.general(), "incident list", json!({}))
        .await
        .unwrap();
    assert!(!answer.answer().await.unwrap().text().contains("Checkout"));
    let options = json!({ "incident": "INC-1", "reason": "x" });
    let asked = eve
        .slash(other.general(), "incident escalate", options)
        .await
        .unwrap();
    refused(&asked.answer().await.unwrap());
    shop.close().await;
}
