//! `Acknowledge` under a page.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn only_the_paged_acknowledge_and_the_first_answer_stands() {
    let shop = Shop::open().await;
    let role = shop.server.add_role("on-call", true);
    let (carl, dora) = (
        shop.server.add_member("carl"),
        shop.server.add_member("dora"),
    );
    carl.give_role(role);
    dora.give_role(role);
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let options = json!({ "who": role.get().to_string() });
    recorded(
        &shop
            .slash(&shop.ana, incident.channel, "incident page", options)
            .await,
    );
    let page = shop.with_button(&incident, "Acknowledge");

    refused(&shop.click(&shop.ben, &page, "Acknowledge").await);
    // Both press before the message is brought up to date.
    let (first, second) = tokio::join!(
        carl.click(&page, "Acknowledge"),
        dora.click(&page, "Acknowledge")
    );
    let (first, second) = (first.unwrap(), second.unwrap());
    let answers = [
        first.answer().await.unwrap(),
        second.answer().await.unwrap(),
    ];
    shop.settled().await;
    assert_eq!(
        answers.iter().filter(|answer| answer.ephemeral()).count(),
        1,
        "one is told who was first"
    );
    let kinds = shop.kinds(&incident).await;
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "page_acknowledged")
            .count(),
        1
    );
    let page = shop.look().message(page.id()).unwrap();
    assert!(page.buttons().is_empty(), "{:?}", page.buttons());
    shop.close().await;
}
