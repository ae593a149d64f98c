//! `/incident show`.

use serde_json::json;

use crate::harness::{Shop, refused};

#[tokio::test]
async fn show_is_for_the_person_alone_and_finds_the_incident_however_it_is_named() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let general = shop.server.general();
    for named in ["INC-1", "inc-1", "1"] {
        let options = json!({ "incident": named });
        let answer = shop
            .slash(&shop.ben, general, "incident show", options)
            .await;
        assert!(answer.ephemeral());
        assert!(answer.text().contains("Checkout down"), "{}", answer.text());
    }
    let here = shop
        .slash(&shop.ben, incident.channel, "incident show", json!({}))
        .await;
    assert!(here.text().contains("Checkout down"));
    shop.close().await;
}

#[tokio::test]
async fn an_unknown_number_and_a_private_one_that_was_never_used_answer_alike() {
    let shop = Shop::open().await;
    let general = shop.server.general();
    refused(
        &shop
            .slash(&shop.ana, general, "incident show", json!({}))
            .await,
    );
    let mut answers = Vec::new();
    for named in ["PRV-1", "INC-9", "nonsense @everyone"] {
        let options = json!({ "incident": named });
        answers.push(refused(
            &shop
                .slash(&shop.ana, general, "incident show", options)
                .await,
        ));
    }
    assert_eq!(answers[0].replace("PRV-1", "INC-9"), answers[1]);
    assert_eq!(shop.pinged(), 0);
    shop.close().await;
}

#[tokio::test]
async fn incidents_are_completed_while_one_types() {
    let shop = Shop::open().await;
    shop.declare(&shop.ana, "Checkout down", "major").await;
    shop.declare(&shop.ana, "Search slow", "minor").await;
    let general = shop.server.general();
    let all = shop
        .ana
        .autocomplete(general, "incident show", "incident", "")
        .await
        .unwrap();
    assert_eq!(all.len(), 2);
    let found = shop
        .ana
        .autocomplete(general, "incident show", "incident", "sear")
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, json!("INC-2"));
    shop.close().await;
}

#[tokio::test]
async fn a_private_number_answers_every_command_byte_for_byte_as_one_never_used() {
    let shop = Shop::open().await;
    shop.declare(&shop.ana, "Checkout down", "major").await;
    let ben = shop.ben.id().get().to_string();
    let general = shop.server.general();
    for (command, options) in [
        ("incident show", json!({})),
        ("incident timeline", json!({})),
        ("incident note", json!({ "text": "x" })),
        ("incident update", json!({ "status": "identified" })),
        ("incident escalate", json!({ "reason": "x" })),
        ("incident resolve", json!({ "summary": "x" })),
        ("incident resolve", json!({})),
        ("incident page", json!({ "who": ben })),
        ("incident assign", json!({ "role": "scribe", "user": ben })),
        ("status draft", json!({})),
        ("review generate", json!({})),
    ] {
        let mut bodies = Vec::new();
        for id in ["PRV-1", "INC-9"] {
            let mut options = options.clone();
            options["incident"] = json!(id);
            refused(&shop.slash(&shop.ana, general, command, options).await);
            let look = shop.look();
            let sent = look
                .requests_to("interaction callback")
                .last()
                .unwrap()
                .body
                .to_string();
            assert!(sent.contains(id), "{command}: {sent}");
            bodies.push(sent.replace(id, "INC-1"));
        }
        assert_eq!(bodies[0], bodies[1], "{command}");
    }
    for typed in ["PRV", "PRV-1"] {
        let found = shop
            .ana
            .autocomplete(general, "incident show", "incident", typed)
            .await
            .unwrap();
        assert!(found.is_empty(), "{found:?}");
    }
    shop.close().await;
}
