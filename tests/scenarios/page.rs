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

#[tokio::test]
async fn a_page_of_a_person_calls_that_person_alone_and_again_if_paged_again() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "who": shop.ben.id().get().to_string(), "reason": "Database at 100 %" });
    let answer = shop
        .slash(
            &shop.ana,
            incident.channel,
            "incident page",
            options.clone(),
        )
        .await;
    assert!(recorded(&answer).contains(&shop.ben.mention()));
    assert!(
        answer.pings().is_empty(),
        "the page calls, its answer does not"
    );
    let page = shop.with_button(&incident, "Acknowledge");
    assert!(page.text().contains(&shop.ben.mention()) && page.text().contains("Database at 100 %"));
    assert_eq!(shop.pinged(), 1);
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident page", options)
            .await,
    );
    assert_eq!(shop.look().pings_of(shop.ben.id()).len(), 2);
    assert_eq!(shop.kinds(&incident).await, ["declared", "paged", "paged"]);
    shop.close().await;
}

#[tokio::test]
async fn everybody_at_once_cannot_be_paged() {
    let shop = Shop::open().await;
    shop.ana.make_manager();
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let everyone = shop.server.id().get().to_string();
    for (command, options) in [
        ("incident page", json!({ "who": everyone })),
        (
            "incident escalate",
            json!({ "reason": "All regions", "page": everyone }),
        ),
        (
            "setup pages",
            json!({ "severity": "critical", "add": everyone }),
        ),
    ] {
        let text = refused(
            &shop
                .slash(&shop.ana, incident.channel, command, options)
                .await,
        );
        assert!(
            text.contains("Everybody at once cannot be called"),
            "{command}: {text}"
        );
    }
    assert_eq!(shop.kinds(&incident).await, ["declared"]);
    assert_eq!(shop.pinged(), 0);
    shop.close().await;
}

#[tokio::test]
async fn a_role_that_cannot_be_pinged_is_said_to_notice_nothing() {
    let shop = Shop::open().await;
    let role = shop.server.add_role("on-call", false);
    shop.ben.give_role(role);
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "who": role.get().to_string() });
    let answer = shop
        .slash(&shop.ana, incident.channel, "incident page", options)
        .await;
    assert!(
        recorded(&answer).contains("cannot be pinged"),
        "{}",
        answer.text()
    );
    assert_eq!(shop.pinged(), 0);
    shop.close().await;
}
