//! `/incident declare`.

use serde_json::json;

use crate::harness::{Shop, find_id, refused};

#[tokio::test]
async fn a_declare_opens_channel_card_and_digest_entry_within_nine_requests_and_the_next_within_six()
 {
    let shop = Shop::open().await;
    for (most, title) in [(9, "Checkout down"), (6, "Search slow")] {
        let before = shop.look().requests().len();
        let incident = shop.declare(&shop.ana, title, "major").await;
        let look = shop.look();
        let requests: Vec<&str> = look.requests()[before..]
            .iter()
            .map(|request| request.kind)
            .collect();
        assert!(requests.len() <= most, "{requests:?}");
        assert_eq!(
            requests
                .iter()
                .filter(|kind| **kind == "create channel")
                .count(),
            most - 5
        );

        let channel = shop.channel(&incident);
        assert_eq!(channel.category().unwrap().name, "Incidents");
        let card = shop.card(&incident);
        assert!(card.is_pinned());
        assert!(
            card.text().contains(title) && card.text().contains("Major"),
            "{}",
            card.text()
        );
        let digest = look.channel_named("incidents").unwrap();
        let entries = digest.messages();
        assert_eq!(
            entries
                .iter()
                .filter(|m| m.text().contains(&incident.id))
                .count(),
            1
        );
    }
    let digest = shop.look().channel_named("incidents").unwrap();
    assert_eq!(
        digest.messages().len(),
        2,
        "one entry per incident, nothing else"
    );
    assert!(shop.published().is_empty());
    shop.close().await;
}

#[tokio::test]
async fn the_answer_names_the_id_at_once_and_the_channel_once_it_stands() {
    let shop = Shop::open().await;
    let options = json!({ "title": "Checkout down", "severity": "critical" });
    let asked = shop
        .ana
        .slash(shop.server.general(), "incident declare", options)
        .await
        .unwrap();
    let first = asked.answer().await.unwrap();
    assert_eq!(find_id(&first.text()).as_deref(), Some("INC-1"));
    assert!(!first.ephemeral());
    let last = asked
        .until(|answer| answer.text().contains("<#"))
        .await
        .unwrap();
    let channel = shop.look().channels_like("inc-1-")[0].id();
    assert!(
        last.text().contains(&format!("<#{channel}>")),
        "{}",
        last.text()
    );
    shop.close().await;
}

#[tokio::test]
async fn the_same_interaction_twice_declares_once() {
    let shop = Shop::open().await;
    let options = json!({ "title": "Checkout down", "severity": "major" });
    let asked = shop
        .ana
        .slash(shop.server.general(), "incident declare", options)
        .await
        .unwrap();
    asked.answer().await.unwrap();
    asked.replay();
    shop.settled().await;
    assert_eq!(shop.look().channels_like("inc-").len(), 1);
    shop.close().await;
}

#[tokio::test]
async fn without_a_title_a_form_opens_that_keeps_what_was_typed() {
    let shop = Shop::open().await;
    let general = shop.server.general();
    let form = shop
        .slash(
            &shop.ana,
            general,
            "incident declare",
            json!({ "service": "cart" }),
        )
        .await;
    assert_eq!(
        form.fields(),
        ["Title", "Severity", "Kind", "Service", "Summary"]
    );
    assert!(form.inputs().iter().any(|input| input["value"] == "cart"));
    let fields = [
        ("Title", "Cart empties itself"),
        ("Severity", "sev1"),
        ("Summary", "Since noon"),
    ];
    let answer = shop.submit(&shop.ana, &form, &fields).await;
    assert_eq!(find_id(&answer.text()).as_deref(), Some("INC-1"));
    let card = shop.look().channels_like("inc-1-")[0].pins()[0].text();
    assert!(card.contains("Critical") && card.contains("cart"), "{card}");
    shop.close().await;
}

#[tokio::test]
async fn a_severity_that_cannot_be_read_is_asked_for_and_nothing_typed_is_lost() {
    let shop = Shop::open().await;
    let general = shop.server.general();
    let form = shop
        .slash(&shop.ana, general, "incident declare", json!({}))
        .await;
    let fields = [
        ("Title", "Cart empties itself"),
        ("Severity", "horrible"),
        ("Summary", "Since noon"),
    ];
    let question = shop.submit(&shop.ana, &form, &fields).await;
    assert!(question.ephemeral());
    assert_eq!(question.buttons().len(), 3, "{:?}", question.buttons());
    let answer = shop
        .ana
        .click(&question, "Critical")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert_eq!(
        find_id(&answer.text()).as_deref(),
        Some("INC-1"),
        "{}",
        answer.text()
    );
    // A second press of the button declares nothing.
    let again = shop.ana.click(&question, "Major").await;
    if let Ok(again) = again {
        again.answer().await.unwrap();
    }
    shop.settled().await;
    assert_eq!(shop.look().channels_like("inc-").len(), 1);
    let card = shop.look().channels_like("inc-1-")[0].pins()[0].text();
    assert!(
        card.contains("Critical") && card.contains("Cart empties itself"),
        "{card}"
    );
    shop.close().await;
}

#[tokio::test]
async fn look_alikes_are_named_and_never_asked_about() {
    let shop = Shop::open().await;
    let first = shop
        .declare(&shop.ana, "Checkout errors at payment", "major")
        .await;
    let options = json!({ "title": "Payment errors in checkout", "severity": "minor" });
    let answer = shop
        .slash(
            &shop.ben,
            shop.server.general(),
            "incident declare",
            options,
        )
        .await;
    assert!(
        answer.text().contains("INC-2") && answer.text().contains(&first.id),
        "{}",
        answer.text()
    );
    shop.close().await;
}

#[tokio::test]
async fn a_started_at_is_read_in_the_persons_zone_and_shown_as_a_time_tag() {
    let shop = Shop::open().await;
    let options =
        json!({ "title": "Checkout down", "severity": "major", "started_at": "10 min ago" });
    let answer = shop
        .slash(
            &shop.ana,
            shop.server.general(),
            "incident declare",
            options,
        )
        .await;
    assert!(answer.text().contains("<t:"), "{}", answer.text());
    shop.close().await;
}

#[tokio::test]
async fn bad_titles_times_and_private_ones_are_refused_and_take_no_number() {
    let shop = Shop::open().await;
    let general = shop.server.general();
    for options in [
        json!({ "title": "x".repeat(300), "severity": "major" }),
        json!({ "title": "\u{202e}\u{200b}", "severity": "major" }),
        json!({ "title": "Checkout down", "severity": "major", "started_at": "next year" }),
        json!({ "title": "Break-in", "severity": "major", "kind": "security" }),
        json!({ "title": "Break-in", "severity": "major", "private": true }),
    ] {
        refused(
            &shop
                .slash(&shop.ana, general, "incident declare", options)
                .await,
        );
    }
    assert!(shop.look().channels_like("inc-").is_empty());
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    assert_eq!(incident.id, "INC-1");
    shop.close().await;
}

#[tokio::test]
async fn look_alikes_are_open_ones_of_this_server_at_most_three_the_most_alike_first() {
    let shop = Shop::open().await;
    let general = shop.server.general();
    let over = shop
        .declare(&shop.ana, "Payment errors in checkout", "major")
        .await;
    let options = json!({ "summary": "Rolled back" });
    shop.slash(&shop.ana, over.channel, "incident resolve", options)
        .await;
    let other = shop.sandbox.add_server("Other Shop");
    let eve = other.add_member("eve");
    let theirs = json!({ "title": "Payment errors in checkout", "severity": "major" });
    let asked = eve
        .slash(other.general(), "incident declare", theirs.clone())
        .await
        .unwrap();
    asked.answer().await.unwrap();
    shop.settled().await;
    let unlike = json!({ "title": "Warehouse printer offline", "severity": "minor" });
    shop.slash(&shop.ana, general, "incident declare", unlike)
        .await;
    for _ in 0..2 {
        // Typed again on purpose.
        let asked = shop
            .slash(&shop.ana, general, "incident declare", theirs.clone())
            .await;
        assert!(
            !asked.text().contains("INC-1 ") && !asked.text().contains("Warehouse"),
            "{}",
            asked.text()
        );
        shop.pass(3).await;
    }
    let answer = shop
        .slash(&shop.ben, general, "incident declare", theirs.clone())
        .await;
    assert_eq!(find_id(&answer.text()).as_deref(), Some("INC-5"));
    assert!(
        answer.text().contains("INC-3") && answer.text().contains("INC-4"),
        "{}",
        answer.text()
    );
    shop.pass(3).await;
    shop.slash(&shop.ben, general, "incident declare", theirs.clone())
        .await;
    shop.pass(3).await;
    let answer = shop
        .slash(&shop.ben, general, "incident declare", theirs)
        .await;
    assert_eq!(
        answer.text().matches("INC-").count(),
        5,
        "itself twice and three: {}",
        answer.text()
    );
    assert!(!answer.text().contains("INC-3"), "{}", answer.text());
    shop.close().await;
}
