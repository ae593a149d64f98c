//! The gateway: HELLO, IDENTIFY, READY, events by intent, heartbeats, RESUME with what was missed.
//!
//! Sources: Discord's "Gateway" and "Opcodes and Status Codes". Payloads go out as text whether or
//! not the client asks for compression, which Discord allows a server to do for small ones.

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket};
use futures_util::{SinkExt, StreamExt};
use rand::Rng;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::connection::Cut;
use super::shared::Shared;
use super::world::World;

/// The intents that decide what a session is told.
pub(crate) mod intents {
    pub(crate) const GUILDS: u64 = 1;
    pub(crate) const GUILD_MEMBERS: u64 = 1 << 1;
    pub(crate) const GUILD_PRESENCES: u64 = 1 << 8;
    pub(crate) const GUILD_MESSAGES: u64 = 1 << 9;
    pub(crate) const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    pub(crate) const DIRECT_MESSAGES: u64 = 1 << 12;
    pub(crate) const MESSAGE_CONTENT: u64 = 1 << 15;
    pub(crate) const EVERY: u64 = (1 << 26) - 1;
}

/// What a connection is told to do.
enum Out {
    Send(String),
    Close(u16, &'static str),
}

/// One session: it outlives its connections.
struct Session {
    id: String,
    intents: u64,
    shard: (u64, u64),
    seq: u64,
    log: Vec<(u64, String)>,
    sent: u64,
    connection: Option<Connection>,
}

struct Connection {
    out: mpsc::UnboundedSender<Out>,
    cut: Cut,
}

/// All sessions, and what is done wrong on purpose.
pub(crate) struct Gateway {
    sessions: Vec<Session>,
    pub(crate) heartbeat_ms: u64,
    pub(crate) start_limit: u64,
    pub(crate) starts_left: u64,
    pub(crate) privileged: u64,
    pub(crate) lose_acks: bool,
    pub(crate) duplicate: bool,
    pub(crate) paused: bool,
    strip: Vec<(String, String)>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            sessions: Vec::new(),
            heartbeat_ms: 41_250,
            start_limit: 1000,
            starts_left: 1000,
            privileged: 0,
            lose_acks: false,
            duplicate: false,
            paused: false,
            strip: Vec::new(),
        }
    }
}

impl Session {
    fn push(&mut self, kind: &str, data: &Value) {
        self.seq += 1;
        self.log.push((
            self.seq,
            json!({"op": 0, "s": self.seq, "t": kind, "d": data}).to_string(),
        ));
    }

    fn flush(&mut self) {
        let Some(connection) = &self.connection else {
            return;
        };
        let start = self.log.partition_point(|(seq, _)| *seq <= self.sent);
        for (seq, text) in &self.log[start..] {
            if connection.out.send(Out::Send(text.clone())).is_err() {
                self.connection = None;
                return;
            }
            self.sent = *seq;
        }
    }
}

impl Gateway {
    /// Writes an event into every session that asked for it, and sends it where one is connected.
    pub(crate) fn dispatch(
        &mut self,
        kind: &str,
        intent: u64,
        server_id: u64,
        data: impl Fn(u64) -> Value,
    ) {
        let strip = self
            .strip
            .iter()
            .position(|(event, _)| event == kind)
            .map(|at| self.strip.remove(at).1);
        for session in &mut self.sessions {
            if intent != 0 && session.intents & intent == 0 {
                continue;
            }
            if server_id != 0 && (server_id >> 22) % session.shard.1 != session.shard.0 {
                continue;
            }
            let mut data = data(session.intents);
            if let (Some(field), Some(data)) = (&strip, data.as_object_mut()) {
                data.remove(field);
            }
            session.push(kind, &data);
            if self.duplicate {
                session.push(kind, &data);
            }
            if !self.paused {
                session.flush();
            }
        }
    }

    /// The next event of this kind goes out without one of its fields.
    pub(crate) fn strip_next(&mut self, kind: &str, field: &str) {
        self.strip.push((kind.to_owned(), field.to_owned()));
    }

    pub(crate) fn pause(&mut self, paused: bool) {
        self.paused = paused;
        if !paused {
            for session in &mut self.sessions {
                session.flush();
            }
        }
    }

    /// How many sessions are connected now.
    pub(crate) fn connected(&self) -> usize {
        self.sessions
            .iter()
            .filter(|session| {
                session
                    .connection
                    .as_ref()
                    .is_some_and(|c| !c.out.is_closed())
            })
            .count()
    }

    /// Breaks every connection, without a close frame. Sessions can be resumed.
    pub(crate) fn drop_all(&mut self) {
        for session in &mut self.sessions {
            if let Some(connection) = session.connection.take() {
                connection.cut.now();
            }
        }
    }

    /// Opcode 7: reconnect and resume.
    pub(crate) fn ask_reconnect(&mut self) {
        self.send_all(&json!({"op": 7, "s": null, "t": null, "d": null}));
        for session in &mut self.sessions {
            session.connection = None;
        }
    }

    /// Opcode 9: the session is no longer good, or may be resumed.
    pub(crate) fn invalidate(&mut self, resumable: bool) {
        self.send_all(&json!({"op": 9, "s": null, "t": null, "d": resumable}));
        if resumable {
            for session in &mut self.sessions {
                session.connection = None;
            }
        } else {
            self.sessions.clear();
        }
    }

    /// Forgets every session.
    pub(crate) fn forget(&mut self) {
        self.sessions.clear();
    }

    /// Closes every connection with a code.
    pub(crate) fn close_all(&mut self, code: u16) {
        for session in &mut self.sessions {
            if let Some(connection) = session.connection.take() {
                let _gone = connection
                    .out
                    .send(Out::Close(code, "closed by the sandbox"));
            }
        }
    }

    fn send_all(&mut self, payload: &Value) {
        for session in &self.sessions {
            if let Some(connection) = &session.connection {
                let _gone = connection.out.send(Out::Send(payload.to_string()));
            }
        }
    }
}

/// Serves one gateway connection until either side ends it.
pub(crate) async fn serve(socket: WebSocket, shared: Arc<Shared>, cut: Cut) {
    let (mut sink, mut stream) = socket.split();
    let (out, mut inbox) = mpsc::unbounded_channel();
    let heartbeat_ms = shared.read(|world| world.gateway.heartbeat_ms);
    let hello = json!({"op": 10, "s": null, "t": null, "d": {"heartbeat_interval": heartbeat_ms, "_trace": []}});
    if sink
        .send(Frame::Text(hello.to_string().into()))
        .await
        .is_err()
    {
        return;
    }
    loop {
        tokio::select! {
            frame = stream.next() => {
                let text = match frame {
                    Some(Ok(Frame::Text(text))) => text.to_string(),
                    Some(Ok(Frame::Binary(_))) => { close(&out, 4002, "Error while decoding payload."); continue }
                    Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => continue,
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => break,
                };
                hear(&shared, &text, &out, &cut);
            }
            told = inbox.recv() => match told {
                Some(Out::Send(text)) => if sink.send(Frame::Text(text.into())).await.is_err() { break },
                Some(Out::Close(code, reason)) => {
                    let _gone = sink.send(Frame::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
                    break;
                }
                None => break,
            }
        }
    }
    drop(inbox);
    shared.change(|world| {
        for session in &mut world.gateway.sessions {
            if session
                .connection
                .as_ref()
                .is_some_and(|connection| connection.out.is_closed())
            {
                session.connection = None;
            }
        }
    });
}

fn close(out: &mpsc::UnboundedSender<Out>, code: u16, reason: &'static str) {
    let _gone = out.send(Out::Close(code, reason));
}

/// Acts on one payload of the client.
fn hear(shared: &Shared, text: &str, out: &mpsc::UnboundedSender<Out>, cut: &Cut) {
    let Ok(payload) = serde_json::from_str::<Value>(text) else {
        return close(out, 4002, "Error while decoding payload.");
    };
    let data = &payload["d"];
    match payload["op"].as_u64() {
        Some(1) => {
            if !shared.read(|world| world.gateway.lose_acks) {
                let _gone = out.send(Out::Send(
                    json!({"op": 11, "s": null, "t": null, "d": null}).to_string(),
                ));
            }
        }
        Some(2) => shared.change(|world| identify(world, &shared.token, data, out, cut)),
        Some(6) => shared.change(|world| resume(world, &shared.token, data, out, cut)),
        Some(3 | 4 | 8 | 31) => {}
        _ => close(out, 4001, "Unknown opcode."),
    }
}

fn token_is(data: &Value, token: &str) -> bool {
    data["token"]
        .as_str()
        .is_some_and(|given| given.trim_start_matches("Bot ") == token)
}

fn identify(
    world: &mut World,
    token: &str,
    data: &Value,
    out: &mpsc::UnboundedSender<Out>,
    cut: &Cut,
) {
    if !token_is(data, token) || world.gateway.starts_left == 0 {
        // Past the daily limit Discord resets the token: the same close code.
        return close(out, 4004, "Authentication failed.");
    }
    world.gateway.starts_left -= 1;
    world.scene.identifies += 1;
    let Some(intents) = data["intents"]
        .as_u64()
        .filter(|asked| asked & !intents::EVERY == 0)
    else {
        return close(out, 4013, "Invalid intent(s).");
    };
    let content = if world.scene.message_content {
        intents::MESSAGE_CONTENT
    } else {
        0
    };
    let privileged = intents::GUILD_MEMBERS | intents::GUILD_PRESENCES | intents::MESSAGE_CONTENT;
    if intents & privileged & !(world.gateway.privileged | content) != 0 {
        return close(out, 4014, "Disallowed intent(s).");
    }
    let shard = match data["shard"].as_array().map(Vec::as_slice) {
        None => (0, 1),
        Some([id, of]) => match (id.as_u64(), of.as_u64()) {
            (Some(id), Some(of)) if id < of => (id, of),
            _ => return close(out, 4010, "Invalid shard."),
        },
        Some(_) => return close(out, 4010, "Invalid shard."),
    };
    let id = hex::encode(rand::rng().random::<[u8; 16]>());
    let app = world.scene.app_id;
    let mine = |id: u64| (id >> 22) % shard.1 == shard.0;
    let unavailable: Vec<Value> = world
        .scene
        .servers
        .keys()
        .filter(|id| mine(**id))
        .map(|id| json!({"id": id.to_string(), "unavailable": true}))
        .collect();
    let mut user = world.scene.user_json(app);
    super::render::merge(
        &mut user,
        json!({"verified": true, "mfa_enabled": true, "email": null}),
    );
    let url = format!("{}/gateway", world.scene.base_url.replacen("http", "ws", 1));
    let flags = app_flags(world.scene.message_content);
    let ready = json!({
        "v": 10, "user": user, "guilds": unavailable, "session_id": id, "resume_gateway_url": url,
        "shard": [shard.0, shard.1], "application": {"id": app.to_string(), "flags": flags},
        "session_type": "normal", "user_settings": {}, "relationships": [], "private_channels": [], "presences": [],
        "guild_join_requests": [], "geo_ordered_rtc_regions": [], "auth": {}, "_trace": [],
    });
    let connection = Some(Connection {
        out: out.clone(),
        cut: cut.clone(),
    });
    let mut session = Session {
        id,
        intents,
        shard,
        seq: 0,
        log: Vec::new(),
        sent: 0,
        connection,
    };
    session.push("READY", &ready);
    if intents & intents::GUILDS != 0 {
        for server in world
            .scene
            .servers
            .values()
            .filter(|server| mine(server.id))
        {
            session.push("GUILD_CREATE", &world.scene.server_event_json(server));
        }
    }
    session.flush();
    world.gateway.sessions.push(session);
}

fn resume(
    world: &mut World,
    token: &str,
    data: &Value,
    out: &mpsc::UnboundedSender<Out>,
    cut: &Cut,
) {
    if !token_is(data, token) {
        return close(out, 4004, "Authentication failed.");
    }
    let paused = world.gateway.paused;
    let session = world
        .gateway
        .sessions
        .iter_mut()
        .find(|session| Some(session.id.as_str()) == data["session_id"].as_str());
    let seen = data["seq"].as_u64().unwrap_or(0);
    let Some(session) = session.filter(|session| seen <= session.seq) else {
        let _gone = out.send(Out::Send(
            json!({"op": 9, "s": null, "t": null, "d": false}).to_string(),
        ));
        return;
    };
    world.scene.resumes += 1;
    session.connection = Some(Connection {
        out: out.clone(),
        cut: cut.clone(),
    });
    session.sent = seen;
    session.push("RESUMED", &json!({"_trace": []}));
    if !paused {
        session.flush();
    }
}

/// The application's flags: GATEWAY_MESSAGE_CONTENT_LIMITED (under 100 servers) when it is on.
pub(crate) fn app_flags(message_content: bool) -> u64 {
    if message_content { 1 << 19 } else { 0 }
}
