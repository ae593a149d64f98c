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

#[tokio::test]
async fn what_is_set_twice_stands_once_and_can_be_taken_back() {
    let shop = Shop::open().await;
    shop.ana.make_manager();
    let general = shop.server.general();
    let role = shop.server.add_role("on-call", true);
    let mention = role.mention();
    let id = role.get().to_string();
    let add = json!({ "severity": "critical", "add": id });
    for _ in 0..2 {
        let text = shop
            .slash(&shop.ana, general, "setup pages", add.clone())
            .await
            .text();
        assert_eq!(text.matches(&mention).count(), 1, "{text}");
    }
    let remove = json!({ "severity": "critical", "remove": id });
    let text = shop
        .slash(&shop.ana, general, "setup pages", remove)
        .await
        .text();
    assert!(!text.contains(&mention), "{text}");
    let set = json!({ "responders": id });
    let text = shop
        .slash(&shop.ana, general, "setup roles", set)
        .await
        .text();
    assert!(text.contains(&mention), "{text}");
    let clear = json!({ "clear": "responders" });
    let text = shop
        .slash(&shop.ana, general, "setup roles", clear)
        .await
        .text();
    assert!(text.contains("anybody in the channel"), "{text}");
    let shown = shop
        .slash(&shop.ana, general, "setup show", json!({}))
        .await;
    assert!(
        shown.ephemeral() && shown.text() == text,
        "{}",
        shown.text()
    );
    shop.close().await;
}

#[tokio::test]
async fn the_servers_zone_holds_for_those_who_set_none() {
    let shop = Shop::open().await;
    shop.ana.make_manager();
    let incident = shop.declare(&shop.ana, "Checkout down", "major").await;
    refused(
        &shop
            .slash(
                &shop.ana,
                incident.channel,
                "setup zone",
                json!({ "zone": "Atlantis" }),
            )
            .await,
    );
    let zone = json!({ "zone": "Asia/Tokyo" });
    let answer = shop
        .slash(&shop.ana, incident.channel, "setup zone", zone)
        .await;
    assert!(answer.text().contains("Asia/Tokyo"), "{}", answer.text());
    shop.slash(
        &shop.ana,
        incident.channel,
        "me zone",
        json!({ "zone": "Asia/Kolkata" }),
    )
    .await;
    // Noon UTC is 21:00 in Tokyo and 17:30 in Kolkata.
    for (who, at) in [(&shop.ben, "20:50"), (&shop.ana, "17:20")] {
        let note = json!({ "text": "Deploy", "at": at });
        recorded(
            &shop
                .slash(who, incident.channel, "incident note", note)
                .await,
        );
    }
    let (_, events) = shop.stored(&incident).await;
    let notes = events
        .iter()
        .filter(|event| event.fact.kind() == "note_added");
    let times: Vec<String> = notes
        .map(|e| e.occurred_at.format("%H:%M").to_string())
        .collect();
    assert_eq!(times, ["11:50", "11:50"]);
    shop.close().await;
}
