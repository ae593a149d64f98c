//! The sandbox, the bot, two people, and an incident to work on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
use warbell::sandbox::{MessageLook, Sandbox, SandboxOptions, Server};
use warbell::store::{Db, Lane, Schema, incidents, views as rows};
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
pub struct Fragile {
    rest: Rest,
    pub panic: AtomicBool,
}

#[async_trait::async_trait]
impl DiscordApi for Fragile {
    async fn call(&self, call: Call) -> Result<Reply, Failure> {
        let answers = matches!(call, Call::Answer { .. });
        assert!(
            !(answers && self.panic.swap(false, Ordering::Relaxed)),
            "the answer broke"
        );
        self.rest.call(call).await
    }
}

pub struct Stage {
    pub sandbox: Sandbox,
    pub server: Server,
    pub front: Front,
    pub api: Arc<Fragile>,
    pub ana: Person,
    pub ben: Person,
    pub stop: CancellationToken,
    pub session: Option<JoinHandle<Result<(), gateway::Ended>>>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.cancel();
        self.sandbox.stop();
    }
}

impl Stage {
    pub async fn set(name: &str) -> Self {
        Self::set_with(name, SandboxOptions::default(), false).await
    }

    /// `force`: asks for the text of messages, whether the application has it or not.
    pub async fn set_with(name: &str, options: SandboxOptions, force: bool) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let server = sandbox.add_server("Prime Shop");
        let (ana, ben) = (server.add_member("ana"), server.add_member("ben"));
        let path = format!("{}/front-{name}.db", env!("CARGO_TARGET_TMPDIR"));
        for file in [path.clone(), format!("{path}-wal"), format!("{path}-shm")] {
            let _ = std::fs::remove_file(file);
        }
        let db = Db::open(&format!("sqlite://{path}"), Schema::Migrate)
            .await
            .unwrap();
        let clock: Clock = sandbox.clock().clone();
        let skew = Arc::new(ClockSkew::new(clock.clone()));
        let token = SecretString::from(sandbox.token());
        let rest = Rest::new(&sandbox.url(), &token, Timeouts::default(), skew.clone()).unwrap();
        let standing = gateway::standing(&rest).await.unwrap();
        let api = Arc::new(Fragile {
            rest,
            panic: AtomicBool::new(false),
        });
        let house = House::new(db, clock);
        let front = Front::new(
            house,
            api.clone(),
            skew,
            Arc::new(Nobody),
            Arc::default(),
            standing,
        );
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
        front
            .connected
            .subscribe()
            .wait_for(|connected| *connected)
            .await
            .unwrap();
        Self {
            sandbox,
            server,
            front,
            api,
            ana,
            ben,
            stop,
            session: Some(session),
        }
    }

    /// An incident that Ana declared, with a channel and a card in it.
    pub async fn incident(&self) -> (IncidentKey, u64) {
        let asked = self
            .ana
            .slash(
                self.server.general(),
                "incident declare",
                json!({"title": "Checkout down", "severity": "major"}),
            )
            .await
            .unwrap();
        let answer = asked.answer().await.unwrap();
        assert!(answer.text().contains("INC-1"), "{}", answer.text());
        let key = IncidentKey(1);
        let channel = self.server.add_channel("inc-1-checkout-down").0;
        let mut tx = self.front.house.db.write(Lane::Courier).await.unwrap();
        let view = rows::of_incident(tx.conn(), key, rows::Name::Channel, 0)
            .await
            .unwrap()
            .unwrap();
        rows::point_at(&mut tx, view.id, ChannelId(channel))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (key, channel)
    }

    pub async fn read(&self, key: IncidentKey) -> Incident {
        let mut conn = self.front.house.db.read().await.unwrap();
        incidents::by_key(&mut conn, &Viewer::Operator, key)
            .await
            .unwrap()
            .unwrap()
            .incident
    }

    pub async fn put_up(&self, channel: u64, message: Message) -> MessageLook {
        let call = Call::CreateMessage {
            channel: ChannelId(channel),
            body: message.body(),
            files: vec![],
        };
        let id = self.front.api.call(call).await.unwrap().body["id"]
            .as_str()
            .unwrap()
            .to_owned();
        self.sandbox
            .look()
            .message(id.parse::<u64>().unwrap())
            .unwrap()
    }

    pub async fn card(&self, key: IncidentKey, channel: u64) -> MessageLook {
        let message = views::card::card(&self.read(key).await, &[]);
        self.put_up(channel, message).await
    }

    pub async fn say(
        &self,
        who: &Person,
        channel: u64,
        command: &str,
        options: Value,
    ) -> (String, bool) {
        let answer = who
            .slash(channel, command, options)
            .await
            .unwrap()
            .answer()
            .await
            .unwrap();
        (answer.text(), answer.ephemeral())
    }
}
