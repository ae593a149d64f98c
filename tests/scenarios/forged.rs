//! What no honest client of Discord's sends: a `custom_id` says what is asked for, never whether
//! the person may.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn forged_buttons_get_one_sentence_and_change_nothing() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    let real = shop
        .ana
        .click(&shop.card(&incident), "Add note")
        .await
        .unwrap();
    real.answer().await.unwrap();
    for (custom_id, expected) in [
        ("wb1:take:999", "Which incident?"),
        ("wb1:resolve:999", "Which incident?"),
        ("wb1:take:-1", "Which incident?"),
        ("wb1:take:99999999999999999999", "older version"),
        ("wb1:take", "older version"),
        ("wb1:take:1:1", "older version"),
        ("wb0:old", "older version"),
        ("", "older version"),
        ("'; DROP TABLE incident; --", "older version"),
        ("wb1:handoff:1", "older version"),
        ("wb1:ack:1:99", "no page 99"),
        ("wb1:status:1:resolved", ""),
        ("wb1:edit:1:9", "no update 9"),
        ("wb1:discard:1:9", "no update 9"),
        ("wb1:approve:1:9:0123456789abcdef", "no update 9"),
        ("wb1:approve:1:1:0123456789abcdef", "changed"),
        ("wb1:severity:7:critical", "made already"),
    ] {
        let forged = shop.forge(&real, |payload| {
            payload["data"]["custom_id"] = json!(custom_id);
            payload["member"]["user"]["id"] = json!(shop.ben.id().get().to_string());
        });
        let text = refused(&forged.answer().await.unwrap());
        assert!(text.contains(expected), "{custom_id}: {text}");
    }
    shop.settled().await;
    assert_eq!(shop.kinds(&incident).await, ["declared", "update_drafted"]);
    assert!(shop.published().is_empty());
    shop.close().await;
}

#[tokio::test]
async fn forged_forms_get_one_sentence_and_their_text_back() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let form = shop
        .click(&shop.ana, &shop.card(&incident), "Add note")
        .await;
    let asked = shop
        .ana
        .submit(&form, [("Text", "CPU at 100 %")])
        .await
        .unwrap();
    recorded(&asked.answer().await.unwrap());
    for custom_id in [
        "wb1:form-note:999",
        "wb1:form-resolve:999",
        "wb1:form-draft:1:5",
    ] {
        let forged = shop.forge(&asked, |payload| {
            payload["data"]["custom_id"] = json!(custom_id)
        });
        let text = refused(&forged.answer().await.unwrap());
        assert!(text.contains("CPU at 100 %"), "{custom_id}: {text}");
    }
    for custom_id in [
        "wb1:form-cancel:1",
        "wb1:form-note",
        "form",
        "wb1:form-escalate:1:worst:-",
    ] {
        let forged = shop.forge(&asked, |payload| {
            payload["data"]["custom_id"] = json!(custom_id)
        });
        let text = refused(&forged.answer().await.unwrap());
        assert!(text.contains("older version"), "{custom_id}: {text}");
    }
    shop.settled().await;
    assert_eq!(shop.kinds(&incident).await, ["declared", "note_added"]);
    shop.close().await;
}

#[tokio::test]
async fn an_approval_forged_by_a_bystander_publishes_nothing() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "status draft", json!({}))
            .await,
    );
    recorded(
        &shop
            .click(&shop.ana, &shop.card(&incident), "Take command")
            .await,
    );
    let draft = shop.with_button(&incident, "Approve & publish");
    let approve = draft
        .custom_ids()
        .into_iter()
        .find(|id| id.contains(":approve:"))
        .unwrap();
    let real = shop
        .ben
        .click(&shop.card(&incident), "Add note")
        .await
        .unwrap();
    real.answer().await.unwrap();
    let forged = shop.forge(&real, |payload| {
        payload["data"]["custom_id"] = json!(approve)
    });
    refused(&forged.answer().await.unwrap());
    shop.settled().await;
    assert!(shop.published().is_empty());
    shop.close().await;
}

#[tokio::test]
async fn a_command_or_press_of_another_server_does_not_reach_this_ones_incident() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let other = shop.sandbox.add_server("Other Shop");
    let eve = other.add_member("eve");
    let theirs = json!({ "title": "Search slow", "severity": "minor" });
    let asked = eve
        .slash(other.general(), "incident declare", theirs)
        .await
        .unwrap();
    asked
        .until(|answer| answer.text().contains("<#"))
        .await
        .unwrap();
    shop.settled().await;
    let channels = shop.look().channels_like("inc-1-");
    let channel = channels
        .iter()
        .find(|c| c.server_id == other.id().get())
        .unwrap();
    let card = channel.pins()[0].clone();
    let real = eve.click(&card, "Add note").await.unwrap();
    real.answer().await.unwrap();
    let take = shop
        .card(&incident)
        .custom_ids()
        .into_iter()
        .find(|id| id.contains(":take:"))
        .unwrap();
    let forged = shop.forge(&real, |payload| payload["data"]["custom_id"] = json!(take));
    refused(&forged.answer().await.unwrap());
    shop.settled().await;
    assert_eq!(shop.kinds(&incident).await, ["declared"]);
    shop.close().await;
}

#[tokio::test]
async fn in_a_direct_message_every_command_says_that_incidents_live_in_a_server() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let card = shop.card(&incident);
    let note = json!({ "text": "x", "incident": "1" });
    let declare = json!({ "title": "Search slow", "severity": "minor" });
    let asked = [
        shop.ana
            .slash(incident.channel, "incident declare", declare)
            .await
            .unwrap(),
        shop.ana
            .slash(incident.channel, "incident note", note)
            .await
            .unwrap(),
        shop.ana
            .slash(incident.channel, "incident list", json!({}))
            .await
            .unwrap(),
        shop.ana
            .slash(incident.channel, "me zone", json!({ "zone": "UTC" }))
            .await
            .unwrap(),
        shop.ana.click(&card, "Take command").await.unwrap(),
    ];
    for asked in &asked {
        asked.answer().await.unwrap();
    }
    shop.settled().await;
    let before = shop.kinds(&incident).await;
    for asked in &asked {
        // As Discord sends it from a direct message: a user, no member and no server.
        let direct = shop.forge(asked, |payload| {
            payload["user"] = payload["member"]["user"].clone();
            payload["context"] = json!(1);
            let fields = payload.as_object_mut().unwrap();
            for of_servers in ["guild_id", "guild", "guild_locale", "member"] {
                fields.remove(of_servers);
            }
        });
        let text = refused(&direct.answer().await.unwrap());
        assert!(text.contains("direct message"), "{text}");
    }
    shop.settled().await;
    assert_eq!(shop.kinds(&incident).await, before);
    assert!(shop.look().channels_like("inc-3").is_empty());
    shop.close().await;
}
