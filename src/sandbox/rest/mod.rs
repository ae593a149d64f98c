//! REST: one way in for every request, so that logging, limits, faults and holds meet each alike.

mod answers;
mod application;
mod body;
pub(crate) mod channels;
mod messages;
pub(crate) mod refusal;
mod route;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use self::refusal::Refusal;
use self::route::{Route, decode};
use super::connection::Cut;
use super::faults::{FaultKind, HoldAt, Scope};
use super::limits::Verdict;
use super::scene::RequestRecord;
use super::shared::Shared;
use super::world::World;

/// A request, read.
pub(crate) struct Call {
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Value,
    pub(crate) files: Vec<body::File>,
}

impl Call {
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        self.query.get(key).and_then(|text| text.parse().ok())
    }
}

/// An answer.
pub(crate) struct Reply {
    status: u16,
    body: Option<Value>,
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self {
            status: 200,
            body: Some(body),
        }
    }

    pub(crate) fn created(body: Value) -> Self {
        Self {
            status: 201,
            body: Some(body),
        }
    }

    pub(crate) fn none() -> Self {
        Self {
            status: 204,
            body: None,
        }
    }
}

/// What a route says.
pub(crate) type Answered = Result<Reply, Refusal>;

/// An id given as text or number.
pub(crate) fn snowflake(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// Permission bits given as text or number; absent is none.
pub(crate) fn bits(value: &Value) -> Result<u64, Refusal> {
    if value.is_null() {
        return Ok(0);
    }
    snowflake(value)
        .ok_or_else(|| Refusal::form("allow", "NUMBER_TYPE_COERCE", "Value is not int."))
}

/// The bytes that one request may have: ten files and their form.
const MOST_BYTES: usize = 110 << 20;

fn perform(world: &mut World, route: &Route, call: &Call) -> Answered {
    match *route {
        Route::GetGateway => application::gateway(world, false),
        Route::GetGatewayBot => application::gateway(world, true),
        Route::GetMe => application::me(world),
        Route::ListMyServers => channels::list_servers(world),
        Route::GetUser { user } => application::user(world, user),
        Route::GetApplication => application::application(world),
        Route::ListCommands { server } => application::list_commands(world, server),
        Route::PutCommands { server } => application::put_commands(world, server, call),
        Route::Callback {
            interaction,
            ref token,
        } => answers::callback(world, interaction, token, call),
        Route::CreateFollowup { ref token } => answers::followup(world, token, call),
        Route::GetAnswer { ref token, message } => answers::get(world, token, message),
        Route::EditAnswer { ref token, message } => answers::edit(world, token, message, call),
        Route::DeleteAnswer { ref token, message } => answers::delete(world, token, message),
        Route::GetServer { server } => channels::get_server(world, server),
        Route::ListChannels { server } => channels::list_channels(world, server),
        Route::CreateChannel { server } => channels::create(world, server, call),
        Route::ListRoles { server } => channels::list_roles(world, server),
        Route::ListMembers { server } => channels::list_members(world, server, call),
        Route::GetMember { server, user } => channels::get_member(world, server, user),
        Route::GetChannel { channel } => channels::get_channel(world, channel),
        Route::EditChannel { channel } => channels::edit(world, channel, call),
        Route::DeleteChannel { channel } => channels::delete(world, channel),
        Route::PutOverwrite { channel, overwrite } => {
            channels::put_overwrite(world, channel, overwrite, call)
        }
        Route::DeleteOverwrite { channel, overwrite } => {
            channels::delete_overwrite(world, channel, overwrite)
        }
        Route::ListMessages { channel } => messages::list(world, channel, call),
        Route::CreateMessage { channel } => messages::create(world, channel, call),
        Route::GetMessage { channel, message } => messages::get(world, channel, message),
        Route::EditMessage { channel, message } => messages::edit(world, channel, message, call),
        Route::DeleteMessage { channel, message } => messages::delete(world, channel, message),
        Route::Crosspost { channel, message } => messages::crosspost(world, channel, message),
        Route::ListPins { channel, old } => messages::list_pins(world, channel, old, call),
        Route::Pin { channel, message } => messages::pin(world, channel, message, true),
        Route::Unpin { channel, message } => messages::pin(world, channel, message, false),
        Route::AddReaction {
            channel,
            message,
            ref emoji,
        } => messages::add_reaction(world, channel, message, emoji),
        Route::RemoveReaction {
            channel,
            message,
            ref emoji,
            user,
        } => messages::remove_reaction(world, channel, message, emoji, user),
        Route::ListReactions {
            channel,
            message,
            ref emoji,
        } => messages::list_reactions(world, channel, message, emoji, call),
        Route::CreateDm => channels::create_dm(world, call),
        Route::Typing { channel } => channels::channel_of(world, channel).map(|_| Reply::none()),
    }
}

/// How a request ends.
enum End {
    Answer {
        status: u16,
        body: Option<Value>,
        headers: Vec<(&'static str, String)>,
    },
    Cut,
    Silence,
}

/// Answers one request of the bot.
pub(crate) async fn handle(
    shared: Arc<Shared>,
    cut: Cut,
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let path = strip_version(parts.uri.path())
        .unwrap_or_else(|| parts.uri.path())
        .to_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let bytes = to_bytes(body, MOST_BYTES).await;
    // The work goes on when the client hangs up, as it does at Discord.
    let work = tokio::spawn({
        let shared = shared.clone();
        async move {
            Incoming {
                shared,
                method: parts.method,
                path,
                query,
                headers: parts.headers,
            }
            .run(bytes.ok())
            .await
        }
    });
    match work.await {
        Ok(End::Answer {
            status,
            body,
            headers,
        }) => respond(&shared, status, body, headers),
        Ok(End::Cut) => {
            cut.now();
            std::future::pending().await
        }
        Ok(End::Silence) => std::future::pending().await,
        Err(error) => {
            tracing::error!(%error, "sandbox: a request failed");
            respond(
                &shared,
                500,
                Some(json!({"message": "500: Internal Server Error", "code": 0})),
                Vec::new(),
            )
        }
    }
}

fn strip_version(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/api")?;
    let version = rest
        .strip_prefix("/v10")
        .or_else(|| rest.strip_prefix("/v9"))
        .unwrap_or(rest);
    version.starts_with('/').then_some(version)
}

fn respond(
    shared: &Shared,
    status: u16,
    body: Option<Value>,
    headers: Vec<(&'static str, String)>,
) -> Response<Body> {
    let date = shared
        .clock
        .now()
        .format("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    let mut response = Response::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::OK))
        .header("date", date);
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response = response.header(name, value);
        }
    }
    let response = match body {
        Some(body) => response
            .header("content-type", "application/json")
            .body(Body::from(body.to_string())),
        None => response.body(Body::empty()),
    };
    response.unwrap_or_default()
}

struct Incoming {
    shared: Arc<Shared>,
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
}

impl Incoming {
    async fn run(self, bytes: Option<axum::body::Bytes>) -> End {
        let app_id = self.shared.read(|world| world.scene.app_id);
        let route = Route::read(&self.method, &self.path, app_id);
        let kind = route.as_ref().map_or("unknown route", Route::kind);
        let read = match &bytes {
            Some(bytes) => body::read(&self.headers, bytes),
            None => Err(Refusal::new(413, 40005, "Request entity too large")),
        };
        let record = self.record(
            kind,
            read.as_ref().map_or(Value::Null, |(body, _)| body.clone()),
        );
        let n = self.shared.change(|world| {
            let n = world.scene.requests.len() as u64 + 1;
            world.scene.requests.push(Arc::new(RequestRecord {
                n,
                at: world.now(),
                ..record
            }));
            n
        });
        let end = self.end(route, read).await;
        self.shared.change(|world| {
            let record = usize::try_from(n - 1)
                .ok()
                .and_then(|at| world.scene.requests.get_mut(at));
            if let (Some(record), End::Answer { status, body, .. }) = (record, &end) {
                let record = Arc::make_mut(record);
                record.status = *status;
                record.answer = body.clone().unwrap_or(Value::Null);
            }
        });
        end
    }

    fn record(&self, kind: &'static str, body: Value) -> RequestRecord {
        let mut parts: Vec<&str> = self.path.split('/').collect();
        // "/interactions/<id>/<token>" and "/webhooks/<id>/<token>": the token is a secret.
        if matches!(parts.get(1), Some(&"interactions" | &"webhooks")) && parts.len() > 3 {
            parts[3] = "…";
        }
        let mut path = parts.join("/");
        if !self.query.is_empty() {
            path = format!("{path}?{}", self.query);
        }
        RequestRecord {
            n: 0,
            at: self.shared.clock.now(),
            method: self.method.to_string(),
            path,
            kind,
            body,
            reason: self
                .headers
                .get("x-audit-log-reason")
                .and_then(|value| value.to_str().ok())
                .map(decode),
            status: 0,
            answer: Value::Null,
        }
    }

    async fn end(
        &self,
        route: Option<Route>,
        read: Result<(Value, Vec<body::File>), Refusal>,
    ) -> End {
        let Some(route) = route else {
            let body = json!({"message": "404: Not Found", "code": 0});
            return End::Answer {
                status: 404,
                body: Some(body),
                headers: Vec::new(),
            };
        };
        if !route.by_interaction() && route != Route::GetGateway && !self.authorized() {
            let body = json!({"message": "401: Unauthorized", "code": 0});
            return End::Answer {
                status: 401,
                body: Some(body),
                headers: Vec::new(),
            };
        }
        let (method, kind) = (self.method.as_str(), route.kind());
        let (fault, hold) = self.shared.change(|world| {
            let fault = world.faults.strike(method, &self.path, kind);
            (fault, world.faults.catch(method, &self.path, kind))
        });
        if let Some(hold) = hold.as_ref().filter(|hold| hold.at == HoldAt::BeforeEffect)
            && !hold.wait().await
        {
            return End::Cut;
        }
        match &fault {
            Some(FaultKind::Hang) => return End::Silence,
            Some(FaultKind::ResetBefore) => return End::Cut,
            Some(FaultKind::Status(status)) => {
                return End::Answer {
                    status: *status,
                    body: None,
                    headers: Vec::new(),
                };
            }
            Some(FaultKind::Refuse {
                status,
                code,
                message,
            }) => {
                return refused(&Refusal::new(*status, *code, message.clone()), Vec::new());
            }
            Some(FaultKind::RateLimit { scope, retry_after }) => {
                return refused(&Refusal::limited(*retry_after, scope.name()), Vec::new());
            }
            Some(FaultKind::Slow(by)) => tokio::time::sleep(*by).await,
            Some(FaultKind::ResetAfter | FaultKind::LateEffect(_)) | None => {}
        }
        let query: BTreeMap<String, String> = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (decode(key), decode(value)))
            .collect();
        let (body, files) = match read {
            Ok(read) => read,
            Err(refusal) => return refused(&refusal, Vec::new()),
        };
        let call = Call { query, body, files };
        if let Some(FaultKind::LateEffect(by)) = fault {
            let shared = self.shared.clone();
            tokio::spawn(async move {
                tokio::time::sleep(by).await;
                let _unheard = shared.change(|world| perform(world, &route, &call).is_ok());
            });
            return End::Cut;
        }
        let end = self.shared.change(|world| limited(world, &route, &call));
        if let Some(hold) = hold.as_ref().filter(|hold| hold.at == HoldAt::AfterEffect)
            && !hold.wait().await
        {
            return End::Cut;
        }
        if matches!(fault, Some(FaultKind::ResetAfter)) {
            End::Cut
        } else {
            end
        }
    }

    fn authorized(&self) -> bool {
        let given = self
            .headers
            .get("authorization")
            .and_then(|value| value.to_str().ok());
        given.and_then(|given| given.strip_prefix("Bot ")) == Some(self.shared.token.as_str())
    }
}

/// Counts the request and, if it may pass, performs it.
fn limited(world: &mut World, route: &Route, call: &Call) -> End {
    let now = world.now();
    let verdict = world
        .limiter
        .count(now, route.kind(), route.major(), route.by_interaction());
    let headers = headers(&verdict);
    if let Some((wait, global)) = verdict.refused {
        let scope = if global { Scope::Global } else { Scope::User };
        return refused(&Refusal::limited(wait, scope.name()), headers);
    }
    match perform(world, route, call) {
        Ok(Reply { status, body }) => End::Answer {
            status,
            body,
            headers,
        },
        Err(refusal) => refused(&refusal, headers),
    }
}

fn headers(verdict: &Verdict) -> Vec<(&'static str, String)> {
    let reset = verdict.reset_at.timestamp_millis() as f64 / 1000.0;
    vec![
        ("x-ratelimit-bucket", verdict.bucket.clone()),
        ("x-ratelimit-limit", verdict.limit.to_string()),
        ("x-ratelimit-remaining", verdict.remaining.to_string()),
        ("x-ratelimit-reset", format!("{reset:.3}")),
        (
            "x-ratelimit-reset-after",
            format!("{:.3}", verdict.reset_after),
        ),
    ]
}

fn refused(refusal: &Refusal, mut headers: Vec<(&'static str, String)>) -> End {
    if let Some(retry_after) = refusal.retry_after {
        headers.push(("retry-after", format!("{}", retry_after.ceil() as u64)));
        if let Some(scope) = refusal.scope {
            headers.push(("x-ratelimit-scope", scope.to_owned()));
            if scope == "global" {
                headers.push(("x-ratelimit-global", "true".to_owned()));
            }
        }
    }
    End::Answer {
        status: refusal.status,
        body: Some(refusal.body()),
        headers,
    }
}
