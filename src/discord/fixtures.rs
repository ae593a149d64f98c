//! What the tests of the front stand on: a house on a file of its own, and a Discord that says what
//! it is told to say.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::{Value, json};

use super::api::{Call, DiscordApi, Failure, Reply};
use super::events::{Seen, Told};
use super::front::Front;
use super::gateway::Standing;
use super::skew::ClockSkew;
use crate::clock::Clock;
use crate::domain::ids::{ChannelId, GuildId, InteractionId, MessageId, UserId};
use crate::store::{Db, Schema};
use crate::use_cases::House;

/// Keeps the calls; answers with the failures it was given, then with success.
#[derive(Default)]
pub struct FakeApi {
    pub calls: Mutex<Vec<Call>>,
    pub failures: Mutex<VecDeque<Failure>>,
}

#[async_trait]
impl DiscordApi for FakeApi {
    async fn call(&self, call: Call) -> Result<Reply, Failure> {
        self.calls.lock().unwrap().push(call);
        match self.failures.lock().unwrap().pop_front() {
            Some(failure) => Err(failure),
            None => Ok(Reply {
                status: 204,
                ..Reply::default()
            }),
        }
    }
}

impl FakeApi {
    /// The bodies of the answers, in order.
    pub fn answers(&self) -> Vec<Value> {
        let calls = self.calls.lock().unwrap();
        let bodies = calls.iter().filter_map(|call| match call {
            Call::Answer { body, .. } => Some(body.clone()),
            _ => None,
        });
        bodies.collect()
    }
}

/// Keeps which answers were confirmed.
#[derive(Default)]
pub struct Hears(pub Mutex<Vec<InteractionId>>);

impl Told for Hears {
    fn guild_seen(&self, _: GuildId, _: Vec<Seen>) {}
    fn channel_created(&self, _: GuildId, _: Seen) {}
    fn channel_updated(&self, _: GuildId, _: Seen) {}
    fn permissions_changed(&self, _: GuildId) {}
    fn channel_deleted(&self, _: GuildId, _: ChannelId) {}
    fn message_deleted(&self, _: GuildId, _: ChannelId, _: MessageId) {}
    fn answer_confirmed(&self, interaction: InteractionId) {
        self.0.lock().unwrap().push(interaction);
    }
    fn session_began(&self) {}
}

pub async fn front() -> (Front, Arc<FakeApi>, Arc<Hears>) {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path =
        std::env::temp_dir().join(format!("warbell-front-{}-{number}.db", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let db = Db::open(&format!("sqlite://{}", path.display()), Schema::Migrate)
        .await
        .unwrap();
    let clock = Clock::system();
    let (api, hears) = (Arc::new(FakeApi::default()), Arc::new(Hears::default()));
    let standing = Standing {
        application: 1,
        bot: UserId(1),
        message_content: true,
    };
    let skew = Arc::new(ClockSkew::new(clock.clone()));
    let house = House::new(db, clock);
    let front = Front::new(
        house,
        api.clone(),
        skew,
        hears.clone(),
        Arc::default(),
        standing,
    );
    (front, api, hears)
}

/// A press or command of member 7 in channel 30 of server 20, made just now; JSON as Discord sends
/// it, `data` and `type` given.
pub fn interaction(kind: u8, data: &Value) -> Value {
    let id = InteractionId::earliest_at(Clock::system().now());
    let user = json!({"id": "7", "username": "ana", "discriminator": "0", "avatar": null});
    json!({
        "id": id.to_string(), "application_id": "1", "type": kind, "data": data, "guild_id": "20",
        "channel_id": "30", "token": "t0ken", "version": 1, "app_permissions": "0", "locale": "en-US",
        "entitlements": [], "attachment_size_limit": 1,
        "member": {
            "user": user, "roles": ["40"], "joined_at": "2024-01-01T00:00:00Z", "deaf": false,
            "mute": false, "flags": 0, "permissions": "32"
        },
    })
}
