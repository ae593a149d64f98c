//! A small Discord in memory: what it keeps, what it refuses when told to, and who waits for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

use crate::clock::Clock;
use crate::discord::api::{Call, DiscordApi, Failure, Reply};
use crate::domain::ids::{ChannelId, MessageId};

/// The bot's own user.
pub(super) const ME: u64 = 99;
/// As long as the sandbox remembers nonces.
const NONCE_MEMORY: TimeDelta = TimeDelta::minutes(5);

#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) kind: u64,
    pub(super) name: String,
    pub(super) topic: Option<String>,
    pub(super) parent: Option<u64>,
    pub(super) messages: BTreeMap<u64, Message>,
}

#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) body: Value,
    pub(super) author: u64,
    pub(super) at: DateTime<Utc>,
    pub(super) pinned: bool,
    pub(super) edits: usize,
    /// Whom it could ping when it was sent, and by edits.
    pub(super) pings: Vec<Value>,
}

impl Message {
    pub(super) fn content(&self) -> &str {
        self.body["content"].as_str().unwrap_or_default()
    }
}

/// What goes wrong with a call.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// The connection breaks before anything is done.
    LostBefore,
    /// It is done, and the answer is lost.
    LostAfter,
    /// It is done only when [`World::late`] says so; the answer is lost.
    Late,
    /// Discord refuses it.
    Refused(u16, u64),
    /// Discord refuses it with this body.
    RefusedWith(u16, Value),
    /// It never ends, and nothing is done.
    HangBefore,
    /// It is done, and never ends.
    HangAfter,
}

#[derive(Debug)]
struct Rule {
    route: &'static str,
    skip: usize,
    /// How many calls it still concerns.
    left: usize,
    fault: Fault,
}

#[derive(Debug, Default)]
struct State {
    ids: u64,
    channels: BTreeMap<u64, Channel>,
    answers: Vec<Value>,
    log: Vec<String>,
    rules: Vec<Rule>,
    late: Vec<Call>,
    /// Calls at the gate, if it is closed.
    waiting: Vec<&'static str>,
}

/// See the module's first line.
#[derive(Clone, Debug)]
pub(super) struct World {
    state: Arc<Mutex<State>>,
    clock: Clock,
    hung: Arc<Notify>,
    /// Rounds that were let through; none where the gate is open.
    gate: Arc<watch::Sender<Option<u64>>>,
}

impl World {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            state: Arc::default(),
            clock,
            hung: Arc::default(),
            gate: Arc::new(watch::Sender::new(None)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The `nth` call (from 0) of this route goes wrong.
    pub(super) fn fault(&self, route: &'static str, nth: usize, fault: Fault) {
        self.state().rules.push(Rule {
            route,
            skip: nth,
            left: 1,
            fault,
        });
    }

    /// Every call of this route goes wrong.
    pub(super) fn always(&self, route: &'static str, fault: Fault) {
        self.state().rules.push(Rule {
            route,
            skip: 0,
            left: usize::MAX,
            fault,
        });
    }

    pub(super) fn heal(&self) {
        self.state().rules.clear();
    }

    /// The routes called so far.
    pub(super) fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    pub(super) fn count(&self, route: &str) -> usize {
        self.state()
            .log
            .iter()
            .filter(|called| *called == route)
            .count()
    }

    pub(super) fn forget_log(&self) {
        self.state().log.clear();
    }

    /// Channels whose name begins like this.
    pub(super) fn channels(&self, name: &str) -> Vec<(ChannelId, Channel)> {
        let state = self.state();
        let named = state
            .channels
            .iter()
            .filter(|(_, channel)| channel.name.starts_with(name));
        named
            .map(|(id, channel)| (ChannelId(*id), channel.clone()))
            .collect()
    }

    /// The one channel whose name begins like this.
    pub(super) fn channel(&self, name: &str) -> (ChannelId, Channel) {
        let mut named = self.channels(name);
        assert_eq!(named.len(), 1, "{name}: {named:?}");
        named.remove(0)
    }

    /// The messages of the one channel whose name begins like this, the oldest first.
    pub(super) fn messages(&self, name: &str) -> Vec<(MessageId, Message)> {
        let messages = self.channel(name).1.messages;
        messages
            .into_iter()
            .map(|(id, message)| (MessageId(id), message))
            .collect()
    }

    pub(super) fn answers(&self) -> Vec<Value> {
        self.state().answers.clone()
    }

    pub(super) fn add_channel(&self, kind: u64, name: &str) -> ChannelId {
        let mut state = self.state();
        let id = state.next_id(self.clock.now());
        let (name, messages) = (name.to_owned(), BTreeMap::new());
        state.channels.insert(
            id,
            Channel {
                kind,
                name,
                topic: None,
                parent: None,
                messages,
            },
        );
        ChannelId(id)
    }

    pub(super) fn write(&self, channel: ChannelId, author: u64, content: &str) {
        let (mut state, at) = (self.state(), self.clock.now());
        let id = state.next_id(at);
        let body = json!({"content": content});
        let message = Message {
            pings: vec![body["allowed_mentions"].clone()],
            body,
            author,
            at,
            pinned: false,
            edits: 0,
        };
        state
            .channels
            .get_mut(&channel.0)
            .unwrap()
            .messages
            .insert(id, message);
    }

    pub(super) fn delete_channel(&self, channel: ChannelId) {
        self.state().channels.remove(&channel.0).unwrap();
    }

    pub(super) fn delete_message(&self, channel: ChannelId, message: MessageId) {
        let mut state = self.state();
        state
            .channels
            .get_mut(&channel.0)
            .unwrap()
            .messages
            .remove(&message.0)
            .unwrap();
    }

    /// Executes the calls that were late.
    pub(super) fn late(&self) {
        let (mut state, now) = (self.state(), self.clock.now());
        for call in std::mem::take(&mut state.late) {
            state.execute(call, now).unwrap();
        }
    }

    /// All channels, as Discord lists them.
    pub(super) fn list(&self) -> Value {
        self.state().list()
    }

    /// Returns once a call hangs.
    pub(super) async fn hung(&self) {
        self.hung.notified().await;
    }

    /// From now on calls wait until [`World::round`] lets them go.
    pub(super) fn close_gate(&self) {
        self.gate.send_replace(Some(0));
    }

    /// Returns once a call waits at the gate.
    pub(super) async fn waiting(&self) {
        while self.state().waiting.is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Lets those calls go that are made side by side; gives their routes.
    pub(super) async fn round(&self) -> Vec<&'static str> {
        let mut seen = 0;
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(25)).await;
            let waiting = self.state().waiting.len();
            if waiting > 0 && waiting == seen {
                break;
            }
            seen = waiting;
        }
        let mut round = std::mem::take(&mut self.state().waiting);
        round.sort_unstable();
        self.gate
            .send_modify(|gate| *gate = gate.map(|rounds| rounds + 1));
        round
    }
}

impl State {
    /// A snowflake of this moment.
    fn next_id(&mut self, now: DateTime<Utc>) -> u64 {
        self.ids += 1;
        MessageId::earliest_at(now).0 + self.ids
    }

    fn list(&self) -> Value {
        self.channels
            .iter()
            .map(|(id, channel)| channel.to_json(*id))
            .collect()
    }

    fn channel(&mut self, id: ChannelId) -> Result<&mut Channel, Failure> {
        self.channels
            .get_mut(&id.0)
            .ok_or_else(|| refused(404, 10_003, json!({})))
    }

    fn message(&mut self, channel: ChannelId, id: MessageId) -> Result<&mut Message, Failure> {
        let messages = &mut self.channel(channel)?.messages;
        messages
            .get_mut(&id.0)
            .ok_or_else(|| refused(404, 10_008, json!({})))
    }

    fn execute(&mut self, call: Call, now: DateTime<Utc>) -> Result<Value, Failure> {
        let id = self.next_id(now);
        Ok(match call {
            Call::CreateChannel { body, .. } => {
                let channel = Channel {
                    kind: body["type"].as_u64().unwrap(),
                    name: body["name"].as_str().unwrap().to_owned(),
                    topic: body["topic"].as_str().map(str::to_owned),
                    parent: body["parent_id"].as_str().map(|id| id.parse().unwrap()),
                    messages: BTreeMap::new(),
                };
                let json = channel.to_json(id);
                self.channels.insert(id, channel);
                json
            }
            Call::DeleteChannel { channel } => {
                self.channel(channel)?;
                self.channels.remove(&channel.0);
                Value::Null
            }
            Call::ListChannels { .. } => self.list(),
            Call::CreateMessage { channel, body, .. } => {
                assert_eq!(body["enforce_nonce"], json!(true));
                assert!(body["nonce"].as_str().unwrap().len() <= 25);
                let messages = &mut self.channel(channel)?.messages;
                let known = messages.iter().find(|(_, message)| {
                    message.body["nonce"] == body["nonce"] && now - message.at < NONCE_MEMORY
                });
                if let Some((id, message)) = known {
                    return Ok(message.to_json(*id));
                }
                let message = Message {
                    pings: vec![body["allowed_mentions"].clone()],
                    body,
                    author: ME,
                    at: now,
                    pinned: false,
                    edits: 0,
                };
                let json = message.to_json(id);
                messages.insert(id, message);
                json
            }
            Call::EditMessage {
                channel,
                message: target,
                body,
            } => {
                let message = self.message(channel, target)?;
                message.pings.push(body["allowed_mentions"].clone());
                (message.body, message.edits) = (body, message.edits + 1);
                message.to_json(target.0)
            }
            Call::DeleteMessage { channel, message } => {
                self.message(channel, message)?;
                self.channel(channel)?.messages.remove(&message.0);
                Value::Null
            }
            Call::ListMessages { channel, after } => {
                let messages = &self.channel(channel)?.messages;
                let after = after.map_or(0, |id| id.0);
                messages
                    .range(after + 1..)
                    .take(100)
                    .map(|(id, m)| m.to_json(*id))
                    .collect()
            }
            Call::Pin { channel, message } => {
                self.message(channel, message)?.pinned = true;
                Value::Null
            }
            Call::EditAnswer { body, .. } => {
                self.answers.push(body);
                json!({"id": id.to_string()})
            }
            Call::CurrentApplication => json!({"id": "98", "bot": {"id": ME.to_string()}}),
            other => panic!("nobody was to call {}", other.route()),
        })
    }
}

impl Channel {
    fn to_json(&self, id: u64) -> Value {
        json!({
            "id": id.to_string(), "type": self.kind, "name": self.name, "topic": self.topic,
            "parent_id": self.parent.map(|id| id.to_string()),
        })
    }
}

impl Message {
    fn to_json(&self, id: u64) -> Value {
        json!({
            "id": id.to_string(), "author": {"id": self.author.to_string()},
            "content": self.body["content"], "components": self.body["components"],
        })
    }
}

fn refused(status: u16, code: u64, body: Value) -> Failure {
    Failure::Refused {
        status,
        code: body["code"].as_u64().unwrap_or(code),
        message: "no".to_owned(),
        retry_after: body["retry_after"].as_f64(),
        body,
        scope: None,
        rate: None,
    }
}

fn lost() -> Failure {
    Failure::Unknown("reset".to_owned())
}

#[async_trait]
impl DiscordApi for World {
    async fn call(&self, call: Call) -> Result<Reply, Failure> {
        let route = call.route();
        let gate = *self.gate.borrow();
        if let Some(rounds) = gate {
            self.state().waiting.push(route);
            let open = |gate: &Option<u64>| gate.is_none_or(|now| now > rounds);
            self.gate.subscribe().wait_for(open).await.unwrap();
        }
        let now = self.clock.now();
        let fault = {
            let mut state = self.state();
            state.log.push(route.to_owned());
            let mut fault = None;
            for rule in state
                .rules
                .iter_mut()
                .filter(|rule| rule.route == route && rule.left > 0)
            {
                if rule.skip > 0 {
                    rule.skip -= 1;
                } else {
                    rule.left -= 1;
                    fault = Some(rule.fault.clone());
                    break;
                }
            }
            fault
        };
        let answer = match fault {
            None => self.state().execute(call, now)?,
            Some(Fault::LostBefore) => return Err(lost()),
            Some(Fault::LostAfter) => {
                self.state().execute(call, now)?;
                return Err(lost());
            }
            Some(Fault::Late) => {
                self.state().late.push(call);
                return Err(lost());
            }
            Some(Fault::Refused(status, code)) => return Err(refused(status, code, json!({}))),
            Some(Fault::RefusedWith(status, body)) => return Err(refused(status, 0, body)),
            Some(fault) => {
                if matches!(fault, Fault::HangAfter) {
                    self.state().execute(call, now)?;
                }
                self.hung.notify_one();
                std::future::pending().await
            }
        };
        Ok(Reply {
            status: 200,
            body: answer,
            date: None,
            rate: None,
        })
    }
}
