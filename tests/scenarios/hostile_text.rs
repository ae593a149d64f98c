//! What people type never pings, never breaks a card and is never taken for code.

use serde_json::json;

use crate::harness::{Shop, recorded};

const HOSTILE: &[&str] = &[
    "@everyone @here <@1> <@&2>",
    "```` ``` `x` **b** ~~s~~ ||spoiler||",
    "</script><script>alert(1)</script>",
    "'; DROP TABLE incident; --",
    "{{ 7*7 }} {% raw %} ${x}",
    "\u{202e}evil\u{2066} \u{200b}\u{0007}\u{1b}[31m",
    "🔥🔥🔥👩‍🚒",
    "# heading\n> quote\n- list",
    "[click](https://evil.example) https://evil.example/a_b",
];

#[tokio::test]
async fn hostile_text_in_every_field_pings_nobody_and_loses_nothing() {
    let shop = Shop::open().await;
    for text in HOSTILE {
        let options = json!({
            "title": text, "severity": "major", "service": text, "summary": text,
        });
        let answer = shop
            .slash(
                &shop.ana,
                shop.server.general(),
                "incident declare",
                options,
            )
            .await;
        assert!(answer.text().contains("INC-"), "{text}: {}", answer.text());
    }
    let incident = shop.declare(&shop.ana, "Checkout down", "minor").await;
    for text in HOSTILE {
        let here = incident.channel;
        recorded(
            &shop
                .slash(&shop.ana, here, "incident note", json!({ "text": text }))
                .await,
        );
        let update = json!({ "status": "identified", "note": text });
        recorded(&shop.slash(&shop.ana, here, "incident update", update).await);
        let draft = json!({ "text": text });
        recorded(&shop.slash(&shop.ana, here, "status draft", draft).await);
        shop.slash(&shop.ana, here, "incident timeline", json!({}))
            .await;
        shop.slash(
            &shop.ana,
            here,
            "incident show",
            json!({ "incident": text }),
        )
        .await;
    }
    let drafts: Vec<_> = shop
        .channel(&incident)
        .messages()
        .into_iter()
        .filter(|m| m.buttons().iter().any(|b| b == "Approve & publish"))
        .collect();
    assert_eq!(drafts.len(), HOSTILE.len());
    for draft in &drafts {
        recorded(&shop.click(&shop.ben, draft, "Approve & publish").await);
    }
    assert_eq!(shop.published().len(), HOSTILE.len());
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "review generate", json!({}))
            .await,
    );
    assert_eq!(shop.pinged(), 0, "{:?}", shop.look().pings());
    let look = shop.look();
    for request in look.requests() {
        assert!(
            request.status < 400,
            "{} {}: {}",
            request.kind,
            request.status,
            request.answer
        );
        let silent = ["add reaction", "pin message"].contains(&request.kind)
            || request.method == "GET"
            || request.kind == "create channel"
            || request.kind == "put commands";
        let body = if request.body.get("data").is_some() {
            &request.body["data"]
        } else {
            &request.body
        };
        let form = body.get("title").is_some() || body.get("choices").is_some();
        assert!(
            silent || form || body.get("allowed_mentions").is_some(),
            "{} goes without allowed_mentions: {}",
            request.kind,
            request.body
        );
    }
    for message in look.messages() {
        let text = message.text();
        assert!(
            !text.contains(['\u{202e}', '\u{2066}', '\u{7}', '\u{1b}']),
            "{text:?}"
        );
    }
    shop.close().await;
}

#[tokio::test]
async fn a_card_deleted_by_hand_comes_back_and_is_pinned() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "minor").await;
    let card = shop.card(&incident);
    shop.server.delete_message(card.id());
    shop.sandbox
        .until(|look| {
            look.channel(incident.channel)
                .is_some_and(|c| !c.pins().is_empty())
        })
        .await
        .unwrap();
    shop.settled().await;
    assert!(shop.card(&incident).is_pinned());
    shop.close().await;
}
