//! `/incident note`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn a_note_is_filed_at_the_time_it_names() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "text": "Deploy 4.2 went out", "at": "20 min ago" });
    let text = recorded(
        &shop
            .slash(&shop.ben, incident.channel, "incident note", options)
            .await,
    );
    assert!(
        text.contains("<t:"),
        "the answer shows the time as it was read: {text}"
    );
    let (_, events) = shop.stored(&incident).await;
    let gap = events[0].occurred_at - events[1].occurred_at;
    assert!((19..=21).contains(&gap.num_minutes()), "{gap}");
    assert!(shop.card(&incident).text().contains("Deploy 4.2 went out"));
    shop.close().await;
}

#[tokio::test]
async fn the_same_note_typed_twice_on_purpose_is_two_notes() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    for _ in 0..2 {
        let options = json!({ "text": "Error rate 38 %" });
        recorded(
            &shop
                .slash(&shop.ana, incident.channel, "incident note", options)
                .await,
        );
    }
    assert_eq!(
        shop.kinds(&incident).await,
        ["declared", "note_added", "note_added"]
    );
    shop.close().await;
}

#[tokio::test]
async fn a_note_outside_an_incident_asks_which_and_one_of_an_unknown_incident_is_refused() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let general = shop.server.general();
    refused(
        &shop
            .slash(&shop.ana, general, "incident note", json!({ "text": "x" }))
            .await,
    );
    let unknown = json!({ "text": "x", "incident": "INC-99" });
    assert!(
        refused(
            &shop
                .slash(&shop.ana, general, "incident note", unknown)
                .await
        )
        .contains("INC-99")
    );
    let hollow = json!({ "text": "\u{200b} \u{202e}", "incident": "inc-1" });
    refused(
        &shop
            .slash(&shop.ana, general, "incident note", hollow)
            .await,
    );
    let future = json!({ "text": "x", "at": "in 3 days", "incident": "1" });
    refused(
        &shop
            .slash(&shop.ana, general, "incident note", future)
            .await,
    );
    assert_eq!(shop.kinds(&incident).await, ["declared"]);
    shop.close().await;
}

#[tokio::test]
async fn without_text_a_form_opens() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let form = shop
        .click(&shop.ben, &shop.card(&incident), "Add note")
        .await;
    assert_eq!(form.fields(), ["Text", "At"]);
    recorded(
        &shop
            .submit(&shop.ben, &form, &[("Text", "CPU at 100 %")])
            .await,
    );
    assert_eq!(shop.kinds(&incident).await, ["declared", "note_added"]);
    shop.close().await;
}

#[tokio::test]
async fn a_refused_note_gives_its_text_back() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let long = "the queue of orders grows by a thousand a minute and nobody knows why";
    let options = json!({ "text": long, "incident": "INC-9" });
    let answer = shop
        .slash(&shop.ana, shop.server.general(), "incident note", options)
        .await;
    let text = refused(&answer);
    assert!(
        text.contains("I know no incident INC-9") && text.contains(long),
        "{text}"
    );
    let form = shop
        .click(&shop.ana, &shop.card(&incident), "Add note")
        .await;
    let fields = [("Text", "queue grows"), ("At", "the day after never")];
    let text = refused(&shop.submit(&shop.ana, &form, &fields).await);
    assert!(
        text.contains("queue grows") && text.contains("the day after never"),
        "{text}"
    );
    assert_eq!(shop.kinds(&incident).await, ["declared"]);
    shop.close().await;
}

#[tokio::test]
async fn a_note_typed_again_after_a_lost_answer_is_one_note_and_a_third_one_is_meant() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.sandbox.fault(warbell::sandbox::Fault::next(
        "interaction callback",
        warbell::sandbox::FaultKind::Refuse {
            status: 404,
            code: 10062,
            message: "Unknown interaction".to_owned(),
        },
    ));
    let note = json!({ "text": "Error rate 38 %" });
    let lost = shop
        .ana
        .slash(incident.channel, "incident note", note.clone())
        .await
        .unwrap();
    shop.sandbox
        .until(|look| {
            look.requests()
                .last()
                .is_some_and(|request| request.status == 404 || request.kind == "edit message")
        })
        .await
        .unwrap();
    shop.settled().await;
    assert!(lost.is_unanswered());
    // Discord says "did not respond" after three seconds; then they type it again.
    shop.clock.advance(std::time::Duration::from_secs(4));
    for row in [2, 3] {
        let answer = shop
            .slash(&shop.ana, incident.channel, "incident note", note.clone())
            .await;
        assert!(
            recorded(&answer).contains(&format!("INC-1 #{row}")),
            "{}",
            answer.text()
        );
        shop.settled().await;
    }
    assert_eq!(
        shop.kinds(&incident).await,
        ["declared", "note_added", "note_added"]
    );
    shop.close().await;
}
