//! `/incident escalate`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn escalating_raises_the_severity_one_up_and_card_and_digest_say_so() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "reason": "All regions" });
    let answer = shop
        .slash(&shop.ben, incident.channel, "incident escalate", options)
        .await;
    let text = recorded(&answer);
    assert!(text.contains("Major") && text.contains("Critical") && text.contains("All regions"));
    assert!(shop.card(&incident).text().contains("Critical"));
    let digest = shop.look().channel_named("incidents").unwrap();
    assert!(digest.message_with("Critical").is_some());
    assert_eq!(shop.kinds(&incident).await, ["declared", "escalated"]);
    shop.close().await;
}

#[tokio::test]
async fn escalating_a_critical_incident_again_is_refused() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "critical").await;
    let answer = shop
        .slash(
            &shop.ana,
            incident.channel,
            "incident escalate",
            json!({ "reason": "More" }),
        )
        .await;
    assert!(refused(&answer).contains("/incident page"));
    let answer = shop
        .slash(
            &shop.ana,
            incident.channel,
            "incident escalate",
            json!({ "to": "minor", "reason": "x" }),
        )
        .await;
    refused(&answer);
    assert_eq!(shop.kinds(&incident).await, ["declared"]);
    shop.close().await;
}

#[tokio::test]
async fn escalating_from_elsewhere_answers_quietly_and_echoes_one_line_in_the_channel() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "minor").await;
    let options = json!({ "incident": "1", "reason": "It spreads" });
    let answer = shop
        .slash(
            &shop.ben,
            shop.server.general(),
            "incident escalate",
            options,
        )
        .await;
    assert!(answer.ephemeral());
    assert!(answer.text().contains("INC-1 #2"), "{}", answer.text());
    let echoes: Vec<String> = shop
        .channel(&incident)
        .messages()
        .iter()
        .map(|message| message.text())
        .filter(|text| text.contains("INC-1 #2"))
        .collect();
    assert_eq!(echoes.len(), 1, "{echoes:?}");
    shop.close().await;
}

#[tokio::test]
async fn the_escalate_button_asks_for_a_reason() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "minor").await;
    let form = shop
        .click(&shop.ana, &shop.card(&incident), "Escalate")
        .await;
    assert_eq!(form.fields(), ["Reason"]);
    recorded(
        &shop
            .submit(&shop.ana, &form, &[("Reason", "It spreads")])
            .await,
    );
    assert!(shop.card(&incident).text().contains("Major"));
    shop.close().await;
}

#[tokio::test]
async fn two_people_who_fill_the_form_at_once_raise_it_by_one_step() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "minor").await;
    let card = shop.card(&incident);
    let ana = shop.click(&shop.ana, &card, "Escalate").await;
    let ben = shop.click(&shop.ben, &card, "Escalate").await;
    recorded(
        &shop
            .submit(&shop.ana, &ana, &[("Reason", "It spreads")])
            .await,
    );
    let second = shop
        .submit(&shop.ben, &ben, &[("Reason", "It spreads")])
        .await;
    assert!(refused(&second).contains("Major"));
    assert!(shop.card(&incident).text().contains("Major"));
    shop.close().await;
}
