//! The sandbox itself: a real serenity client, and a bare HTTP client, against it.

use std::time::Duration;

use serde_json::{Value, json};
use serenity::all::{
    Client, Command, CommandInteraction, CommandOptionType, Context, CreateActionRow, CreateButton,
    CreateCommand, CreateCommandOption, CreateInputText, CreateInteractionResponse,
    CreateInteractionResponseMessage, CreateModal, EditInteractionResponse, EventHandler,
    GatewayIntents, HttpBuilder, InputTextStyle, Interaction, Ready,
};
use tokio::sync::mpsc;

use super::permissions::{MENTION_EVERYONE, PIN_MESSAGES};
use super::*;

/// A small bot with one command, one button and one form.
struct Bot {
    heard: mpsc::UnboundedSender<String>,
}

#[serenity::async_trait]
impl EventHandler for Bot {
    async fn ready(&self, context: Context, _: Ready) {
        let title = CreateCommandOption::new(CommandOptionType::String, "title", "What is wrong")
            .required(true)
            .max_length(100);
        let who = CreateCommandOption::new(CommandOptionType::Mentionable, "who", "Whom to call");
        let declare =
            CreateCommandOption::new(CommandOptionType::SubCommand, "declare", "Declare one")
                .add_sub_option(title)
                .add_sub_option(who);
        let command = CreateCommand::new("incident")
            .description("Incidents")
            .add_option(declare);
        let _logged = self.heard.send(format!(
            "{:?}",
            Command::set_global_commands(&context, vec![command])
                .await
                .is_ok()
        ));
    }

    async fn message(&self, _: Context, message: serenity::all::Message) {
        let _gone = self.heard.send(format!("message {}", message.content));
    }

    async fn guild_create(&self, _: Context, guild: serenity::all::Guild, _: Option<bool>) {
        let _gone = self.heard.send(format!("guild {}", guild.name));
    }

    async fn channel_create(&self, _: Context, channel: serenity::all::GuildChannel) {
        let _gone = self.heard.send(format!("channel {}", channel.name));
    }

    async fn reaction_add(&self, _: Context, reaction: serenity::all::Reaction) {
        let _gone = self.heard.send(format!("reaction {}", reaction.emoji));
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        match interaction {
            Interaction::Command(command) => answer(&context, &command).await,
            Interaction::Component(component) => {
                let input =
                    CreateInputText::new(InputTextStyle::Short, "Text", "text").max_length(20);
                let modal = CreateModal::new("note", "Add note")
                    .components(vec![CreateActionRow::InputText(input)]);
                let answered = component
                    .create_response(&context, CreateInteractionResponse::Modal(modal))
                    .await;
                let _gone = self.heard.send(format!("component {:?}", answered.is_ok()));
            }
            Interaction::Modal(modal) => {
                let said = modal.data.components.len();
                let message = CreateInteractionResponseMessage::new()
                    .content(format!("{said} rows"))
                    .ephemeral(true);
                let answered = modal
                    .create_response(&context, CreateInteractionResponse::Message(message))
                    .await;
                let _gone = self.heard.send(format!("modal {:?}", answered.is_ok()));
            }
            _ => {}
        }
    }
}

async fn answer(context: &Context, command: &CommandInteraction) {
    let button = CreateButton::new("note").label("Add note");
    let message = CreateInteractionResponseMessage::new()
        .content("declared")
        .button(button);
    command
        .create_response(context, CreateInteractionResponse::Message(message))
        .await
        .expect("a first answer");
    let edit = EditInteractionResponse::new().content("declared, see the channel");
    command.edit_response(context, edit).await.expect("an edit");
}

/// Starts the bot against the sandbox; the receiver tells what it heard.
async fn bot(sandbox: &Sandbox) -> mpsc::UnboundedReceiver<String> {
    let (heard, hears) = mpsc::unbounded_channel();
    let http = HttpBuilder::new(sandbox.token())
        .proxy(sandbox.url())
        .ratelimiter_disabled(true)
        .build();
    let intents = GatewayIntents::GUILDS
        | GatewayIntents::GUILD_MESSAGES
        | GatewayIntents::GUILD_MESSAGE_REACTIONS;
    let mut client = serenity::client::ClientBuilder::new_with_http(http, intents)
        .event_handler(Bot { heard })
        .await
        .expect("a client");
    tokio::spawn(async move { Client::start(&mut client).await });
    sandbox
        .until(|look| look.command_names().contains(&"incident".to_owned()))
        .await
        .expect("the command");
    hears
}

async fn hears(receiver: &mut mpsc::UnboundedReceiver<String>, wanted: &str) {
    let found = async {
        while let Some(heard) = receiver.recv().await {
            if heard == wanted {
                return true;
            }
        }
        false
    };
    assert!(
        tokio::time::timeout(Duration::from_secs(5), found)
            .await
            .unwrap_or(false),
        "never heard {wanted:?}"
    );
}

async fn start() -> (Sandbox, Server) {
    let sandbox = Sandbox::start(SandboxOptions::default())
        .await
        .expect("a port");
    let server = sandbox.add_server("Prime Shop");
    (sandbox, server)
}

/// A bare client: status and body.
async fn call(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    body: Value,
) -> reqwest::Result<(u16, Value)> {
    let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
    let request = reqwest::Client::new()
        .request(method, format!("{}/api/v10{path}", sandbox.url()))
        .header("authorization", format!("Bot {}", sandbox.token()))
        .timeout(Duration::from_secs(5));
    let request = if body.is_null() {
        request
    } else {
        request.json(&body)
    };
    let response = request.send().await?;
    let status = response.status().as_u16();
    let text = response.text().await?;
    Ok((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
}

async fn ask(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> (u16, Value) {
    call(sandbox, method, path, body).await.expect("an answer")
}

fn raw_command(sandbox: &Sandbox, server: &Server, user: &Person) -> Asked {
    let shared = sandbox.shared.clone();
    let doing = interactions::Doing {
        kind: 2,
        channel_id: server.general().0,
        user_id: user.id().0,
        message_id: None,
        data: json!({"id": "1", "name": "x", "type": 1}),
    };
    Asked::new(
        sandbox,
        shared.change(|world| interactions::send(world, doing)),
    )
}

fn callback_path(sandbox: &Sandbox, asked: &Asked) -> String {
    let look = sandbox.look();
    let token = look.scene().interactions[&asked.interaction_id()]
        .token
        .clone();
    format!("/interactions/{}/{token}/callback", asked.interaction_id())
}

#[tokio::test]
async fn a_serenity_bot_lives_here_as_at_discord() {
    let (sandbox, server) = start().await;
    let ana = server.add_member("ana");
    let mut heard = bot(&sandbox).await;
    hears(&mut heard, "guild Prime Shop").await;

    let missing = ana
        .slash(server.general(), "incident declare", json!({}))
        .await;
    assert!(missing.is_err_and(|error| error.0.contains("required")));
    let asked = ana
        .slash(
            server.general(),
            "incident declare",
            json!({"title": "Down", "who": "ana"}),
        )
        .await
        .expect("typed");
    let answer = asked.answer().await.expect("an answer");
    assert!(!answer.ephemeral());
    let answer = asked
        .until(|answer| answer.content() == "declared, see the channel")
        .await
        .expect("edited");
    assert_eq!(answer.buttons(), ["Add note"]);

    let form = ana
        .click(&answer, "Add note")
        .await
        .expect("pressed")
        .answer()
        .await
        .expect("a form");
    assert_eq!(form.fields(), ["Text"]);
    assert!(
        ana.submit(&form, [("Text", "far longer than twenty characters")])
            .await
            .is_err()
    );
    let said = ana
        .submit(&form, [("Text", "short")])
        .await
        .expect("sent")
        .answer()
        .await
        .expect("an answer");
    assert!(said.ephemeral());
    assert_eq!(said.content(), "1 rows");

    server.add_channel("ops");
    hears(&mut heard, "channel ops").await;
    let message = ana.say(server.general(), "look").expect("said");
    hears(&mut heard, "message ").await;
    ana.react(message, "📌").expect("reacted");
    hears(&mut heard, "reaction 📌").await;
    assert_eq!(sandbox.look().scene().identifies, 1);
}

#[tokio::test]
async fn a_resumed_session_is_told_what_it_missed() {
    let (sandbox, server) = start().await;
    let mut heard = bot(&sandbox).await;
    hears(&mut heard, "guild Prime Shop").await;
    sandbox.drop_gateway();
    server.add_channel("missed");
    hears(&mut heard, "channel missed").await;
    let look = sandbox.look();
    assert_eq!((look.scene().identifies, look.scene().resumes), (1, 1));
    sandbox.reconnect();
    server.add_channel("again");
    hears(&mut heard, "channel again").await;
    assert_eq!(sandbox.look().scene().resumes, 2);
}

#[tokio::test]
async fn an_enforced_nonce_gives_the_first_message_again() {
    let (sandbox, server) = start().await;
    let path = format!("/channels/{}/messages", server.general());
    let body = json!({"content": "once", "nonce": "n1", "enforce_nonce": true});
    let (status, first) = ask(&sandbox, "POST", &path, body.clone()).await;
    assert_eq!(status, 200);
    let (_, again) = ask(&sandbox, "POST", &path, body.clone()).await;
    assert_eq!(first["id"], again["id"]);
    let _other = ask(
        &sandbox,
        "POST",
        &path,
        json!({"content": "once", "nonce": "n1"}),
    )
    .await;
    assert_eq!(
        server
            .channel_named("general")
            .expect("it")
            .messages()
            .len(),
        2
    );
    sandbox.clock().advance(Duration::from_secs(400));
    let (_, late) = ask(&sandbox, "POST", &path, body).await;
    assert_ne!(first["id"], late["id"]);
}

#[tokio::test]
async fn an_interaction_takes_one_first_answer_in_three_seconds() {
    let (sandbox, server) = start().await;
    let ana = server.add_member("ana");
    let asked = raw_command(&sandbox, &server, &ana);
    let path = callback_path(&sandbox, &asked);
    let body = json!({"type": 4, "data": {"content": "hi"}});
    assert_eq!(ask(&sandbox, "POST", &path, body.clone()).await.0, 204);
    let (status, again) = ask(&sandbox, "POST", &path, body.clone()).await;
    assert_eq!((status, &again["code"]), (400, &json!(40060)));

    let late = raw_command(&sandbox, &server, &ana);
    sandbox.clock().advance(Duration::from_secs(4));
    let (status, refused) = ask(&sandbox, "POST", &callback_path(&sandbox, &late), body).await;
    assert_eq!((status, &refused["code"]), (404, &json!(10062)));

    let token = path.split('/').nth(3).expect("a token").to_owned();
    let edit = format!("/webhooks/{}/{token}/messages/@original", sandbox.app_id());
    assert_eq!(
        ask(&sandbox, "PATCH", &edit, json!({"content": "edited"}))
            .await
            .0,
        200
    );
    assert_eq!(asked.current().await.expect("it").content(), "edited");
    sandbox.clock().advance(Duration::from_secs(900));
    let (status, refused) = ask(&sandbox, "PATCH", &edit, json!({"content": "late"})).await;
    assert_eq!((status, &refused["code"]), (401, &json!(50027)));
}

#[tokio::test]
async fn a_deferred_answer_is_filled_by_the_edit_and_keeps_its_secrecy() {
    let (sandbox, server) = start().await;
    let ana = server.add_member("ana");
    let bob = server.add_member("bob");
    let asked = raw_command(&sandbox, &server, &ana);
    let path = callback_path(&sandbox, &asked);
    let (status, body) = ask(
        &sandbox,
        "POST",
        &format!("{path}?with_response=true"),
        json!({"type": 5, "data": {"flags": 64}}),
    )
    .await;
    assert_eq!(
        (status, &body["interaction"]["response_message_ephemeral"]),
        (200, &json!(true))
    );
    assert!(asked.answer().await.expect("it").is_loading());
    let token = path.split('/').nth(3).expect("a token").to_owned();
    let edit = format!("/webhooks/{}/{token}/messages/@original", sandbox.app_id());
    let row = json!([{"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}]);
    ask(
        &sandbox,
        "PATCH",
        &edit,
        json!({"content": "done", "components": row}),
    )
    .await;
    let answer = asked.current().await.expect("it");
    assert!(answer.ephemeral() && !answer.is_loading());
    assert!(bob.click(&answer, "Go").await.is_err(), "only ana sees it");
    assert!(ana.click(&answer, "Go").await.is_ok());
    let messages = format!("/channels/{}/messages", server.general());
    assert_eq!(
        ask(&sandbox, "GET", &messages, Value::Null).await.1,
        json!([])
    );
}

#[tokio::test]
async fn full_categories_and_servers_refuse_channels() {
    let (sandbox, server) = start().await;
    let category = server.add_category("Incidents");
    server.fill_category(category, 50);
    let path = format!("/guilds/{}/channels", server.id());
    let (status, refused) = ask(
        &sandbox,
        "POST",
        &path,
        json!({"name": "x", "parent_id": category.to_string()}),
    )
    .await;
    assert_eq!((status, &refused["code"]), (400, &json!(50035)));
    assert_eq!(
        refused["errors"]["parent_id"]["_errors"][0]["code"],
        "CHANNEL_PARENT_MAX_CHANNELS"
    );
    server.fill(500);
    let (_, refused) = ask(&sandbox, "POST", &path, json!({"name": "x"})).await;
    assert_eq!(refused["code"], 30013);
}

#[tokio::test]
async fn a_reset_after_the_effect_leaves_the_effect_and_breaks_the_connection() {
    let (sandbox, server) = start().await;
    let path = format!("/channels/{}/messages", server.general());
    sandbox.fault(Fault::next("create message", FaultKind::ResetAfter));
    let broken = call(&sandbox, "POST", &path, json!({"content": "twice?"})).await;
    assert!(broken.is_err_and(|error| !error.is_timeout()));
    assert_eq!(
        server
            .channel_named("general")
            .expect("it")
            .messages()
            .len(),
        1
    );
    sandbox.fault(Fault::next("create message", FaultKind::ResetBefore));
    assert!(
        call(&sandbox, "POST", &path, json!({"content": "never"}))
            .await
            .is_err()
    );
    sandbox.fault(Fault::next(
        "POST /channels/*/messages",
        FaultKind::LateEffect(Duration::from_millis(50)),
    ));
    assert!(
        call(&sandbox, "POST", &path, json!({"content": "late"}))
            .await
            .is_err()
    );
    assert_eq!(
        server
            .channel_named("general")
            .expect("it")
            .messages()
            .len(),
        1
    );
    sandbox
        .until(|look| {
            look.messages()
                .iter()
                .any(|message| message.content == "late")
        })
        .await
        .expect("the late effect");
    let look = sandbox.look();
    assert_eq!(
        look.requests_to("create message")
            .iter()
            .map(|r| r.status)
            .collect::<Vec<_>>(),
        [0, 0, 0]
    );
}

#[tokio::test]
async fn a_held_request_waits_and_can_be_severed() {
    let (sandbox, server) = start().await;
    let path = format!("/guilds/{}/channels", server.id());
    let hold = sandbox.hold("create channel", HoldAt::AfterEffect);
    let task = tokio::spawn({
        let (sandbox, path) = (sandbox.clone(), path.clone());
        async move { call(&sandbox, "POST", &path, json!({"name": "Held One"})).await }
    });
    hold.reached().await;
    assert!(
        server.channel_named("held-one").is_some(),
        "normalised, and there already"
    );
    hold.sever();
    assert!(task.await.expect("no panic").is_err());

    let hold = sandbox.hold_nth_request(2, HoldAt::BeforeEffect);
    assert_eq!(ask(&sandbox, "GET", "/users/@me", Value::Null).await.0, 200);
    let task = tokio::spawn({
        let (sandbox, path) = (sandbox.clone(), path.clone());
        async move { call(&sandbox, "POST", &path, json!({"name": "second"})).await }
    });
    hold.reached().await;
    assert!(server.channel_named("second").is_none());
    hold.release();
    assert_eq!(task.await.expect("no panic").expect("an answer").0, 201);
}

#[tokio::test]
async fn only_real_pings_count() {
    let (sandbox, server) = start().await;
    let (ana, bob) = (server.add_member("ana"), server.add_member("bob"));
    let silent = server.add_role("payments", false);
    bob.give_role(silent);
    let path = format!("/channels/{}/messages", server.general());
    let text = format!("{} {} @everyone", ana.mention(), silent.mention());
    let none = json!({"content": text, "allowed_mentions": {"parse": []}});
    let (_, quiet) = ask(&sandbox, "POST", &path, none).await;
    assert!(sandbox.look().pings().is_empty());

    ask(&sandbox, "POST", &path, json!({"content": text})).await;
    let look = sandbox.look();
    let ping = look.pings().last().expect("a ping").clone();
    assert_eq!(
        (ping.users, ping.roles, ping.everyone),
        (vec![ana.id().0], vec![], false),
        "the role is not mentionable"
    );
    assert!(look.pings_of(bob.id()).is_empty());

    server.set_bot_permissions(permissions::INVITE | MENTION_EVERYONE);
    ask(
        &sandbox,
        "POST",
        &path,
        json!({"content": text, "allowed_mentions": {"roles": [silent.to_string()]}}),
    )
    .await;
    assert_eq!(sandbox.look().pings_of(bob.id()).len(), 1);

    let id = quiet["id"].as_str().expect("an id").to_owned();
    ask(
        &sandbox,
        "PATCH",
        &format!("{path}/{id}"),
        json!({"content": format!("{text}!")}),
    )
    .await;
    let look = sandbox.look();
    let by_edit = look.pings().last().expect("a ping");
    assert!(
        by_edit.by_edit && by_edit.everyone,
        "an edit without allowed_mentions parses all"
    );

    let hidden = server.add_channel("hidden");
    server.set_overwrite(hidden, server.id(), 0, permissions::VIEW_CHANNEL);
    server.set_overwrite(hidden, sandbox.app_id(), permissions::VIEW_CHANNEL, 0);
    ask(
        &sandbox,
        "POST",
        &format!("/channels/{hidden}/messages"),
        json!({"content": ana.mention()}),
    )
    .await;
    assert!(
        !sandbox
            .look()
            .pings()
            .last()
            .expect("a ping")
            .reached
            .contains(&ana.id().0),
        "she cannot see the channel"
    );
}

#[tokio::test]
async fn what_the_bot_may_not_do_is_refused() {
    let (sandbox, server) = start().await;
    let ana = server.add_member("ana");
    let message = ana.say(server.general(), "hello").expect("said");
    let pin = format!("/channels/{}/messages/pins/{message}", server.general());
    assert_eq!(ask(&sandbox, "PUT", &pin, Value::Null).await.0, 204);
    let general = server.channel_named("general").expect("it");
    assert_eq!(
        (general.pins().len(), general.all_messages().len()),
        (1, 2),
        "with Discord's notice"
    );
    server.deny_bot(PIN_MESSAGES);
    assert_eq!(
        ask(&sandbox, "DELETE", &pin, Value::Null).await.1["code"],
        50013
    );
    let hidden = server.add_channel("hidden");
    server.set_overwrite(hidden, server.id(), 0, permissions::VIEW_CHANNEL);
    assert_eq!(
        ask(&sandbox, "GET", &format!("/channels/{hidden}"), Value::Null)
            .await
            .1["code"],
        50001
    );
    let delete = format!("/channels/{}/messages/{message}", server.general());
    assert_eq!(
        ask(&sandbox, "DELETE", &delete, Value::Null).await.1["code"],
        50013
    );
    assert_eq!(
        ask(&sandbox, "PATCH", &delete, json!({"content": "x"}))
            .await
            .1["code"],
        50005
    );
    let overwrites =
        json!([{"id": server.id().to_string(), "type": 0, "allow": (1u64 << 28).to_string()}]);
    let create = json!({"name": "x", "permission_overwrites": overwrites});
    assert_eq!(
        ask(
            &sandbox,
            "POST",
            &format!("/guilds/{}/channels", server.id()),
            create
        )
        .await
        .1["code"],
        50013
    );
    assert_eq!(
        ask(&sandbox, "GET", "/channels/1", Value::Null).await.1["code"],
        10003
    );
    assert_eq!(
        ask(&sandbox, "GET", "/nothing/here", Value::Null).await,
        (404, json!({"message": "404: Not Found", "code": 0}))
    );
    let stranger = reqwest::get(format!("{}/api/v10/users/@me", sandbox.url()))
        .await
        .expect("an answer");
    assert_eq!(stranger.status(), 401);
}

#[tokio::test]
async fn texts_of_others_need_the_intent_or_a_mention() {
    let options = SandboxOptions {
        message_content: false,
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::start(options).await.expect("a port");
    let server = sandbox.add_server("Prime Shop");
    let ana = server.add_member("ana");
    let plain = ana.say(server.general(), "secret").expect("said");
    let named = ana
        .say(
            server.general(),
            &format!("{} look", sandbox.app_id().mention()),
        )
        .expect("said");
    let path = format!("/channels/{}/messages", server.general());
    let read = |id: MessageId| {
        let path = format!("{path}/{id}");
        let sandbox = sandbox.clone();
        async move { ask(&sandbox, "GET", &path, Value::Null).await.1 }
    };
    assert_eq!(read(plain).await["content"], "");
    assert!(
        read(named).await["content"]
            .as_str()
            .is_some_and(|text| text.ends_with("look"))
    );
    let (_, application) = ask(&sandbox, "GET", "/applications/@me", Value::Null).await;
    assert_eq!(application["flags"], 0);
}

#[tokio::test]
async fn renames_and_old_edits_are_throttled() {
    let (sandbox, server) = start().await;
    let channel = server.add_channel("ops");
    let path = format!("/channels/{channel}");
    for name in ["a", "b"] {
        assert_eq!(
            ask(&sandbox, "PATCH", &path, json!({"name": name})).await.0,
            200
        );
    }
    let (status, refused) = ask(&sandbox, "PATCH", &path, json!({"name": "c"})).await;
    assert_eq!(status, 429);
    assert!(
        refused["retry_after"]
            .as_f64()
            .is_some_and(|wait| wait > 500.0)
    );
    let (_, message) = ask(
        &sandbox,
        "POST",
        &format!("{path}/messages"),
        json!({"content": "card"}),
    )
    .await;
    let edit = format!("{path}/messages/{}", message["id"].as_str().expect("an id"));
    sandbox.limit_old_edits(Some(1));
    assert_eq!(
        ask(&sandbox, "PATCH", &edit, json!({"content": "1"}))
            .await
            .0,
        200
    );
    sandbox.clock().advance(Duration::from_secs(3700));
    assert_eq!(
        ask(&sandbox, "PATCH", &edit, json!({"content": "2"}))
            .await
            .0,
        200
    );
    let (status, refused) = ask(&sandbox, "PATCH", &edit, json!({"content": "3"})).await;
    assert_eq!((status, &refused["code"]), (429, &json!(30046)));
}

#[tokio::test]
async fn bodies_that_discord_refuses_are_refused() {
    let (sandbox, server) = start().await;
    let messages = format!("/channels/{}/messages", server.general());
    let button = |id: &str| json!({"type": 2, "style": 1, "label": "x", "custom_id": id});
    let row = |buttons: Vec<Value>| json!([{"type": 1, "components": buttons}]);
    let cases = [
        (json!({"content": ""}), 50006),
        (json!({"content": "x".repeat(2001)}), 50035),
        (json!({"content": "x", "colour": 1}), 50035),
        (json!({"content": "x", "nonce": "x".repeat(26)}), 50035),
        (
            json!({"content": "x", "components": row(vec![button("a"), button("a")])}),
            50035,
        ),
        (
            json!({"content": "x", "components": row(vec![button(&"a".repeat(101))])}),
            50035,
        ),
        (
            json!({"content": "x", "components": row((0..6).map(|n| button(&n.to_string())).collect())}),
            50035,
        ),
        (json!({"embeds": [{"title": "x".repeat(257)}]}), 50035),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
            50035,
        ),
    ];
    for (body, code) in cases {
        let (status, refused) = ask(&sandbox, "POST", &messages, body.clone()).await;
        assert_eq!((status, &refused["code"]), (400, &json!(code)), "{body}");
    }
    let commands = format!("/applications/{}/commands", sandbox.app_id());
    let option = |name: &str, required: bool| json!({"type": 3, "name": name, "description": "d", "required": required});
    let command = |name: &str, options: Value| json!([{"name": name, "description": "d", "options": options}]);
    for body in [
        command("Upper", json!([])),
        command("x", json!([option("Upper", false)])),
        command("x", json!([option("a", false), option("b", true)])),
        command("x", json!([option("a", false), option("a", false)])),
        json!([{"name": "x", "description": "d", "optoins": []}]),
        json!([{"name": "x", "description": ""}]),
    ] {
        let (status, refused) = ask(&sandbox, "PUT", &commands, body.clone()).await;
        assert_eq!((status, &refused["code"]), (400, &json!(50035)), "{body}");
    }
    let ana = server.add_member("ana");
    let input = |n: u8| json!({"type": 1, "components": [{"type": 4, "style": 1, "custom_id": n.to_string(), "label": "L"}]});
    let modal = |title: &str, rows: u8| json!({"type": 9, "data": {"custom_id": "m", "title": title, "components": (0..rows).map(input).collect::<Vec<_>>()}});
    for body in [
        modal("T", 6),
        modal(&"T".repeat(46), 1),
        json!({"type": 8, "data": {"choices": []}}),
        json!({"type": 7, "data": {"content": "x"}}),
    ] {
        let path = callback_path(&sandbox, &raw_command(&sandbox, &server, &ana));
        let (status, refused) = ask(&sandbox, "POST", &path, body.clone()).await;
        assert_eq!((status, &refused["code"]), (400, &json!(50035)), "{body}");
    }
    let asked = raw_command(&sandbox, &server, &ana);
    let path = callback_path(&sandbox, &asked);
    assert_eq!(ask(&sandbox, "POST", &path, modal("T", 5)).await.0, 204);
    let form = asked.answer().await.expect("a form");
    let fields: Vec<(&str, &str)> = ["0", "1", "2", "3", "4"]
        .into_iter()
        .map(|id| (id, "v"))
        .collect();
    let sent = ana.submit(&form, fields).await.expect("sent");
    let (_, refused) = ask(
        &sandbox,
        "POST",
        &callback_path(&sandbox, &sent),
        modal("T", 1),
    )
    .await;
    assert_eq!(refused["code"], 50035, "a modal cannot answer a modal");
}

#[tokio::test]
async fn rate_limits_tell_of_themselves() {
    let (sandbox, server) = start().await;
    sandbox.set_limits(Limits::like_discord());
    let path = format!("/channels/{}/messages", server.general());
    for n in 0..5 {
        assert_eq!(
            ask(&sandbox, "POST", &path, json!({"content": n.to_string()}))
                .await
                .0,
            200
        );
    }
    let (status, refused) = ask(&sandbox, "POST", &path, json!({"content": "6"})).await;
    assert_eq!((status, &refused["global"]), (429, &json!(false)));
    assert!(
        refused["retry_after"]
            .as_f64()
            .is_some_and(|wait| wait > 0.0 && wait <= 5.0)
    );
}

#[tokio::test]
async fn scripts_drive_it_over_http() {
    let (sandbox, server) = start().await;
    server.add_member("ana");
    let client = reqwest::Client::new();
    let post = |path: &str, body: Value| {
        client
            .post(format!("{}/sandbox{path}", sandbox.url()))
            .json(&body)
            .send()
    };
    let said = post(
        "/people/ana/say",
        json!({"channel": "general", "text": "hello"}),
    )
    .await
    .expect("an answer");
    let said: Value = said.json().await.expect("JSON");
    assert_eq!(
        post(
            "/people/ana/react",
            json!({"message": said["message"], "emoji": "📌"})
        )
        .await
        .expect("an answer")
        .status(),
        200
    );
    assert_eq!(
        post("/people/eve/say", json!({"text": "x"}))
            .await
            .expect("an answer")
            .status(),
        422
    );
    let world: Value = client
        .get(format!("{}/sandbox/world", sandbox.url()))
        .send()
        .await
        .expect("it")
        .json()
        .await
        .expect("JSON");
    assert_eq!(
        world["servers"][0]["channels"][0]["messages"][0]["text"],
        "hello"
    );
    let before = sandbox.clock().now();
    post("/clock/advance", json!({"seconds": 60}))
        .await
        .expect("an answer");
    assert!(sandbox.clock().now() - before >= chrono::TimeDelta::seconds(60));
    sandbox.stop();
    let unreachable = async {
        while client.get(sandbox.url()).send().await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), unreachable)
        .await
        .expect("stopped");
}

#[tokio::test]
async fn an_interaction_that_lacks_a_field_is_lost_and_can_be_delivered_again() {
    let (sandbox, server) = start().await;
    let ana = server.add_member("ana");
    let _heard = bot(&sandbox).await;
    sandbox.strip_next_event("INTERACTION_CREATE", "attachment_size_limit");
    let asked = ana
        .slash(
            server.general(),
            "incident declare",
            json!({"title": "Down"}),
        )
        .await
        .expect("typed");
    assert!(
        asked
            .answered_within(Duration::from_millis(300))
            .await
            .is_err(),
        "serenity drops it"
    );
    asked.replay();
    assert_eq!(
        asked.answer().await.expect("an answer").content(),
        "declared"
    );
}

#[tokio::test]
async fn lost_acks_make_serenity_identify_again() {
    let options = SandboxOptions {
        heartbeat: Duration::from_millis(50),
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::start(options).await.expect("a port");
    sandbox.add_server("Prime Shop");
    let _heard = bot(&sandbox).await;
    sandbox.lose_acks(true);
    sandbox
        .until(|look| look.scene().identifies > 1)
        .await
        .expect("a second IDENTIFY");
}

#[tokio::test]
async fn an_intent_that_the_application_lacks_closes_the_gateway() {
    let options = SandboxOptions {
        message_content: false,
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::start(options).await.expect("a port");
    let http = HttpBuilder::new(sandbox.token())
        .proxy(sandbox.url())
        .ratelimiter_disabled(true)
        .build();
    let mut client =
        serenity::client::ClientBuilder::new_with_http(http, GatewayIntents::MESSAGE_CONTENT)
            .await
            .expect("a client");
    let ended = tokio::time::timeout(Duration::from_secs(5), client.start())
        .await
        .expect("an end");
    assert!(ended.is_err_and(|error| format!("{error:?}").contains("DisallowedGatewayIntents")));
}

#[tokio::test]
async fn serenity_reads_every_answer() {
    let (sandbox, server) = start().await;
    let ana = server.add_member("ana");
    server.add_role("responders", true);
    let http = HttpBuilder::new(sandbox.token())
        .proxy(sandbox.url())
        .ratelimiter_disabled(true)
        .build();
    let guild = serenity::all::GuildId::new(server.id().get());
    let channel = serenity::all::ChannelId::new(server.general().get());
    http.get_current_application_info()
        .await
        .expect("application");
    http.get_current_user().await.expect("current user");
    http.get_bot_gateway().await.expect("gateway");
    assert_eq!(
        http.get_guild(guild).await.expect("server").name,
        "Prime Shop"
    );
    assert_eq!(http.get_guilds(None, None).await.expect("servers").len(), 1);
    assert_eq!(http.get_channels(guild).await.expect("channels").len(), 1);
    assert_eq!(http.get_guild_roles(guild).await.expect("roles").len(), 3);
    let user = serenity::all::UserId::new(ana.id().get());
    http.get_member(guild, user).await.expect("member");
    http.get_user(user).await.expect("user");
    let made = json!({"name": "Inc 1", "topic": "t", "permission_overwrites": [
        {"id": user.to_string(), "type": 1, "allow": "1024", "deny": "0"}]});
    let made = http
        .create_channel(guild, made.as_object().expect("a map"), Some("why"))
        .await
        .expect("channel");
    assert_eq!(
        (made.name.as_str(), made.permission_overwrites.len()),
        ("inc-1", 1)
    );
    let file = serenity::all::CreateAttachment::bytes(b"log".as_slice(), "log.txt");
    let message = serenity::all::CreateMessage::new()
        .content(ana.mention())
        .embed(serenity::all::CreateEmbed::new().title("Card").field(
            "Status",
            "Investigating",
            true,
        ))
        .add_file(file);
    let message = channel.send_message(&http, message).await.expect("message");
    assert_eq!(message.attachments.len(), 1);
    let bytes = message.attachments[0].download().await.expect("the file");
    assert_eq!(bytes, b"log");
    message.react(&http, '📌').await.expect("reaction");
    message.pin(&http).await.expect("pin");
    let read = channel
        .messages(&http, serenity::all::GetMessages::new().limit(10))
        .await
        .expect("messages");
    assert_eq!(read.len(), 2);
    assert!(read[1].pinned && read[1].reactions[0].me);
    assert_eq!(channel.pins(&http).await.expect("pins").len(), 1);
    let look = sandbox.look();
    let card = look
        .channel(channel)
        .expect("it")
        .message_with("Card")
        .expect("it");
    assert_eq!(card.field("Status").as_deref(), Some("Investigating"));
    assert_eq!(
        look.requests_to("create channel")[0].reason.as_deref(),
        Some("why")
    );
}
