//! Every button, pressed twice.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn take_command_again_says_who_has_it() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let card = shop.card(&incident);
    let pressed = shop.ben.click(&card, "Take command").await.unwrap();
    recorded(&pressed.answer().await.unwrap());
    shop.settled().await;
    assert!(
        shop.card(&incident)
            .buttons()
            .contains(&"[Take command]".to_owned())
    );
    // On its way while the card changed.
    for who in [&shop.ben, &shop.ana] {
        let again = shop.forge(&pressed, |payload| {
            payload["member"]["user"]["id"] = json!(who.id().get().to_string());
        });
        let text = refused(&again.answer().await.unwrap());
        assert!(text.contains(&shop.ben.mention()), "{text}");
    }
    assert_eq!(shop.kinds(&incident).await, ["declared", "role_assigned"]);
    shop.close().await;
}

#[tokio::test]
async fn add_note_again_opens_another_form() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let card = shop.card(&incident);
    let forms = [
        shop.click(&shop.ana, &card, "Add note").await,
        shop.click(&shop.ana, &card, "Add note").await,
    ];
    for (form, text) in forms.iter().zip(["CPU at 100 %", "Disk full"]) {
        recorded(&shop.submit(&shop.ana, form, &[("Text", text)]).await);
    }
    assert_eq!(
        shop.kinds(&incident).await,
        ["declared", "note_added", "note_added"]
    );
    shop.close().await;
}

#[tokio::test]
async fn update_status_again_is_refused_where_nothing_would_change() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let question = shop
        .click(&shop.ana, &shop.card(&incident), "Update status")
        .await;
    assert_eq!(
        question.buttons(),
        ["[Investigating]", "Identified", "Monitoring"]
    );
    let pressed = question.message().unwrap();
    recorded(&shop.click(&shop.ana, &pressed, "Identified").await);
    let text = refused(&shop.click(&shop.ana, &pressed, "Identified").await);
    assert!(text.contains("Identified"), "{text}");
    assert_eq!(shop.kinds(&incident).await.len(), 2);
    shop.close().await;
}

#[tokio::test]
async fn escalate_sent_again_where_nothing_is_worse_is_refused() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let card = shop.card(&incident);
    let first = shop.click(&shop.ana, &card, "Escalate").await;
    let second = shop.click(&shop.ben, &card, "Escalate").await;
    recorded(
        &shop
            .submit(&shop.ana, &first, &[("Reason", "It spreads")])
            .await,
    );
    let text = refused(
        &shop
            .submit(&shop.ben, &second, &[("Reason", "All regions")])
            .await,
    );
    assert!(
        text.contains("Critical") && text.contains("All regions"),
        "{text}"
    );
    assert_eq!(shop.kinds(&incident).await, ["declared", "escalated"]);
    shop.close().await;
}

#[tokio::test]
async fn resolve_sent_twice_keeps_the_first_summary() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let form = shop
        .click(&shop.ana, &shop.card(&incident), "Resolve")
        .await;
    recorded(
        &shop
            .submit(&shop.ana, &form, &[("Summary", "Rolled back")])
            .await,
    );
    let text = refused(
        &shop
            .submit(&shop.ana, &form, &[("Summary", "Restarted")])
            .await,
    );
    assert!(
        text.contains("Resolved") && text.contains("Restarted"),
        "{text}"
    );
    assert!(shop.card(&incident).text().contains("Rolled back"));
    assert_eq!(shop.kinds(&incident).await, ["declared", "resolved"]);
    shop.close().await;
}

#[tokio::test]
async fn approve_discard_and_edit_after_an_approval_say_that_it_was_approved() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let seen = shop.with_button(&incident, "Approve & publish");
    // Pressed on what was seen before it changed.
    let ids = seen.custom_ids();
    let pressed = shop.ben.click(&seen, "Approve & publish").await.unwrap();
    recorded(&pressed.answer().await.unwrap());
    shop.settled().await;
    for custom_id in ids {
        let again = shop.forge(&pressed, |payload| {
            payload["data"]["custom_id"] = json!(custom_id)
        });
        let text = refused(&again.answer().await.unwrap());
        assert!(text.contains("already"), "{custom_id}: {text}");
    }
    shop.settled().await;
    assert_eq!(shop.published().len(), 1);
    assert_eq!(shop.kinds(&incident).await.len(), 4);
    shop.close().await;
}

#[tokio::test]
async fn discard_again_says_that_it_was_discarded() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let draft = shop.with_button(&incident, "Discard");
    let pressed = shop.ben.click(&draft, "Discard").await.unwrap();
    recorded(&pressed.answer().await.unwrap());
    shop.settled().await;
    for custom_id in draft.custom_ids() {
        let again = shop.forge(&pressed, |payload| {
            payload["data"]["custom_id"] = json!(custom_id)
        });
        let text = refused(&again.answer().await.unwrap());
        assert!(text.contains("discarded already"), "{custom_id}: {text}");
    }
    shop.settled().await;
    assert!(shop.published().is_empty());
    assert_eq!(
        shop.kinds(&incident).await,
        ["declared", "update_drafted", "update_discarded"]
    );
    shop.close().await;
}

#[tokio::test]
async fn acknowledge_again_says_who_was_first() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let page = json!({ "who": shop.ben.id().get().to_string() });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident page", page)
            .await,
    );
    let page = shop.with_button(&incident, "Acknowledge");
    let pressed = shop.ben.click(&page, "Acknowledge").await.unwrap();
    recorded(&pressed.answer().await.unwrap());
    shop.settled().await;
    let again = shop.forge(&pressed, |_| ());
    let text = refused(&again.answer().await.unwrap());
    assert!(
        text.contains(&shop.ben.mention()) && text.contains("already"),
        "{text}"
    );
    shop.settled().await;
    assert_eq!(
        shop.kinds(&incident).await,
        ["declared", "paged", "page_acknowledged"]
    );
    shop.close().await;
}

#[tokio::test]
async fn what_was_begun_before_the_resolution_says_that_it_is_over() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let card = shop.card(&incident);
    let question = shop.click(&shop.ana, &card, "Update status").await;
    let form = shop.click(&shop.ana, &card, "Escalate").await;
    let summary = json!({ "summary": "Rolled back" });
    let resolved = shop
        .ana
        .slash(incident.channel, "incident resolve", summary)
        .await
        .unwrap();
    recorded(&resolved.answer().await.unwrap());
    shop.settled().await;
    let pressed = shop.ana.click(&question, "Monitoring").await.unwrap();
    refused(
        &shop
            .submit(&shop.ana, &form, &[("Reason", "It spreads")])
            .await,
    );
    assert!(refused(&pressed.answer().await.unwrap()).contains("Resolved"));
    for what in ["take", "resolve"] {
        let ids = card.custom_ids();
        let custom_id = ids
            .iter()
            .find(|id| id.contains(&format!(":{what}:")))
            .unwrap();
        let late = shop.forge(&pressed, |payload| {
            payload["data"]["custom_id"] = json!(custom_id)
        });
        let text = refused(&late.answer().await.unwrap());
        assert!(text.contains("Resolved"), "{what}: {text}");
    }
    shop.settled().await;
    assert_eq!(shop.kinds(&incident).await, ["declared", "resolved"]);
    shop.close().await;
}

#[tokio::test]
async fn older_and_newer_turn_the_same_page_there_and_back() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    for n in 2..=45 {
        let note = json!({ "text": format!("note number {n}.") });
        let asked = shop
            .ana
            .slash(incident.channel, "incident note", note)
            .await
            .unwrap();
        asked.answer().await.unwrap();
    }
    let asked = shop
        .ana
        .slash(incident.channel, "incident timeline", json!({}))
        .await
        .unwrap();
    let mut page = asked.answer().await.unwrap();
    for (press, newest, oldest) in [
        ("", 45, 26),
        ("Older", 25, 6),
        ("Older", 5, 2),
        ("Newer", 25, 6),
        ("Older", 5, 2),
        ("Newer", 25, 6),
        ("Newer", 45, 26),
    ] {
        if !press.is_empty() {
            shop.ana.click(&page, press).await.unwrap();
        }
        let shows =
            |page: &warbell::sandbox::Answer, n: u32| page.text().contains(&format!("number {n}."));
        page = asked
            .until(|page| shows(page, newest) && shows(page, oldest))
            .await
            .unwrap();
        assert!(page.ephemeral());
        assert!(
            !shows(&page, newest + 1) && !shows(&page, oldest - 1),
            "{}",
            page.text()
        );
    }
    shop.close().await;
}
