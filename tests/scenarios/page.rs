//! `/incident page`, its button and its one repetition.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn a_page_pings_exactly_the_paged_and_is_repeated_once() {
    let shop = Shop::open().await;
    let role = shop.server.add_role("on-call", true);
    let carl = shop.server.add_member("carl");
    carl.give_role(role);
    let incident = shop.declare(&shop.ana, "Checkout down", "critical").await;
    let options = json!({ "who": role.get().to_string(), "reason": "Database at 100 %" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident page", options)
            .await,
    );
    assert_eq!(shop.look().pings_of(carl.id()).len(), 1);
    assert!(shop.look().pings_of(shop.ben.id()).is_empty());

    shop.pass(6).await;
    assert_eq!(
        shop.look().pings_of(carl.id()).len(),
        2,
        "repeated after five minutes"
    );
    shop.pass(30).await;
    assert_eq!(shop.look().pings_of(carl.id()).len(), 2, "and only once");
    shop.close().await;
}

#[tokio::test]
async fn an_acknowledged_page_is_not_repeated() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "who": shop.ben.id().get().to_string() });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident page", options)
            .await,
    );
    let page = shop.with_button(&incident, "Acknowledge");
    recorded(&shop.click(&shop.ben, &page, "Acknowledge").await);
    shop.pass(15).await;
    assert_eq!(shop.look().pings_of(shop.ben.id()).len(), 1);
    shop.close().await;
}

#[tokio::test]
async fn an_escalation_pages_whom_setup_names_for_that_severity() {
    let shop = Shop::open().await;
    shop.ana.make_manager();
    let role = shop.server.add_role("incident-commanders", true);
    let carl = shop.server.add_member("carl");
    carl.give_role(role);
    let options = json!({ "severity": "critical", "add": role.get().to_string() });
    shop.slash(&shop.ana, shop.server.general(), "setup pages", options)
        .await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    assert!(shop.look().pings_of(carl.id()).is_empty());
    let options = json!({ "reason": "All regions" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident escalate", options)
            .await,
    );
    assert_eq!(shop.look().pings_of(carl.id()).len(), 1);
    shop.close().await;
}

#[tokio::test]
async fn nobody_is_paged_into_a_resolved_incident() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "summary": "Rolled back" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident resolve", options)
            .await,
    );
    let options = json!({ "who": shop.ben.id().get().to_string() });
    let answer = shop
        .slash(&shop.ana, incident.channel, "incident page", options)
        .await;
    assert!(refused(&answer).contains("Resolved"));
    assert!(shop.look().pings_of(shop.ben.id()).is_empty());
    shop.close().await;
}
