//! `Approve & publish`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn an_approved_text_stands_once_in_status_updates_and_the_next_one_is_due() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "critical").await;
    let options =
        json!({ "phase": "investigating", "text": "Some of you cannot pay. We are on it." });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", options)
            .await,
    );
    let draft = shop.with_button(&incident, "Approve & publish");
    let (before, _) = shop.stored(&incident).await;
    shop.pass(2).await;
    recorded(&shop.click(&shop.ben, &draft, "Approve & publish").await);
    let published = shop.published();
    assert_eq!(published.len(), 1);
    assert!(
        published[0]
            .text()
            .contains("Some of you cannot pay. We are on it.")
    );
    assert!(
        published[0].text().contains("INC-1 · update 1"),
        "{}",
        published[0].text()
    );
    let (after, _) = shop.stored(&incident).await;
    assert!(after.next_update.unwrap().due_at > before.next_update.unwrap().due_at);
    assert!(
        shop.look()
            .message(draft.id())
            .unwrap()
            .buttons()
            .is_empty()
    );
    assert_eq!(
        shop.kinds(&incident).await[1..],
        ["update_drafted", "update_approved", "update_published"]
    );
    shop.close().await;
}

#[tokio::test]
async fn a_double_press_publishes_once() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "critical").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let draft = shop.with_button(&incident, "Approve & publish");
    let (one, two) = tokio::join!(
        shop.ben.click(&draft, "Approve & publish"),
        shop.ben.click(&draft, "Approve & publish")
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    let answers = [one.answer().await.unwrap(), two.answer().await.unwrap()];
    shop.settled().await;
    assert_eq!(shop.published().len(), 1);
    let public = answers.iter().filter(|answer| !answer.ephemeral()).count();
    assert_eq!(public, 1, "it is said once for all");
    shop.close().await;
}

#[tokio::test]
async fn the_author_cannot_approve_while_nobody_has_the_chairs_and_a_bystander_not_once_they_do() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let draft = shop.with_button(&incident, "Approve & publish");
    refused(&shop.click(&shop.ana, &draft, "Approve & publish").await);
    let carl = shop.server.add_member("carl");
    recorded(
        &shop
            .click(&carl, &shop.card(&incident), "Take command")
            .await,
    );
    refused(&shop.click(&shop.ben, &draft, "Approve & publish").await);
    assert!(shop.published().is_empty());
    recorded(&shop.click(&carl, &draft, "Approve & publish").await);
    assert_eq!(shop.published().len(), 1);
    shop.close().await;
}

#[tokio::test]
async fn a_button_of_an_older_text_approves_nothing() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "text": "All is well." });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", options)
            .await,
    );
    let seen = shop.with_button(&incident, "Approve & publish");
    let old = seen
        .custom_ids()
        .into_iter()
        .find(|id| id.contains("approve"))
        .unwrap_or_else(|| {
            panic!(
                "the approve button carries its update: {:?}",
                seen.custom_ids()
            )
        });
    let form = shop.click(&shop.ana, &seen, "Edit").await;
    recorded(
        &shop
            .submit(&shop.ana, &form, &[("Text", "Nothing is well.")])
            .await,
    );
    // The press was on its way while the text changed: the same press, with the old custom id.
    let fresh = shop.with_button(&incident, "Approve & publish");
    let pressed = shop.ben.click(&fresh, "Approve & publish").await.unwrap();
    pressed.answer().await.unwrap();
    shop.settled().await;
    let forged = shop.forge(&pressed, |payload| {
        payload["data"]["custom_id"] = json!(old)
    });
    let answer = forged.answer().await.unwrap();
    assert!(answer.ephemeral(), "{}", answer.text());
    assert_eq!(
        shop.published().len(),
        1,
        "only what was read was published"
    );
    assert!(shop.published()[0].text().contains("Nothing is well."));
    shop.close().await;
}

#[tokio::test]
async fn a_text_whose_incident_moved_on_before_it_went_out_returns_to_draft() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let draft = shop.with_button(&incident, "Approve & publish");
    shop.sandbox.fault(warbell::sandbox::Fault::next(
        "create message",
        warbell::sandbox::FaultKind::RateLimit {
            scope: warbell::sandbox::Scope::Shared,
            retry_after: 2.0,
        },
    ));
    shop.ben
        .click(&draft, "Approve & publish")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    let options = json!({ "reason": "It got worse" });
    let asked = shop
        .ana
        .slash(incident.channel, "incident escalate", options)
        .await
        .unwrap();
    asked.answer().await.unwrap();
    shop.clock.advance(std::time::Duration::from_secs(10));
    shop.sandbox
        .until(|look| {
            look.messages()
                .iter()
                .any(|m| m.buttons().iter().any(|b| b == "Approve & publish"))
        })
        .await
        .unwrap();
    shop.settled().await;
    assert!(shop.published().is_empty());
    assert!(shop.kinds(&incident).await.contains(&"update_returned"));
    shop.close().await;
}
