//! `Take command` on the incident card.

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn of_two_people_at_once_the_first_has_command_and_the_second_is_told_who() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let card = shop.card(&incident);
    let (one, two) = tokio::join!(
        shop.ana.click(&card, "Take command"),
        shop.ben.click(&card, "Take command")
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    let answers = [one.answer().await.unwrap(), two.answer().await.unwrap()];
    shop.settled().await;
    let (told, holds): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.ephemeral());
    assert_eq!((told.len(), holds.len()), (1, 1));
    recorded(holds[0]);
    let (incident, _) = shop.stored(&incident).await;
    let commander = incident.roles.values().next().unwrap().user;
    assert!(refused(told[0]).contains(&format!("<@{commander}>")));
    shop.close().await;
}

#[tokio::test]
async fn whoever_takes_command_stands_on_the_card_and_in_the_list_and_is_not_pinged() {
    let shop = Shop::open().await;
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    let text = recorded(
        &shop
            .click(&shop.ben, &shop.card(&incident), "Take command")
            .await,
    );
    assert!(text.contains(&shop.ben.mention()), "{text}");
    assert!(shop.card(&incident).text().contains(&shop.ben.mention()));
    let digest = shop.look().channel_named("incidents").unwrap();
    assert!(digest.messages()[0].text().contains(&shop.ben.mention()));
    assert_eq!(shop.pinged(), 0);
    shop.close().await;
}
