//! `/setup`.

use serde_json::json;

use crate::harness::{Shop, recorded, refused};

#[tokio::test]
async fn only_server_managers_change_settings() {
    let shop = Shop::open().await;
    let general = shop.server.general();
    let role = shop.server.add_role("responders", false);
    let options = json!({ "responders": role.get().to_string() });
    // Discord itself hides the command from others; a forged call is refused too.
    if let Ok(asked) = shop
        .ben
        .slash(general, "setup roles", options.clone())
        .await
    {
        refused(&asked.answer().await.unwrap());
    }
    shop.ana.make_manager();
    let answer = shop.slash(&shop.ana, general, "setup roles", options).await;
    assert!(
        answer.ephemeral() && answer.text().contains(&role.mention()),
        "{}",
        answer.text()
    );
    shop.close().await;
}

#[tokio::test]
async fn a_responder_role_narrows_every_verb_but_declare_list_and_help() {
    let shop = Shop::open().await;
    shop.ana.make_manager();
    let general = shop.server.general();
    let role = shop.server.add_role("responders", false);
    let options = json!({ "responders": role.get().to_string() });
    shop.slash(&shop.ana, general, "setup roles", options).await;
    let incident = shop.declare(&shop.ben, "Checkout down", "minor").await;
    let note = json!({ "text": "x" });
    let answer = shop
        .slash(&shop.ben, incident.channel, "incident note", note.clone())
        .await;
    assert!(refused(&answer).contains(&role.mention()));
    shop.ben.give_role(role);
    recorded(
        &shop
            .slash(&shop.ben, incident.channel, "incident note", note)
            .await,
    );
    shop.close().await;
}

#[tokio::test]
async fn named_channels_are_used_in_place_of_the_bots_own() {
    let shop = Shop::open().await;
    shop.ana.make_manager();
    let war_room = shop.server.add_channel("war-room");
    let public = shop.server.add_channel("status");
    let options = json!({
        "incidents": war_room.get().to_string(),
        "status_updates": public.get().to_string(),
    });
    shop.slash(&shop.ana, shop.server.general(), "setup channels", options)
        .await;
    shop.declare(&shop.ana, "Checkout down", "major").await;
    let look = shop.look();
    assert!(
        look.channel(war_room)
            .unwrap()
            .message_with("INC-1")
            .is_some()
    );
    assert!(look.channel_named("incidents").is_none());
    assert!(look.channel_named("status-updates").is_none());
    shop.close().await;
}
