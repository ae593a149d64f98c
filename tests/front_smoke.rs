//! The whole way from what people do in Discord to what they are answered, on the sandbox. No
//! courier runs here: channels and cards are put up by hand.
#![cfg(feature = "sandbox")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use warbell::clock::Clock;
use warbell::discord::api::{Call, DiscordApi, Failure, Reply};
use warbell::discord::events::{Seen, Told};
use warbell::discord::front::Front;
use warbell::discord::message::Message;
use warbell::discord::rest::{Rest, Timeouts};
use warbell::discord::skew::ClockSkew;
use warbell::discord::{gateway, views};
use warbell::domain::ids::{ChannelId, GuildId, IncidentKey, InteractionId, MessageId};
use warbell::domain::incident::Incident;
use warbell::domain::visibility::Viewer;
use warbell::sandbox::people::Person;
use warbell::sandbox::{Fault, FaultKind, MessageLook, Sandbox, SandboxOptions, Server};
use warbell::store::{Db, Lane, Schema, incidents, timeline, views as rows};
use warbell::use_cases::House;

struct Nobody;

impl Told for Nobody {
    fn guild_seen(&self, _: GuildId, _: Vec<Seen>) {}
    fn channel_created(&self, _: GuildId, _: Seen) {}
    fn channel_updated(&self, _: GuildId, _: Seen) {}
    fn channel_deleted(&self, _: GuildId, _: ChannelId) {}
    fn message_deleted(&self, _: GuildId, _: ChannelId, _: MessageId) {}
    fn answer_confirmed(&self, _: InteractionId) {}
    fn session_began(&self) {}
}

/// Panics in the middle of an answer when told to, once.
struct Fragile {
    rest: Rest,
    panic: AtomicBool,
}

#[async_trait::async_trait]
impl DiscordApi for Fragile {
    async fn call(&self, call: Call) -> Result<Reply, Failure> {
        let answers = matches!(call, Call::Answer { .. });
        assert!(!(answers && self.panic.swap(false, Ordering::Relaxed)), "the answer broke");
        self.rest.call(call).await
    }
}

struct Stage {
    sandbox: Sandbox,
    server: Server,
    front: Front,
    api: Arc<Fragile>,
    ana: Person,
    ben: Person,
    stop: CancellationToken,
    session: Option<JoinHandle<Result<(), gateway::Ended>>>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
        self.sandbox.stop();
    }
}

impl Stage {
    async fn set(name: &str) -> Self {
        Self::set_with(name, SandboxOptions::default(), false).await
    }

    /// `force`: asks for the text of messages, whether the application has it or not.
    async fn set_with(name: &str, options: SandboxOptions, force: bool) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let server = sandbox.add_server("Prime Shop");
        let (ana, ben) = (server.add_member("ana"), server.add_member("ben"));
        let path = format!("{}/front-{name}.db", env!("CARGO_TARGET_TMPDIR"));
        for file in [path.clone(), format!("{path}-wal"), format!("{path}-shm")] {
            let _ = std::fs::remove_file(file);
        }
        let db = Db::open(&format!("sqlite://{path}"), Schema::Migrate).await.unwrap();
        let clock: Clock = sandbox.clock().clone();
        let skew = Arc::new(ClockSkew::new(clock.clone()));
        let token = SecretString::from(sandbox.token());
        let rest = Rest::new(&sandbox.url(), &token, Timeouts::default(), skew.clone()).unwrap();
        let standing = gateway::standing(&rest).await.unwrap();
        let api = Arc::new(Fragile { rest, panic: AtomicBool::new(false) });
        let house = House::new(db, clock);
        let front =
            Front::new(house, api.clone(), skew, Arc::new(Nobody), Arc::default(), standing);
        let (stop, base, running) = (CancellationToken::new(), sandbox.url(), front.clone());
        let (stopping, content) = (stop.clone(), standing.message_content);
        let session = tokio::spawn(async move {
            gateway::run(&running, &token, &base, content || force, &stopping).await
        });
        sandbox.connected().await.unwrap();
        sandbox
            .until(|look| look.command_names().contains(&"incident".to_owned()))
            .await
            .unwrap();
        front.connected.subscribe().wait_for(|connected| *connected).await.unwrap();
        Self { sandbox, server, front, api, ana, ben, stop, session: Some(session) }
    }

    /// An incident that Ana declared, with a channel and a card in it.
    async fn incident(&self) -> (IncidentKey, u64) {
        let asked = self
            .ana
            .slash(self.server.general(), "incident declare", json!({"title": "Checkout down", "severity": "major"}))
            .await
            .unwrap();
        let answer = asked.answer().await.unwrap();
        assert!(answer.text().contains("INC-1"), "{}", answer.text());
        let key = IncidentKey(1);
        let channel = self.server.add_channel("inc-1-checkout-down").0;
        let mut tx = self.front.house.db.write(Lane::Courier).await.unwrap();
        let view = rows::of_incident(tx.conn(), key, rows::Name::Channel, 0).await.unwrap().unwrap();
        rows::point_at(&mut tx, view.id, ChannelId(channel)).await.unwrap();
        tx.commit().await.unwrap();
        (key, channel)
    }

    async fn read(&self, key: IncidentKey) -> Incident {
        let mut conn = self.front.house.db.read().await.unwrap();
        incidents::by_key(&mut conn, &Viewer::Operator, key).await.unwrap().unwrap().incident
    }

    async fn put_up(&self, channel: u64, message: Message) -> MessageLook {
        let call =
            Call::CreateMessage { channel: ChannelId(channel), body: message.body(), files: vec![] };
        let id = self.front.api.call(call).await.unwrap().body["id"].as_str().unwrap().to_owned();
        self.sandbox.look().message(id.parse::<u64>().unwrap()).unwrap()
    }

    async fn card(&self, key: IncidentKey, channel: u64) -> MessageLook {
        let message = views::card::card(&self.read(key).await, &[]);
        self.put_up(channel, message).await
    }

    async fn say(&self, who: &Person, channel: u64, command: &str, options: Value) -> (String, bool) {
        let answer = who.slash(channel, command, options).await.unwrap().answer().await.unwrap();
        (answer.text(), answer.ephemeral())
    }
}

#[tokio::test]
async fn verbs_answer_publicly_in_the_channel_and_privately_elsewhere() {
    let stage = Stage::set("verbs").await;
    let (key, channel) = stage.incident().await;
    let general = stage.server.general().0;

    let (text, private) = stage.say(&stage.ben, channel, "incident escalate", json!({"reason": "every order fails"})).await;
    assert!(text.contains("Critical") && text.contains("INC-1 #2") && !private, "{text}");
    let (text, private) = stage
        .say(&stage.ben, general, "incident note", json!({"text": "db is slow", "at": "10 min ago", "incident": "inc-1"}))
        .await;
    assert!(text.contains("INC-1 #3") && text.contains("<t:") && private, "{text}");
    let (text, private) = stage.say(&stage.ana, channel, "incident update", json!({"status": "identified"})).await;
    assert!(text.contains("Identified") && !private, "{text}");
    let (text, private) = stage.say(&stage.ana, channel, "incident page", json!({"who": "ben", "reason": "help"})).await;
    assert!(text.contains(&stage.ben.mention()) && !private, "{text}");
    let (text, _) = stage.say(&stage.ana, channel, "incident assign", json!({"role": "scribe", "user": "ben"})).await;
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
    let (text, private) = stage.say(&stage.ana, channel, "status draft", json!({})).await;
    assert!(text.contains("INC-1 #7") && !private, "{text}");
    let (text, private) = stage.say(&stage.ana, channel, "review generate", json!({})).await;
    assert!(text.contains("INC-1 #8") && !private, "{text}");
    let (text, private) = stage
        .say(&stage.ana, channel, "incident resolve", json!({"summary": "rolled back"}))
        .await;
    assert!(text.contains("rolled back") && !private, "{text}");
    let (text, private) = stage.say(&stage.ana, channel, "incident resolve", json!({"summary": "again"})).await;
    assert!(text.contains("already") && private, "{text}");
    let (text, private) = stage.say(&stage.ana, general, "incident show", json!({"incident": "77"})).await;
    assert!(text.contains("I know no incident INC-77") && private, "{text}");
    let (text, private) = stage.say(&stage.ana, general, "incident show", json!({})).await;
    assert!(text.contains("Which incident?") && private, "{text}");
    assert_eq!(stage.read(key).await.length, 9);
    assert!(stage.sandbox.look().pings().is_empty(), "no answer pings anybody");
}

#[tokio::test]
async fn the_card_works_by_its_buttons() {
    let stage = Stage::set("card").await;
    let (key, channel) = stage.incident().await;
    let card = stage.card(key, channel).await;

    let answer = stage.ben.click(&card, "Take command").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("INC-1 #2") && !answer.ephemeral(), "{}", answer.text());
    let answer = stage.ana.click(&card, "Take command").await.unwrap().answer().await.unwrap();
    assert!(answer.ephemeral() && answer.text().contains(&stage.ben.mention()), "{}", answer.text());

    let form = stage.ana.click(&card, "Add note").await.unwrap().answer().await.unwrap();
    assert_eq!(form.fields(), ["Text", "At"]);
    let asked = stage.ana.submit(&form, [("Text", "queue grows"), ("At", "gestern")]).await.unwrap();
    let answer = asked.answer().await.unwrap();
    assert!(answer.ephemeral() && answer.text().contains("queue grows"), "{}", answer.text());
    let asked = stage.ana.submit(&form, [("Text", "queue grows")]).await.unwrap();
    assert!(asked.answer().await.unwrap().text().contains("INC-1 #3"));

    let question = stage.ana.click(&card, "Update status").await.unwrap().answer().await.unwrap();
    assert_eq!(question.buttons(), ["[Investigating]", "Identified", "Monitoring"]);
    assert!(question.ephemeral());
    let answer = stage.ana.click(&question, "Monitoring").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("Monitoring") && !answer.ephemeral(), "{}", answer.text());

    let form = stage.ana.click(&card, "Escalate").await.unwrap().answer().await.unwrap();
    assert_eq!(form.fields(), ["Reason"]);
    let asked = stage.ana.submit(&form, [("Reason", "it spreads")]).await.unwrap();
    assert!(asked.answer().await.unwrap().text().contains("it spreads"));

    let answer = stage.ana.click(&card, "Resolve").await.unwrap().answer().await.unwrap();
    assert!(answer.ephemeral() && answer.modal().is_none(), "ana holds no role: {}", answer.text());
    let form = stage.ben.click(&card, "Resolve").await.unwrap().answer().await.unwrap();
    assert_eq!(form.fields(), ["Summary", "Trigger"]);
    let asked = stage.ben.submit(&form, [("Summary", "rolled back")]).await.unwrap();
    assert!(!asked.answer().await.unwrap().ephemeral());
    assert!(!stage.read(key).await.status.is_open());
}

#[tokio::test]
async fn a_customer_text_is_edited_and_approved_by_buttons() {
    let stage = Stage::set("draft").await;
    let (key, channel) = stage.incident().await;
    stage.say(&stage.ana, channel, "status draft", json!({"text": "We look into it."})).await;
    let incident = stage.read(key).await;
    let first = stage.put_up(channel, views::draft::draft(&incident, &incident.updates[0])).await;

    let answer = stage.ana.click(&first, "Approve & publish").await.unwrap().answer().await.unwrap();
    assert!(answer.ephemeral(), "one's own text: {}", answer.text());
    let form = stage.ana.click(&first, "Edit").await.unwrap().answer().await.unwrap();
    assert_eq!(form.inputs()[0]["value"], "We look into it.");
    let asked = stage.ana.submit(&form, [("Text", "We know of errors at checkout.")]).await.unwrap();
    assert!(!asked.answer().await.unwrap().ephemeral());
    let answer = stage.ben.click(&first, "Approve & publish").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("changed") && answer.ephemeral(), "{}", answer.text());

    let incident = stage.read(key).await;
    let second = stage.put_up(channel, views::draft::draft(&incident, &incident.updates[0])).await;
    let answer = stage.ben.click(&second, "Approve & publish").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("INC-1 #4") && !answer.ephemeral(), "{}", answer.text());
    let answer = stage.ben.click(&second, "Discard").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("approved already"), "{}", answer.text());
}

#[tokio::test]
async fn a_page_is_acknowledged_by_the_paged_alone() {
    let stage = Stage::set("page").await;
    let (key, channel) = stage.incident().await;
    stage.say(&stage.ana, channel, "incident page", json!({"who": "ben"})).await;
    let incident = stage.read(key).await;
    let page = stage.put_up(channel, views::page::page(&incident, &incident.pages[0], 1)).await;
    let answer = stage.ana.click(&page, "Acknowledge").await.unwrap().answer().await.unwrap();
    assert!(answer.ephemeral() && answer.text().contains("This page is for"), "{}", answer.text());
    let answer = stage.ben.click(&page, "Acknowledge").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("INC-1 #3") && !answer.ephemeral(), "{}", answer.text());
    let answer = stage.ben.click(&page, "Acknowledge").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("already") && answer.ephemeral(), "{}", answer.text());
}

#[tokio::test]
async fn a_form_with_an_odd_severity_loses_nothing() {
    let stage = Stage::set("severity").await;
    let asked = stage.ana.slash(stage.server.general(), "incident declare", json!({"service": "checkout", "private": false})).await.unwrap();
    let form = asked.answer().await.unwrap();
    assert_eq!(form.fields(), ["Title", "Severity", "Kind", "Service", "Summary"]);
    let asked = stage.ana.submit(&form, [("Title", "Checkout down"), ("Severity", "horrible")]).await.unwrap();
    let question = asked.answer().await.unwrap();
    assert_eq!(question.buttons(), ["Critical", "Major", "Minor"]);
    assert!(question.ephemeral());
    let answer = stage.ana.click(&question, "Minor").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("INC-1") && !answer.ephemeral(), "{}", answer.text());
    let answer = stage.ana.click(&question, "Minor").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("made already") && answer.ephemeral(), "{}", answer.text());
    let incident = stage.read(IncidentKey(1)).await;
    assert_eq!((incident.severity.as_str(), incident.services.join("")), ("minor", "checkout".to_owned()));
}

#[tokio::test]
async fn messages_are_filed_by_the_pin_and_by_the_menu() {
    let stage = Stage::set("capture").await;
    let (key, channel) = stage.incident().await;
    let elsewhere = stage.ben.say(stage.server.general(), "not here").unwrap();
    let answer = stage.ana.menu(elsewhere, "Add to timeline").await.unwrap().answer().await.unwrap();
    assert!(answer.ephemeral() && answer.text().contains("works in an incident's channel"), "{}", answer.text());
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
    assert!(format!("{:?}", events[1]).contains("disk is full"), "{:?}", events[1]);
    assert_eq!(events[1].occurred_at, MessageId(said.0).time());

    let answer = stage.ana.menu(said, "Add to timeline").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("INC-1 #2") && answer.ephemeral(), "{}", answer.text());
    let other = stage.ben.say_with_file(channel, "see graph", "graph.png", b"png").unwrap();
    let answer = stage.ana.menu(other, "Add to timeline").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("INC-1 #3") && answer.ephemeral(), "{}", answer.text());
    assert_eq!(stage.read(key).await.length, 3);
}

#[tokio::test]
async fn what_comes_late_is_not_executed() {
    let stage = Stage::set("late").await;
    let (key, channel) = stage.incident().await;
    stage.sandbox.pause_gateway();
    let asked = stage.ana.slash(channel, "incident escalate", json!({})).await.unwrap();
    stage.sandbox.clock().advance(Duration::from_millis(2_700));
    stage.sandbox.resume_gateway();
    let (text, _) = stage.say(&stage.ana, channel, "incident note", json!({"text": "still here"})).await;
    assert!(text.contains("INC-1 #2"), "{text}");
    assert!(asked.is_unanswered());
    assert_eq!(stage.read(key).await.severity.as_str(), "major");
    assert_eq!(stage.front.metrics.too_late.get(), 1);
}

#[tokio::test]
async fn a_repeated_interaction_changes_nothing() {
    let stage = Stage::set("repeat").await;
    let (key, channel) = stage.incident().await;
    stage.sandbox.duplicate_events(true);
    let (text, _) = stage.say(&stage.ana, channel, "incident note", json!({"text": "once"})).await;
    assert!(text.contains("INC-1 #2"), "{text}");
    stage.sandbox.rest(Duration::from_millis(200)).await;
    assert_eq!(stage.read(key).await.length, 2);
}

#[tokio::test]
async fn an_interaction_that_cannot_be_read_is_answered_with_an_id() {
    let stage = Stage::set("unread").await;
    let (_, channel) = stage.incident().await;
    stage.sandbox.strip_next_event("INTERACTION_CREATE", "attachment_size_limit");
    let (text, private) = stage.say(&stage.ana, channel, "incident show", json!({})).await;
    assert!(text.contains("error ") && private, "{text}");
    assert_eq!(stage.front.metrics.unparsed_events.get(), 1);
}

#[tokio::test]
async fn forged_buttons_get_one_sentence() {
    let stage = Stage::set("forged").await;
    let (key, channel) = stage.incident().await;
    let card = stage.card(key, channel).await;
    let real = stage.ana.click(&card, "Add note").await.unwrap();
    real.answer().await.unwrap();
    let payload = stage.sandbox.look().scene().interactions[&real.interaction_id()].payload.clone();
    for (custom_id, expected) in [
        ("wb1:take:999", "Which incident?"),
        ("wb0:old", "older version"),
        ("wb1:ack:1:99", "no page 99"),
        ("wb1:approve:1:9:0123456789abcdef", "no update 9"),
    ] {
        let mut forged = payload.clone();
        for key in ["id", "token"] {
            forged.as_object_mut().unwrap().remove(key);
        }
        forged["data"]["custom_id"] = json!(custom_id);
        let answer = stage.sandbox.interact_raw(forged).answer().await.unwrap();
        assert!(answer.ephemeral() && answer.text().contains(expected), "{custom_id}: {}", answer.text());
    }
}

#[tokio::test]
async fn incidents_and_zones_are_completed() {
    let stage = Stage::set("complete").await;
    let (_, channel) = stage.incident().await;
    let found = stage.ana.autocomplete(channel, "incident show", "incident", "check").await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].0.contains("Checkout down") && found[0].1 == "INC-1", "{found:?}");
    let found = stage.ana.autocomplete(channel, "me zone", "zone", "berl").await.unwrap();
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
    let (text, _) = stage.say(&stage.ana, general, "setup zone", json!({"zone": "Asia/Tokyo"})).await;
    assert!(text.contains("Asia/Tokyo"), "{text}");
    let (text, _) = stage.say(&stage.ana, general, "setup roles", json!({"responders": role.0.to_string()})).await;
    assert!(text.contains(&format!("<@&{}>", role.0)), "{text}");
    let (text, _) = stage.say(&stage.ana, general, "setup roles", json!({"clear": "responders"})).await;
    assert!(text.contains("anybody in the channel"), "{text}");
    let options = json!({"incidents": general.to_string()});
    let (text, _) = stage.say(&stage.ana, general, "setup channels", options).await;
    assert!(text.contains(&format!("<#{general}>")), "{text}");
}

#[tokio::test]
async fn timelines_turn_in_place() {
    let stage = Stage::set("timeline").await;
    let (_, channel) = stage.incident().await;
    for n in 2..=45 {
        stage.say(&stage.ana, channel, "incident note", json!({"text": format!("note number {n}.")})).await;
    }
    let asked = stage.ana.slash(channel, "incident timeline", json!({})).await.unwrap();
    let page = asked.answer().await.unwrap();
    assert!(page.text().contains("number 45.") && page.text().contains("number 26.") && !page.text().contains("number 25."), "{}", page.text());
    stage.ana.click(&page, "Older").await.unwrap();
    let page = asked.until(|page| page.text().contains("number 25.")).await.unwrap();
    assert!(page.ephemeral() && !page.text().contains("number 26."), "{}", page.text());
    stage.ana.click(&page, "Older").await.unwrap();
    let page = asked.until(|page| page.text().contains("number 5.")).await.unwrap();
    assert!(!page.text().contains("number 6."), "{}", page.text());
    stage.ana.click(&page, "Newer").await.unwrap();
    let page = asked.until(|page| page.text().contains("number 25.")).await.unwrap();
    stage.ana.click(&page, "Newer").await.unwrap();
    asked.until(|page| page.text().contains("number 45.")).await.unwrap();
}

#[tokio::test]
async fn a_panic_is_answered_with_an_id_and_ends_nothing() {
    let stage = Stage::set("panic").await;
    let (key, channel) = stage.incident().await;
    let card = stage.card(key, channel).await;
    stage.api.panic.store(true, Ordering::Relaxed);
    let (text, private) = stage.say(&stage.ana, channel, "incident show", json!({})).await;
    assert!(text.contains("error ") && private, "{text}");
    stage.api.panic.store(true, Ordering::Relaxed);
    let answer = stage.ana.click(&card, "Add note").await.unwrap().answer().await.unwrap();
    assert!(answer.text().contains("error ") && answer.ephemeral(), "{}", answer.text());
    let (text, _) = stage.say(&stage.ana, channel, "incident show", json!({})).await;
    assert!(text.contains("Checkout down"), "{text}");
}

#[tokio::test]
async fn a_refused_command_gives_a_long_text_back() {
    let stage = Stage::set("back").await;
    let long = "the queue of orders grows by a thousand a minute and nobody knows why";
    let options = json!({"text": long, "incident": "INC-9"});
    let (text, private) = stage.say(&stage.ana, stage.server.general().0, "incident note", options).await;
    assert!(text.contains("I know no incident INC-9") && text.contains(long) && private, "{text}");
}

#[tokio::test]
async fn everybody_at_once_cannot_be_called() {
    let stage = Stage::set("everybody").await;
    let (key, channel) = stage.incident().await;
    let everyone = json!({"who": stage.server.id().0.to_string()});
    let (text, private) = stage.say(&stage.ana, channel, "incident page", everyone).await;
    assert!(text.contains("Everybody at once cannot be called") && private, "{text}");
    assert_eq!(stage.read(key).await.length, 1);
}

#[tokio::test]
async fn an_answer_whose_reply_is_lost_is_not_given_twice() {
    let stage = Stage::set("lost").await;
    let (key, channel) = stage.incident().await;
    stage.sandbox.fault(Fault::next("interaction callback", FaultKind::ResetAfter));
    let (text, _) = stage.say(&stage.ana, channel, "incident note", json!({"text": "once"})).await;
    assert!(text.contains("INC-1 #2"), "{text}");
    let (text, _) = stage.say(&stage.ana, channel, "incident note", json!({"text": "twice"})).await;
    assert!(text.contains("INC-1 #3"), "{text}");
    assert_eq!(stage.read(key).await.length, 3);
}

#[tokio::test]
async fn without_the_privilege_the_session_goes_on_without_message_text() {
    let options = SandboxOptions { message_content: false, ..SandboxOptions::default() };
    let stage = Stage::set_with("content", options, true).await;
    let (_, channel) = stage.incident().await;
    let (text, _) = stage.say(&stage.ana, channel, "incident show", json!({})).await;
    assert!(text.contains("Checkout down"), "{text}");
}

#[tokio::test]
async fn a_stop_ends_the_session() {
    let mut stage = Stage::set("stop").await;
    stage.stop.cancel();
    let session = stage.session.take().unwrap();
    tokio::time::timeout(Duration::from_secs(3), session).await.unwrap().unwrap().unwrap();
    assert!(!*stage.front.connected.borrow());
}
