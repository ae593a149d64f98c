//! What is typed, menus, 📌, and what is completed.

use std::time::Duration;

use serde_json::json;

use crate::stage::Stage;
use warbell::domain::ids::MessageId;
use warbell::store::timeline;

#[tokio::test]
async fn verbs_answer_publicly_in_the_channel_and_privately_elsewhere() {
    let stage = Stage::set("verbs").await;
    let (key, channel) = stage.incident().await;
    let general = stage.server.general().0;

    let (text, private) = stage
        .say(
            &stage.ben,
            channel,
            "incident escalate",
            json!({"reason": "every order fails"}),
        )
        .await;
    assert!(
        text.contains("Critical") && text.contains("INC-1 #2") && !private,
        "{text}"
    );
    let (text, private) = stage
        .say(
            &stage.ben,
            general,
            "incident note",
            json!({"text": "db is slow", "at": "10 min ago", "incident": "inc-1"}),
        )
        .await;
    assert!(
        text.contains("INC-1 #3") && text.contains("<t:") && private,
        "{text}"
    );
    let (text, private) = stage
        .say(
            &stage.ana,
            channel,
            "incident update",
            json!({"status": "identified"}),
        )
        .await;
    assert!(text.contains("Identified") && !private, "{text}");
    let (text, private) = stage
        .say(
            &stage.ana,
            channel,
            "incident page",
            json!({"who": "ben", "reason": "help"}),
        )
        .await;
    assert!(text.contains(&stage.ben.mention()) && !private, "{text}");
    let (text, _) = stage
        .say(
            &stage.ana,
            channel,
            "incident assign",
            json!({"role": "scribe", "user": "ben"}),
        )
        .await;
    assert!(text.contains("INC-1 #6"), "{text}");
    for (command, options) in [
        ("incident show", json!({})),
        ("incident timeline", json!({"incident": "1"})),
        ("incident list", json!({"status": "all"})),
        ("incident help", json!({})),
        ("me zone", json!({"zone": "Europe/Berlin"})),
    ] {
        let (text, private) = stage.say(&stage.ana, channel, command, options).await;
        assert!(private && !text.is_empty(), "{command}: {text}");
    }
    let (text, private) = stage
        .say(&stage.ana, channel, "status draft", json!({}))
        .await;
    assert!(text.contains("INC-1 #7") && !private, "{text}");
    let (text, private) = stage
        .say(&stage.ana, channel, "review generate", json!({}))
        .await;
    assert!(text.contains("INC-1 #8") && !private, "{text}");
    let (text, private) = stage
        .say(
            &stage.ana,
            channel,
            "incident resolve",
            json!({"summary": "rolled back"}),
        )
        .await;
    assert!(text.contains("rolled back") && !private, "{text}");
    let (text, private) = stage
        .say(
            &stage.ana,
            channel,
            "incident resolve",
            json!({"summary": "again"}),
        )
        .await;
    assert!(text.contains("already") && private, "{text}");
    let (text, private) = stage
        .say(
            &stage.ana,
            general,
            "incident show",
            json!({"incident": "77"}),
        )
        .await;
    assert!(
        text.contains("I know no incident INC-77") && private,
        "{text}"
    );
    let (text, private) = stage
        .say(&stage.ana, general, "incident show", json!({}))
        .await;
    assert!(text.contains("Which incident?") && private, "{text}");
    assert_eq!(stage.read(key).await.length, 9);
    assert!(
        stage.sandbox.look().pings().is_empty(),
        "no answer pings anybody"
    );
}

#[tokio::test]
async fn messages_are_filed_by_the_pin_and_by_the_menu() {
    let stage = Stage::set("capture").await;
    let (key, channel) = stage.incident().await;
    let elsewhere = stage.ben.say(stage.server.general(), "not here").unwrap();
    let answer = stage
        .ana
        .menu(elsewhere, "Add to timeline")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.ephemeral() && answer.text().contains("works in an incident's channel"),
        "{}",
        answer.text()
    );
    stage.ana.react(elsewhere, "📌").unwrap();

    let said = stage.ben.say(channel, "disk is full").unwrap();
    stage.ana.react(said, "📌").unwrap();
    for _ in 0..100 {
        if stage.read(key).await.length == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut conn = stage.front.house.db.read().await.unwrap();
    let events = timeline::all(&mut conn, key).await.unwrap();
    drop(conn);
    assert!(
        format!("{:?}", events[1]).contains("disk is full"),
        "{:?}",
        events[1]
    );
    assert_eq!(events[1].occurred_at, MessageId(said.0).time());

    let answer = stage
        .ana
        .menu(said, "Add to timeline")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("INC-1 #2") && answer.ephemeral(),
        "{}",
        answer.text()
    );
    let other = stage
        .ben
        .say_with_file(channel, "see graph", "graph.png", b"png")
        .unwrap();
    let answer = stage
        .ana
        .menu(other, "Add to timeline")
        .await
        .unwrap()
        .answer()
        .await
        .unwrap();
    assert!(
        answer.text().contains("INC-1 #3") && answer.ephemeral(),
        "{}",
        answer.text()
    );
    assert_eq!(stage.read(key).await.length, 3);
}

#[tokio::test]
async fn incidents_and_zones_are_completed() {
    let stage = Stage::set("complete").await;
    let (_, channel) = stage.incident().await;
    let found = stage
        .ana
        .autocomplete(channel, "incident show", "incident", "check")
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert!(
        found[0].0.contains("Checkout down") && found[0].1 == "INC-1",
        "{found:?}"
    );
    let found = stage
        .ana
        .autocomplete(channel, "me zone", "zone", "berl")
        .await
        .unwrap();
    assert_eq!(found[0].1, "Europe/Berlin");
}

#[tokio::test]
async fn managers_set_the_server_up() {
    let stage = Stage::set("setup").await;
    let general = stage.server.general().0;
    stage.ana.make_manager();
    let role = stage.server.add_role("oncall", false);
    let options = json!({"severity": "critical", "add": role.0.to_string()});
    let (text, private) = stage.say(&stage.ana, general, "setup pages", options).await;
    assert!(private && text.contains("cannot be pinged"), "{text}");
    let (text, _) = stage
        .say(
            &stage.ana,
            general,
            "setup zone",
            json!({"zone": "Asia/Tokyo"}),
        )
        .await;
    assert!(text.contains("Asia/Tokyo"), "{text}");
    let (text, _) = stage
        .say(
            &stage.ana,
            general,
            "setup roles",
            json!({"responders": role.0.to_string()}),
        )
        .await;
    assert!(text.contains(&format!("<@&{}>", role.0)), "{text}");
    let (text, _) = stage
        .say(
            &stage.ana,
            general,
            "setup roles",
            json!({"clear": "responders"}),
        )
        .await;
    assert!(text.contains("anybody in the channel"), "{text}");
    let options = json!({"incidents": general.to_string()});
    let (text, _) = stage
        .say(&stage.ana, general, "setup channels", options)
        .await;
    assert!(text.contains(&format!("<#{general}>")), "{text}");
}

#[tokio::test]
async fn a_refused_command_gives_a_long_text_back() {
    let stage = Stage::set("back").await;
    let long = "the queue of orders grows by a thousand a minute and nobody knows why";
    let options = json!({"text": long, "incident": "INC-9"});
    let (text, private) = stage
        .say(
            &stage.ana,
            stage.server.general().0,
            "incident note",
            options,
        )
        .await;
    assert!(
        text.contains("I know no incident INC-9") && text.contains(long) && private,
        "{text}"
    );
}

#[tokio::test]
async fn everybody_at_once_cannot_be_called() {
    let stage = Stage::set("everybody").await;
    let (key, channel) = stage.incident().await;
    let everyone = json!({"who": stage.server.id().0.to_string()});
    let (text, private) = stage
        .say(&stage.ana, channel, "incident page", everyone)
        .await;
    assert!(
        text.contains("Everybody at once cannot be called") && private,
        "{text}"
    );
    assert_eq!(stage.read(key).await.length, 1);
}

#[tokio::test]
async fn timelines_turn_in_place() {
    let stage = Stage::set("timeline").await;
    let (_, channel) = stage.incident().await;
    for n in 2..=45 {
        stage
            .say(
                &stage.ana,
                channel,
                "incident note",
                json!({"text": format!("note number {n}.")}),
            )
            .await;
    }
    let asked = stage
        .ana
        .slash(channel, "incident timeline", json!({}))
        .await
        .unwrap();
    let page = asked.answer().await.unwrap();
    assert!(
        page.text().contains("number 45.")
            && page.text().contains("number 26.")
            && !page.text().contains("number 25."),
        "{}",
        page.text()
    );
    stage.ana.click(&page, "Older").await.unwrap();
    let page = asked
        .until(|page| page.text().contains("number 25."))
        .await
        .unwrap();
    assert!(
        page.ephemeral() && !page.text().contains("number 26."),
        "{}",
        page.text()
    );
    stage.ana.click(&page, "Older").await.unwrap();
    let page = asked
        .until(|page| page.text().contains("number 5."))
        .await
        .unwrap();
    assert!(!page.text().contains("number 6."), "{}", page.text());
    stage.ana.click(&page, "Newer").await.unwrap();
    let page = asked
        .until(|page| page.text().contains("number 25."))
        .await
        .unwrap();
    stage.ana.click(&page, "Newer").await.unwrap();
    asked
        .until(|page| page.text().contains("number 45."))
        .await
        .unwrap();
}
