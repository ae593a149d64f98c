//! Buttons and forms.

use serde_json::json;

use crate::stage::Stage;
use warbell::discord::views;
use warbell::domain::ids::IncidentKey;

#[tokio::test]
async fn the_card_works_by_its_buttons() {
    let stage = Stage::set("card").await;
    let (key, channel) = stage.incident().await;
    let card = stage.card(key, channel).await;

    let answer = stage
        .ben
        .click(&card, "Take command")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("INC-1 #2") && !answer.ephemeral(),
        "{}",
        answer.text()
    );
    let answer = stage
        .ana
        .click(&card, "Take command")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.ephemeral() && answer.text().contains(&stage.ben.mention()),
        "{}",
        answer.text()
    );

    let form = stage
        .ana
        .click(&card, "Add note")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert_eq!(form.fields(), ["Text", "At"]);
    let asked = stage
        .ana
        .submit(&form, [("Text", "queue grows"), ("At", "gestern")])
        .await
        .unwrap();
    let answer = asked.answer().await.unwrap();
    assert!(
        answer.ephemeral() && answer.text().contains("queue grows"),
        "{}",
        answer.text()
    );
    let asked = stage
        .ana
        .submit(&form, [("Text", "queue grows")])
        .await
        .unwrap();
    assert!(asked.answer().await.unwrap().text().contains("INC-1 #3"));

    let question = stage
        .ana
        .click(&card, "Update status")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert_eq!(
        question.buttons(),
        ["[Investigating]", "Identified", "Monitoring"]
    );
    assert!(question.ephemeral());
    let answer = stage
        .ana
        .click(&question, "Monitoring")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("Monitoring") && !answer.ephemeral(),
        "{}",
        answer.text()
    );

    let form = stage
        .ana
        .click(&card, "Escalate")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert_eq!(form.fields(), ["Reason"]);
    let asked = stage
        .ana
        .submit(&form, [("Reason", "it spreads")])
        .await
        .unwrap();
    assert!(asked.answer().await.unwrap().text().contains("it spreads"));

    let answer = stage
        .ana
        .click(&card, "Resolve")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.ephemeral() && answer.modal().is_none(),
        "ana holds no role: {}",
        answer.text()
    );
    let form = stage
        .ben
        .click(&card, "Resolve")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert_eq!(form.fields(), ["Summary", "Trigger"]);
    let asked = stage
        .ben
        .submit(&form, [("Summary", "rolled back")])
        .await
        .unwrap();
    assert!(!asked.answer().await.unwrap().ephemeral());
    assert!(!stage.read(key).await.status.is_open());
}

#[tokio::test]
async fn a_customer_text_is_edited_and_approved_by_buttons() {
    let stage = Stage::set("draft").await;
    let (key, channel) = stage.incident().await;
    stage
        .say(
            &stage.ana,
            channel,
            "status draft",
            json!({"text": "We look into it."}),
        )
        .await;
    let incident = stage.read(key).await;
    let first = stage
        .put_up(
            channel,
            views::draft::draft(&incident, &incident.updates[0]),
        )
        .await;

    let answer = stage
        .ana
        .click(&first, "Approve & publish")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(answer.ephemeral(), "one's own text: {}", answer.text());
    let form = stage
        .ana
        .click(&first, "Edit")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert_eq!(form.inputs()[0]["value"], "We look into it.");
    let asked = stage
        .ana
        .submit(&form, [("Text", "We know of errors at checkout.")])
        .await
        .unwrap();
    assert!(!asked.answer().await.unwrap().ephemeral());
    let answer = stage
        .ben
        .click(&first, "Approve & publish")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("changed") && answer.ephemeral(),
        "{}",
        answer.text()
    );

    let incident = stage.read(key).await;
    let second = stage
        .put_up(
            channel,
            views::draft::draft(&incident, &incident.updates[0]),
        )
        .await;
    let answer = stage
        .ben
        .click(&second, "Approve & publish")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("INC-1 #4") && !answer.ephemeral(),
        "{}",
        answer.text()
    );
    let answer = stage
        .ben
        .click(&second, "Discard")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("approved already"),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn a_page_is_acknowledged_by_the_paged_alone() {
    let stage = Stage::set("page").await;
    let (key, channel) = stage.incident().await;
    stage
        .say(&stage.ana, channel, "incident page", json!({"who": "ben"}))
        .await;
    let incident = stage.read(key).await;
    let page = stage
        .put_up(channel, views::page::page(&incident, &incident.pages[0], 1))
        .await;
    let answer = stage
        .ana
        .click(&page, "Acknowledge")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.ephemeral() && answer.text().contains("This page is for"),
        "{}",
        answer.text()
    );
    let answer = stage
        .ben
        .click(&page, "Acknowledge")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("INC-1 #3") && !answer.ephemeral(),
        "{}",
        answer.text()
    );
    let answer = stage
        .ben
        .click(&page, "Acknowledge")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("already") && answer.ephemeral(),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn a_form_with_an_odd_severity_loses_nothing() {
    let stage = Stage::set("severity").await;
    let asked = stage
        .ana
        .slash(
            stage.server.general(),
            "incident declare",
            json!({"service": "checkout", "private": false}),
        )
        .await
        .unwrap();
    let form = asked.answer().await.unwrap();
    assert_eq!(
        form.fields(),
        ["Title", "Severity", "Kind", "Service", "Summary"]
    );
    let asked = stage
        .ana
        .submit(
            &form,
            [("Title", "Checkout down"), ("Severity", "horrible")],
        )
        .await
        .unwrap();
    let question = asked.answer().await.unwrap();
    assert_eq!(question.buttons(), ["Critical", "Major", "Minor"]);
    assert!(question.ephemeral());
    let answer = stage
        .ana
        .click(&question, "Minor")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("INC-1") && !answer.ephemeral(),
        "{}",
        answer.text()
    );
    let answer = stage
        .ana
        .click(&question, "Minor")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("made already") && answer.ephemeral(),
        "{}",
        answer.text()
    );
    let incident = stage.read(IncidentKey(1)).await;
    assert_eq!(
        (incident.severity.as_str(), incident.services.join("")),
        ("minor", "checkout".to_owned())
    );
}
