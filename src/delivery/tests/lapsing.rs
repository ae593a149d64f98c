//! What is not said any more, and how that is told.

use std::time::Duration;

use super::shop::{ON_CALL, Shop};
use super::world::Fault;
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::effect::Say;
use crate::domain::incident::Incident;
use crate::domain::status_update::UpdateState;
use crate::domain::timeline::Lapse;
use crate::domain::verbs::{acknowledge, draft, note, resolve};
use crate::store::views::Name;

/// A note from elsewhere: it is echoed in the channel.
fn from_elsewhere(text: &str) -> impl FnOnce(&Incident, &Act) -> Decided {
    let ask = note::Note {
        text: text.to_owned(),
        at: None,
    };
    move |incident, act| {
        let mut decision = note::decide(incident, act, ask)?;
        let seq = decision.events[0].seq;
        decision.say(Say::Echo { seq });
        decision.done()
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_sent_in_time_lapses_on_the_record() {
    let shop = Shop::known().await;
    shop.world.always("create channel", Fault::Refused(503, 0));
    let key = shop.declare(&[ON_CALL]).await;
    shop.settled().await;
    shop.clock.advance(Duration::from_secs(14 * 60));
    shop.settled().await;
    assert_eq!(shop.kinds(key).await, ["declared", "paged"]);
    shop.clock.advance(Duration::from_secs(61));
    shop.settled().await;
    assert_eq!(shop.kinds(key).await, ["declared", "paged", "page_lapsed"]);
    assert_eq!(shop.courier.figures().lapsed(), 1);
    shop.world.heal();
    shop.wait(90).await;
    let said = shop.world.messages("inc-1-");
    assert!(
        said.iter().all(|(_, m)| !m.content().contains("page 1")),
        "{said:?}"
    );
}

#[tokio::test]
async fn an_answered_page_is_not_said_and_needs_no_word() {
    let shop = Shop::known().await;
    shop.world.always("create channel", Fault::Refused(503, 0));
    let key = shop.declare(&[ON_CALL]).await;
    shop.settled().await;
    shop.change(key, |incident, act| acknowledge::decide(incident, act, 1))
        .await;
    shop.settled().await;
    assert_eq!(
        shop.kinds(key).await,
        ["declared", "paged", "page_acknowledged"]
    );
    assert_eq!(shop.courier.figures().lapsed(), 1);
}

#[tokio::test]
async fn a_page_shows_that_it_was_answered() {
    let shop = Shop::known().await;
    let key = shop.declare(&[ON_CALL]).await;
    shop.settled().await;
    let edits = shop.world.count("edit message");
    shop.change(key, |incident, act| acknowledge::decide(incident, act, 1))
        .await;
    shop.settled().await;
    // The page and the card.
    assert_eq!(shop.world.count("edit message"), edits + 2);
    let page = shop.world.messages("inc-1-").into_iter().map(|(_, m)| m);
    let page = page
        .filter(|m| m.content().contains("page 1"))
        .collect::<Vec<_>>();
    assert!(page[0].content().contains("Acknowledged by"), "{page:?}");
    assert!(shop.view(key, Name::Page, 11).await.target.is_some());
}

#[tokio::test]
async fn echoes_kept_back_become_one_line() {
    let shop = Shop::known().await;
    let key = shop.declare(&[]).await;
    shop.settled().await;
    shop.world.always("create message", Fault::LostBefore);
    for text in ["one", "two", "three"] {
        shop.change(key, from_elsewhere(text)).await;
        shop.settled().await;
    }
    for _ in 0..4 {
        shop.wait(5 * 60).await;
    }
    shop.world.heal();
    shop.wait(120).await;
    let said: Vec<String> = shop
        .world
        .messages("inc-1-")
        .iter()
        .map(|(_, m)| m.content().to_owned())
        .collect();
    let lines: Vec<&String> = said.iter().filter(|text| !text.is_empty()).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("#2 to #4 were not said"), "{lines:?}");
    let kinds = shop.kinds(key).await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "echoes_lapsed")
            .count(),
        1,
        "{kinds:?}"
    );
}

#[tokio::test]
async fn an_approved_text_returns_when_the_incident_moves_on() {
    let shop = Shop::known().await;
    let key = shop.declare(&[]).await;
    shop.settled().await;
    shop.world.always("create message", Fault::Refused(503, 0));
    let ask = draft::Draft {
        phase: None,
        text: Some("We are on it.".to_owned()),
    };
    shop.change(key, |incident, act| {
        let drafted = draft::decide(incident, act, ask)?;
        let text = drafted.incident.update(1).unwrap().fingerprint();
        let approved = crate::domain::verbs::approve::decide(&drafted.incident, act, 1, &text)?;
        let events = [drafted.events, approved.events].concat();
        Ok(Decision { events, ..approved })
    })
    .await;
    shop.settled().await;
    let ask = resolve::Resolve {
        summary: "Mended".to_owned(),
        trigger: None,
    };
    shop.change(key, |incident, act| resolve::decide(incident, act, ask))
        .await;
    shop.world.heal();
    shop.wait(60).await;
    assert!(shop.world.messages("status-updates").is_empty());
    let state = shop.incident(key).await.update(1).unwrap().state.clone();
    assert_eq!(
        state,
        UpdateState::Draft {
            returned: Some(Lapse::NoLongerTrue)
        }
    );
    let said = shop.world.messages("inc-1-");
    assert!(
        said.iter()
            .any(|(_, m)| m.content().contains("update 1 returned")),
        "{said:?}"
    );
}

#[tokio::test]
async fn a_text_that_automod_refuses_returns() {
    let shop = Shop::known().await;
    let key = shop.declare(&[]).await;
    shop.settled().await;
    shop.world
        .fault("create message", 0, Fault::Refused(400, 200_000));
    shop.change(key, from_elsewhere("a bad word")).await;
    shop.settled().await;
    assert_eq!(
        shop.kinds(key).await,
        ["declared", "note_added", "echoes_lapsed"]
    );
    assert_eq!(shop.world.count("create message"), 3);
}
