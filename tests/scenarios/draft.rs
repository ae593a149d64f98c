//! `/status draft` and `Edit`, `Discard` under it.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn a_draft_is_written_from_fields_meant_for_customers_and_goes_nowhere() {
    let shop = Shop::open().await;
    let incident = shop
        .declare(&shop.ana, "db-7.internal is on fire", "critical")
        .await;
    let note = json!({ "text": "db-7.internal: Bob broke it" });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident note", note)
            .await,
    );
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let draft = shop.with_button(&incident, "Approve & publish");
    assert!(
        draft.text().contains("INC-1 · update 1"),
        "{}",
        draft.text()
    );
    assert!(!draft.text().contains("db-7.internal"), "{}", draft.text());
    assert_eq!(draft.buttons(), ["Approve & publish", "Edit", "Discard"]);
    assert!(shop.published().is_empty());
    shop.close().await;
}

#[tokio::test]
async fn an_edited_draft_shows_the_new_text_and_a_discarded_one_has_no_buttons() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "phase": "investigating", "text": "We see errors." });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", options)
            .await,
    );
    let draft = shop.with_button(&incident, "Edit");
    let form = shop.click(&shop.ben, &draft, "Edit").await;
    assert_eq!(form.fields(), ["Text"]);
    assert_eq!(form.inputs()[0]["value"], "We see errors.");
    recorded(
        &shop
            .submit(&shop.ben, &form, &[("Text", "We see errors at checkout.")])
            .await,
    );
    let draft = shop.with_button(&incident, "Discard");
    assert!(draft.text().contains("We see errors at checkout."));
    recorded(&shop.click(&shop.ana, &draft, "Discard").await);
    assert!(
        shop.look()
            .message(draft.id())
            .unwrap()
            .buttons()
            .is_empty()
    );
    // A press on what was seen a moment ago is told so.
    refused(&shop.submit(&shop.ben, &form, &[("Text", "Too late")]).await);
    shop.close().await;
}

#[tokio::test]
async fn a_draft_stands_only_in_an_incident() {
    let shop = Shop::open().await;
    shop.declare(&shop.ana, "Checkout down", "major").await;
    refused(
        &shop
            .slash(&shop.ana, shop.server.general(), "status draft", json!({}))
            .await,
    );
    shop.close().await;
}

#[tokio::test]
async fn a_second_draft_stands_beside_the_first_under_a_number_of_its_own() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    for text in ["We see errors.", "We see errors at checkout."] {
        let options = json!({ "text": text });
        recorded(
            &shop
                .slash(&shop.ana, incident.channel, "status draft", options)
                .await,
        );
    }
    let channel = shop.channel(&incident);
    for (number, text) in [(1, "We see errors."), (2, "We see errors at checkout.")] {
        let found = channel
            .message_with(&format!("INC-1 · update {number}"))
            .unwrap();
        assert!(found.text().contains(text), "{}", found.text());
    }
    shop.close().await;
}
