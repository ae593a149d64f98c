//! Killed between any two requests and started again: one of everything, nothing lost.

use std::time::Duration;

use serde_json::json;
use warbell::sandbox::HoldAt;

use crate::harness::{Shop, recorded};

async fn killed_during_a_declare(n: u64, at: HoldAt) {
    let mut shop = Shop::open().await;
    let hold = shop.sandbox.hold_nth_request(n, at);
    let options = json!({ "title": "Checkout down", "severity": "major" });
    let asked = shop
        .ana
        .slash(shop.server.general(), "incident declare", options)
        .await
        .unwrap();
    let reached = tokio::time::timeout(Duration::from_secs(20), hold.reached()).await;
    assert!(reached.is_ok(), "request {n} never came");
    shop.kill().await;
    hold.sever();
    shop.start().await;
    shop.recover().await;
    let what = format!("killed at request {n}, {at:?}");
    let incident = shop.check_one_of_each(&what);
    assert_eq!(shop.kinds(&incident).await, ["declared"], "{what}");
    drop(asked);
    shop.close().await;
}

macro_rules! kill_during_declare {
    ($($name:ident: $n:literal, $at:ident;)+) => {$(
        #[tokio::test]
        async fn $name() {
            killed_during_a_declare($n, HoldAt::$at).await;
        }
    )+};
}

// A first declare makes nine requests.
kill_during_declare! {
    a_declare_survives_a_kill_before_request_1: 1, BeforeEffect;
    a_declare_survives_a_kill_after_request_1: 1, AfterEffect;
    a_declare_survives_a_kill_before_request_2: 2, BeforeEffect;
    a_declare_survives_a_kill_after_request_2: 2, AfterEffect;
    a_declare_survives_a_kill_before_request_3: 3, BeforeEffect;
    a_declare_survives_a_kill_after_request_3: 3, AfterEffect;
    a_declare_survives_a_kill_before_request_4: 4, BeforeEffect;
    a_declare_survives_a_kill_after_request_4: 4, AfterEffect;
    a_declare_survives_a_kill_before_request_5: 5, BeforeEffect;
    a_declare_survives_a_kill_after_request_5: 5, AfterEffect;
    a_declare_survives_a_kill_before_request_6: 6, BeforeEffect;
    a_declare_survives_a_kill_after_request_6: 6, AfterEffect;
    a_declare_survives_a_kill_before_request_7: 7, BeforeEffect;
    a_declare_survives_a_kill_after_request_7: 7, AfterEffect;
    a_declare_survives_a_kill_before_request_8: 8, BeforeEffect;
    a_declare_survives_a_kill_after_request_8: 8, AfterEffect;
    a_declare_survives_a_kill_before_request_9: 9, BeforeEffect;
    a_declare_survives_a_kill_after_request_9: 9, AfterEffect;
}

#[tokio::test]
async fn an_escalation_with_a_page_survives_a_kill_at_every_request() {
    for n in 1..=4 {
        for at in [HoldAt::BeforeEffect, HoldAt::AfterEffect] {
            let what = format!("killed at request {n}, {at:?}");
            let mut shop = Shop::open().await;
            let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
            let hold = shop.sandbox.hold_nth_request(n, at);
            let options = json!({ "reason": "Worse", "page": shop.ben.id().get().to_string() });
            let asked = shop
                .ana
                .slash(incident.channel, "incident escalate", options)
                .await
                .unwrap();
            let reached = tokio::time::timeout(Duration::from_secs(20), hold.reached()).await;
            assert!(reached.is_ok(), "request {n} never came");
            shop.kill().await;
            hold.sever();
            shop.start().await;
            shop.recover().await;
            shop.check_one_of_each(&what);
            assert!(shop.card(&incident).text().contains("Critical"), "{what}");
            assert_eq!(
                shop.kinds(&incident).await,
                ["declared", "escalated", "paged"],
                "{what}"
            );
            assert_eq!(
                shop.look().pings_of(shop.ben.id()).len(),
                1,
                "{what}: paged once"
            );
            drop(asked);
            shop.close().await;
        }
    }
}

#[tokio::test]
async fn a_publication_survives_a_kill_at_every_request() {
    for n in 1..=3 {
        for at in [HoldAt::BeforeEffect, HoldAt::AfterEffect] {
            let what = format!("killed at request {n}, {at:?}");
            let mut shop = Shop::open().await;
            let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
            shop.slash(&shop.ana, incident.channel, "status draft", json!({}))
                .await;
            let draft = shop.with_button(&incident, "Approve & publish");
            let hold = shop.sandbox.hold_nth_request(n, at);
            let asked = shop.ben.click(&draft, "Approve & publish").await.unwrap();
            let reached = tokio::time::timeout(Duration::from_secs(20), hold.reached()).await;
            assert!(reached.is_ok(), "request {n} never came");
            shop.kill().await;
            hold.sever();
            shop.start().await;
            shop.recover().await;
            assert_eq!(shop.published().len(), 1, "{what}\n{}", shop.look().dump());
            let kinds = shop.kinds(&incident).await;
            let published = kinds
                .iter()
                .filter(|kind| **kind == "update_published")
                .count();
            assert_eq!(published, 1, "{what}: {kinds:?}");
            drop(asked);
            shop.close().await;
        }
    }
}

#[tokio::test]
async fn buttons_work_after_a_restart() {
    let mut shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.kill().await;
    shop.start().await;
    shop.settled().await;
    let answer = shop
        .click(&shop.ben, &shop.card(&incident), "Take command")
        .await;
    recorded(&answer);
    shop.close().await;
}

#[tokio::test]
async fn a_stop_in_order_finishes_the_answer_in_hand_and_ends_the_session() {
    let mut shop = Shop::open().await;
    let hold = shop
        .sandbox
        .hold("interaction callback", HoldAt::BeforeEffect);
    let options = json!({ "title": "Checkout down", "severity": "major" });
    let general = shop.server.general();
    let asked = shop
        .ana
        .slash(general, "incident declare", options)
        .await
        .unwrap();
    hold.reached().await;
    let (answer, ()) = tokio::join!(
        async {
            hold.release();
            asked.answer().await
        },
        shop.stop()
    );
    assert!(answer.unwrap().text().contains("INC-1"));
    assert_eq!(shop.sandbox.sessions(), 0);
    shop.start().await;
    shop.recover().await;
    let incident = shop.check_one_of_each("stopped in order");
    assert_eq!(shop.kinds(&incident).await, ["declared"]);
    shop.close().await;
}
