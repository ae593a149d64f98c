//! What people delete comes back, or stays gone.

use serde_json::json;

use super::shop::{GUILD, ON_CALL, Shop};
use super::world::Fault;
use crate::discord::events::Told;
use crate::domain::verbs::{note, resolve};
use crate::store::views::Name;

async fn noted(shop: &Shop, key: crate::domain::ids::IncidentKey, text: &str) {
    let ask = note::Note {
        text: text.to_owned(),
        at: None,
    };
    shop.change(key, |incident, act| note::decide(incident, act, ask))
        .await;
    shop.settled().await;
}

#[tokio::test]
async fn a_deleted_card_comes_back_pinned() {
    for told in [true, false] {
        let shop = Shop::known().await;
        let key = shop.declare(&[]).await;
        shop.settled().await;
        let (channel, _) = shop.world.channel("inc-1-");
        let (card, _) = shop.world.messages("inc-1-").remove(0);
        shop.world.delete_message(channel, card);
        if told {
            shop.courier.message_deleted(GUILD, channel, card);
            shop.settled().await;
        } else {
            noted(&shop, key, "who took the card?").await;
        }
        shop.assert_whole(key).await;
        assert_ne!(shop.world.messages("inc-1-").remove(0).0, card);
    }
}

#[tokio::test]
async fn a_deleted_channel_of_an_open_incident_is_made_again_once() {
    for told in [true, false] {
        let shop = Shop::known().await;
        let key = shop.declare(&[ON_CALL]).await;
        shop.settled().await;
        for deleted in 1..=2 {
            let (channel, _) = shop.world.channel("inc-1-");
            shop.world.delete_channel(channel);
            if told {
                shop.courier.channel_deleted(GUILD, channel);
                shop.settled().await;
            } else {
                noted(&shop, key, "where is everybody?").await;
            }
            let replaced = shop.kinds(key).await;
            let replaced = replaced
                .iter()
                .filter(|kind| **kind == "channel_replaced")
                .count();
            assert_eq!(replaced, 1);
            if deleted == 1 {
                let said = shop.world.messages("inc-1-");
                assert_eq!(said.len(), 2, "{said:?}");
                assert!(said.iter().any(|(_, m)| m.pinned));
                assert!(shop.view(key, Name::Page, 11).await.gone);
                let (channel, _) = shop.world.channel("inc-1-");
                let entry = shop.world.messages("incidents").remove(0).1;
                assert!(
                    entry.content().contains(&format!("<#{channel}>")),
                    "{entry:?}"
                );
            }
        }
        assert!(shop.world.channels("inc-1-").is_empty());
        assert!(shop.view(key, Name::Channel, 0).await.gone);
        assert_eq!(shop.courier.figures().depth(), 0);
    }
}

#[tokio::test]
async fn a_deleted_channel_of_a_resolved_incident_stays_gone() {
    let shop = Shop::known().await;
    let key = shop.declare(&[]).await;
    let ask = resolve::Resolve {
        summary: "Mended".to_owned(),
        trigger: None,
    };
    shop.change(key, |incident, act| resolve::decide(incident, act, ask))
        .await;
    shop.settled().await;
    let (channel, _) = shop.world.channel("inc-1-");
    shop.world.delete_channel(channel);
    shop.courier.channel_deleted(GUILD, channel);
    shop.settled().await;
    assert!(shop.world.channels("inc-1-").is_empty());
    assert!(shop.view(key, Name::Channel, 0).await.gone);
    // The next change is shown where there is a place for it.
    noted(&shop, key, "for the review").await;
    assert_eq!(shop.courier.figures().depth(), 0);
}

#[tokio::test]
async fn a_deleted_digest_comes_back_with_what_is_open() {
    let shop = Shop::known().await;
    let done = shop.declare(&[]).await;
    let open = shop.declare(&[]).await;
    let ask = resolve::Resolve {
        summary: "Mended".to_owned(),
        trigger: None,
    };
    shop.change(done, |incident, act| resolve::decide(incident, act, ask))
        .await;
    shop.settled().await;
    let (channel, _) = shop.world.channel("incidents");
    shop.world.delete_channel(channel);
    shop.courier.channel_deleted(GUILD, channel);
    shop.settled().await;
    let entries = shop.world.messages("incidents");
    assert_eq!(entries.len(), 1);
    assert!(entries[0].1.content().contains("INC-2"));
    noted(&shop, done, "for the review").await;
    assert_eq!(shop.world.messages("incidents").len(), 2);
    assert!(shop.view(open, Name::Digest, 0).await.target.is_some());
}

#[tokio::test]
async fn an_old_card_that_cannot_be_edited_is_replaced() {
    let shop = Shop::known().await;
    let key = shop.declare(&[]).await;
    shop.settled().await;
    let (old, _) = shop.world.messages("inc-1-").remove(0);
    let body = json!({"code": 30_046, "retry_after": 60.0});
    shop.world
        .always("edit message", Fault::RefusedWith(429, body));
    noted(&shop, key, "an hour in").await;
    shop.wait(5 * 60).await;
    assert_eq!(shop.world.messages("inc-1-").remove(0).0, old);
    assert!(shop.courier.figures().limited() >= 4);
    shop.wait(7 * 60).await;
    let cards = shop.world.messages("inc-1-");
    assert_eq!(cards.len(), 1, "{cards:?}");
    assert_ne!(cards[0].0, old);
    assert!(cards[0].1.body.to_string().contains("an hour in"));
    shop.assert_whole(key).await;
}
