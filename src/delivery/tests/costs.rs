//! How many calls, in which order, and what stops what.

use serde_json::json;

use super::shop::{GUILD, ON_CALL, Shop};
use super::world::Fault;
use crate::domain::verbs::{note, page};
use crate::store::Lane;
use crate::store::views::{self, Name};

#[tokio::test]
async fn a_declare_costs_five_calls_at_depth_three() {
    let shop = Shop::known().await;
    shop.world.close_gate();
    let key = shop.declare(&[]).await;
    assert_eq!(shop.world.round().await, ["create channel"]);
    assert_eq!(
        shop.world.round().await,
        ["create message", "create message", "edit answer"]
    );
    assert_eq!(shop.world.round().await, ["pin message"]);
    shop.settled().await;
    assert_eq!(shop.world.log().len(), 5);
    shop.assert_whole(key).await;
}

#[tokio::test]
async fn a_declare_on_a_fresh_server_costs_eight() {
    let shop = Shop::open().await;
    shop.world.close_gate();
    let key = shop.declare(&[]).await;
    assert_eq!(shop.world.round().await, ["create channel"; 3]);
    assert_eq!(shop.world.round().await, ["create channel"]);
    assert_eq!(
        shop.world.round().await,
        ["create message", "create message", "edit answer"]
    );
    assert_eq!(shop.world.round().await, ["pin message"]);
    shop.settled().await;
    assert_eq!(shop.world.log().len(), 8);
    shop.assert_whole(key).await;
    let (category, _) = shop.world.channel("Incidents");
    assert_eq!(shop.world.channel("inc-1-").1.parent, Some(category.0));
}

#[tokio::test]
async fn the_final_answer_waits_for_the_first_one() {
    let shop = Shop::known().await;
    shop.declare_unanswered(&[]).await;
    shop.settled().await;
    assert_eq!(shop.world.count("edit answer"), 0);
    shop.wait(5).await;
    assert_eq!(shop.world.count("edit answer"), 1);
}

#[tokio::test]
async fn an_answer_that_nobody_waits_for_is_quietly_over() {
    let shop = Shop::known().await;
    shop.world
        .fault("edit answer", 0, Fault::Refused(404, 10_015));
    let key = shop.declare(&[]).await;
    shop.settled().await;
    assert_eq!(shop.world.count("edit answer"), 1);
    assert!(shop.token(key).await.is_none());
    assert_eq!(shop.courier.figures().depth(), 0);
}

#[tokio::test]
async fn ten_changes_cost_one_edit() {
    let shop = Shop::known().await;
    let key = shop.declare(&[]).await;
    shop.settled().await;
    shop.world.close_gate();
    let write = |text: String| {
        let ask = note::Note { text, at: None };
        shop.change(key, |incident, act| note::decide(incident, act, ask))
    };
    write("first".to_owned()).await;
    // The first edit is under way while nine more changes come.
    shop.world.waiting().await;
    for n in 0..9 {
        write(format!("note {n}")).await;
    }
    assert_eq!(shop.world.round().await, ["edit message"]);
    assert_eq!(shop.world.round().await, ["edit message"]);
    shop.settled().await;
    assert_eq!(shop.world.count("edit message"), 2);
    let (_, card) = shop.world.messages("inc-1-").remove(0);
    assert!(card.body.to_string().contains("note 8"), "{}", card.body);
}

#[tokio::test]
async fn what_is_said_in_a_channel_keeps_its_order() {
    let shop = Shop::known().await;
    let key = shop.declare(&[ON_CALL]).await;
    shop.settled().await;
    // The first of three is refused for a while; the others wait for it.
    shop.world
        .fault("create message", 0, Fault::Refused(503, 0));
    for reason in ["one", "two", "three"] {
        let ask = page::PageSomebody {
            who: ON_CALL,
            reason: Some(reason.to_owned()),
        };
        shop.change(key, |incident, act| page::decide(incident, act, ask))
            .await;
    }
    shop.wait(10).await;
    let said: Vec<String> = shop
        .world
        .messages("inc-1-")
        .iter()
        .map(|(_, m)| m.content().to_owned())
        .collect();
    let place = |word: &str| said.iter().position(|text| text.contains(word)).unwrap();
    assert!(
        place("one") < place("two") && place("two") < place("three"),
        "{said:#?}"
    );
    assert_eq!(
        said.iter()
            .filter(|text| text.contains("Reason: one"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_parked_row_stops_nothing_else() {
    let shop = Shop::known().await;
    let (incidents, _) = shop.world.channel("incidents");
    shop.world
        .fault("create channel", 0, Fault::Refused(403, 50_013));
    let first = shop.declare(&[]).await;
    shop.settled().await;
    assert!(
        shop.view(first, Name::Channel, 0)
            .await
            .parked
            .unwrap()
            .contains("Manage Channels")
    );
    let second = shop.declare(&[]).await;
    shop.settled().await;
    assert_eq!(shop.world.channels("inc-2-").len(), 1);
    // The entry of the first stands without its channel.
    let entries = shop.world.messages("incidents");
    assert_eq!(entries.len(), 2);
    assert_eq!(shop.courier.figures().parked(), 1);
    assert_eq!(incidents, shop.world.channel("incidents").0);

    let mut tx = shop.db.write(Lane::Actor).await.unwrap();
    assert_eq!(views::unpark(&mut tx, GUILD).await.unwrap(), 1);
    tx.commit().await.unwrap();
    shop.settled().await;
    assert_eq!(shop.world.channels("inc-1-").len(), 1);
    assert_eq!(shop.courier.figures().parked(), 0);
    assert_eq!(shop.incident(second).await.id.number, 2);
}

#[tokio::test]
async fn a_full_category_is_followed_by_the_next() {
    let shop = Shop::known().await;
    let full = json!({"code": 50_035, "errors": {"parent_id": {"_errors": [
        {"code": "CHANNEL_PARENT_MAX_CHANNELS", "message": "full"}]}}});
    shop.world
        .fault("create channel", 0, Fault::RefusedWith(400, full));
    shop.declare(&[]).await;
    shop.settled().await;
    let (next, _) = shop.world.channel("Incidents 2");
    assert_eq!(shop.world.channel("inc-1-").1.parent, Some(next.0));
    // The next incident knows.
    shop.world.forget_log();
    shop.declare(&[]).await;
    shop.settled().await;
    assert_eq!(shop.world.log().len(), 5);
}

#[tokio::test]
async fn a_refused_token_stops_delivery_until_it_is_taken() {
    let shop = Shop::known().await;
    shop.world.always("create channel", Fault::Refused(401, 0));
    shop.declare(&[]).await;
    shop.declare(&[]).await;
    shop.settled().await;
    assert!(!*shop.courier.token_taken().borrow());
    let tried = shop.world.log().len();
    shop.wait(20).await;
    assert_eq!(shop.world.log().len(), tried);
    shop.world.heal();
    shop.wait(60).await;
    assert!(*shop.courier.token_taken().borrow());
    assert_eq!(shop.world.channels("inc-").len(), 2);
}

#[tokio::test]
async fn a_channel_of_that_name_is_used_only_if_nobody_else_wrote_in_it() {
    let shop = Shop::open().await;
    let theirs = shop.world.add_channel(0, "incidents");
    shop.world.write(theirs, 1, "hello");
    let ours = shop.world.add_channel(0, "status-updates");
    shop.world.write(ours, super::world::ME, "an earlier life");
    shop.tell_channels();
    shop.declare(&[]).await;
    shop.settled().await;
    assert_eq!(shop.world.channels("incidents").len(), 2);
    assert_eq!(shop.world.channel("status-updates").0, ours);
    let channels = shop.world.channels("incidents");
    let entries: Vec<usize> = channels.iter().map(|(_, c)| c.messages.len()).collect();
    assert_eq!(entries, [1, 1], "{channels:?}");
    assert_eq!(shop.world.count("create channel"), 3);
}

#[tokio::test]
async fn a_stopped_courier_writes_down_what_was_under_way() {
    let mut shop = Shop::known().await;
    shop.world.close_gate();
    let key = shop.declare(&[]).await;
    shop.world.waiting().await;
    let world = shop.world.clone();
    let (_, round) = tokio::join!(shop.stop(), world.round());
    assert_eq!(round, ["create channel"]);
    assert!(shop.view(key, Name::Channel, 0).await.target.is_some());
}

#[tokio::test]
async fn one_server_in_haste_leaves_room_for_others() {
    let shop = Shop::known().await;
    shop.world.close_gate();
    for _ in 0..8 {
        shop.declare(&[]).await;
    }
    assert_eq!(shop.world.round().await, ["create channel"; 5]);
}
