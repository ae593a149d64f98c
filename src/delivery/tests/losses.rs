//! Lost answers, late effects and kills: one of everything, whatever happens.

use std::time::Duration;

use super::shop::{ON_CALL, Shop};
use super::world::Fault;
use crate::domain::actor::Actor;
use crate::domain::decision::Act;
use crate::domain::ids::{ChannelId, IncidentKey, UserId};
use crate::domain::status_update::UpdateState;
use crate::domain::timeline::Lapse;
use crate::domain::verbs::{approve, draft, note};
use crate::store::views::Name;

/// Each call of a declare on a fresh server, as route and which of that route.
const CALLS: [(&str, usize); 8] = [
    ("create channel", 0),
    ("create channel", 1),
    ("create channel", 2),
    ("create channel", 3),
    ("create message", 0),
    ("create message", 1),
    ("edit answer", 0),
    ("pin message", 0),
];

#[tokio::test]
async fn an_answer_lost_on_any_call_makes_no_double() {
    for (route, nth) in CALLS {
        for fault in [Fault::LostBefore, Fault::LostAfter] {
            let shop = Shop::open().await;
            shop.world.fault(route, nth, fault.clone());
            let key = shop.declare(&[]).await;
            shop.wait(30).await;
            println!("{route} {nth} {fault:?}: {:?}", shop.world.log());
            shop.assert_whole(key).await;
        }
    }
}

#[tokio::test]
async fn a_kill_at_any_call_makes_no_double() {
    for (route, nth) in CALLS {
        for fault in [Fault::HangBefore, Fault::HangAfter] {
            let mut shop = Shop::open().await;
            shop.world.fault(route, nth, fault.clone());
            let key = shop.declare(&[]).await;
            shop.world.hung().await;
            shop.kill();
            shop.clock.advance(Duration::from_secs(2));
            shop.start();
            shop.wait(30).await;
            println!("{route} {nth} {fault:?}: {:?}", shop.world.log());
            shop.assert_whole(key).await;
        }
    }
}

#[tokio::test]
async fn the_gateway_tells_of_a_channel_sooner_than_a_list() {
    let shop = Shop::known().await;
    shop.world.fault("create channel", 0, Fault::LostAfter);
    let key = shop.declare(&[]).await;
    shop.settled().await;
    assert!(shop.view(key, Name::Channel, 0).await.target.is_none());
    shop.tell_channels();
    shop.settled().await;
    assert_eq!(shop.world.count("list channels"), 0);
    shop.assert_whole(key).await;
}

#[tokio::test]
async fn a_channel_that_comes_late_is_taken_away_again() {
    let shop = Shop::known().await;
    shop.world.fault("create channel", 0, Fault::Late);
    let key = shop.declare(&[]).await;
    shop.wait(15).await;
    let (stays, _) = shop.world.channel("inc-1-");
    shop.world.late();
    assert_eq!(shop.world.channels("inc-1-").len(), 2);
    shop.tell_channels();
    shop.settled().await;
    assert_eq!(shop.world.channel("inc-1-").0, stays);
    shop.assert_whole(key).await;
}

#[tokio::test]
async fn a_late_channel_that_people_use_stays() {
    let shop = Shop::known().await;
    shop.world.fault("create channel", 0, Fault::Late);
    shop.declare(&[]).await;
    shop.wait(15).await;
    let (stays, _) = shop.world.channel("inc-1-");
    shop.world.late();
    let late: Vec<ChannelId> = shop
        .world
        .channels("inc-1-")
        .iter()
        .map(|(id, _)| *id)
        .collect();
    shop.world.write(
        *late.iter().find(|id| **id != stays).unwrap(),
        1,
        "is this the place?",
    );
    shop.tell_channels();
    shop.settled().await;
    assert_eq!(shop.world.channels("inc-1-").len(), 2);
    assert_eq!(shop.world.count("delete channel"), 0);
}

#[tokio::test]
async fn a_message_lost_for_longer_than_nonces_hold_is_looked_for() {
    for fault in [Fault::HangBefore, Fault::HangAfter] {
        for nth in [0, 1] {
            let mut shop = Shop::known().await;
            shop.world.fault("create message", nth, fault.clone());
            let key = shop.declare(&[]).await;
            shop.world.hung().await;
            // The other calls come to an end that is written down.
            tokio::time::sleep(Duration::from_millis(100)).await;
            shop.kill();
            shop.clock.advance(Duration::from_secs(600));
            shop.start();
            shop.wait(10).await;
            assert_eq!(shop.world.count("list messages"), 1);
            shop.assert_whole(key).await;
        }
    }
}

#[tokio::test]
async fn a_page_is_said_once_whatever_is_lost() {
    for fault in [Fault::LostBefore, Fault::LostAfter] {
        let shop = Shop::known().await;
        // Card and entry go first or beside it; the page is the one of the three with a ping.
        shop.world.always("create message", fault.clone());
        let key = shop.declare(&[ON_CALL]).await;
        shop.wait(20).await;
        shop.world.heal();
        shop.wait(200).await;
        let pages: Vec<_> = shop
            .world
            .messages("inc-1-")
            .into_iter()
            .filter(|(_, message)| message.content().contains("page 1"))
            .collect();
        assert_eq!(pages.len(), 1, "{pages:?}");
        let (first, edits) = pages[0].1.pings.split_first().unwrap();
        assert_eq!(first["roles"][0], "7");
        assert!(edits.iter().all(|edit| edit["roles"][0].is_null()));
        shop.assert_whole(key).await;
    }
}

#[tokio::test]
async fn an_edit_of_unknown_outcome_is_sent_once_more() {
    let shop = Shop::known().await;
    let key = shop.declare(&[]).await;
    shop.settled().await;
    shop.world.fault("edit message", 0, Fault::Late);
    let ask = note::Note {
        text: "older".to_owned(),
        at: None,
    };
    shop.change(key, |incident, act| note::decide(incident, act, ask))
        .await;
    shop.settled().await;
    let ask = note::Note {
        text: "newer".to_owned(),
        at: None,
    };
    shop.change(key, |incident, act| note::decide(incident, act, ask))
        .await;
    shop.wait(5).await;
    shop.world.late();
    let card = |shop: &Shop| shop.world.messages("inc-1-").remove(0).1.body.to_string();
    assert!(
        !card(&shop).contains("newer"),
        "the old edit overtook the new one"
    );
    shop.wait(15).await;
    assert!(card(&shop).contains("newer"));
    let edits = shop.world.count("edit message");
    shop.wait(60).await;
    assert_eq!(shop.world.count("edit message"), edits);
}

/// An update that is approved and waits to go out.
async fn approved(shop: &Shop) -> IncidentKey {
    let key = shop.declare(&[]).await;
    shop.settled().await;
    let ask = draft::Draft {
        phase: None,
        text: Some("We are on it.".to_owned()),
    };
    let drafted = shop
        .change(key, |incident, act| draft::decide(incident, act, ask))
        .await;
    shop.settled().await;
    let text = drafted.incident.update(1).unwrap().fingerprint();
    shop.change(key, |incident, act| {
        let act = Act {
            actor: Actor::Member(UserId(2)),
            ..act.clone()
        };
        approve::decide(incident, &act, 1, &text)
    })
    .await;
    key
}

async fn state(shop: &Shop, key: IncidentKey) -> UpdateState {
    shop.incident(key).await.update(1).unwrap().state.clone()
}

#[tokio::test]
async fn an_approved_text_is_published_once() {
    for fault in [None, Some(Fault::LostBefore), Some(Fault::LostAfter)] {
        let shop = Shop::known().await;
        if let Some(fault) = fault {
            // Card, entry, draft, and then the text.
            shop.world.fault("create message", 3, fault);
        }
        let key = approved(&shop).await;
        shop.wait(20).await;
        let published = shop.world.messages("status-updates");
        assert_eq!(published.len(), 1);
        assert!(published[0].1.content().contains("We are on it."));
        let UpdateState::Published { message, .. } = state(&shop, key).await else {
            panic!()
        };
        assert_eq!(message, published[0].0);
    }
}

#[tokio::test]
async fn a_text_of_unknown_outcome_is_looked_for_and_never_told_twice() {
    for (fault, readable) in [
        (Fault::HangAfter, true),
        (Fault::HangBefore, true),
        (Fault::HangAfter, false),
    ] {
        let mut shop = Shop::known().await;
        shop.world.fault("create message", 3, fault.clone());
        let key = approved(&shop).await;
        shop.world.hung().await;
        shop.kill();
        shop.clock.advance(Duration::from_secs(300));
        if !readable {
            shop.world
                .always("list messages", Fault::Refused(403, 50_001));
        }
        shop.start();
        shop.wait(10).await;
        assert_eq!(
            shop.world.messages("status-updates").len(),
            1,
            "{fault:?} {readable}"
        );
        match (readable, state(&shop, key).await) {
            (true, UpdateState::Published { .. }) => {}
            (
                false,
                UpdateState::Draft {
                    returned: Some(Lapse::Unknown),
                },
            ) => {
                let told = shop.world.messages("inc-1-");
                assert!(
                    told.iter()
                        .any(|(_, m)| m.content().contains("<@2> Update 1 was not"))
                );
            }
            other => panic!("{other:?}"),
        }
    }
}
