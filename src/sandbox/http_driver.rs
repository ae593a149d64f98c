//! The listener: Discord's REST and gateway, attachments, and the driver for scripts under `/sandbox`.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{any, get};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::connection::{Cut, Cuts, CuttableListener};
use super::faults::{Fault, FaultKind, RoutePattern, Scope, When};
use super::people::{Person, Target};
use super::{DriveError, Sandbox, gateway, rest};

/// Serves until the sandbox is stopped.
pub(crate) fn serve(sandbox: &Sandbox, listener: TcpListener) {
    let router = Router::new()
        .route("/gateway", any(socket))
        .route("/gateway/", any(socket))
        .route("/attachments/{channel}/{id}/{name}", get(attachment))
        .route("/sandbox/{*path}", any(drive))
        .fallback(any(discord))
        .with_state(sandbox.clone());
    let mut stopped = sandbox.stopped();
    tokio::spawn(async move {
        let service = router.into_make_service_with_connect_info::<Cut>();
        let cuts = Cuts::default();
        let serving = axum::serve(
            CuttableListener {
                listener,
                cuts: cuts.clone(),
            },
            service,
        );
        tokio::select! {
            result = serving => if let Err(error) = result { tracing::error!(%error, "sandbox: listener failed") },
            _ = stopped.wait_for(|stopped| *stopped) => cuts.now(),
        }
    });
}

async fn discord(
    State(sandbox): State<Sandbox>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    rest::handle(sandbox.shared, cut, request).await
}

async fn socket(
    State(sandbox): State<Sandbox>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(move |socket| gateway::serve(socket, sandbox.shared, cut))
}

async fn attachment(
    State(sandbox): State<Sandbox>,
    Path((channel, id, name)): Path<(u64, u64, String)>,
) -> Response {
    let found = sandbox.shared.read(|world| {
        let messages = world
            .scene
            .messages
            .values()
            .filter(|message| message.channel_id == channel);
        let mut files = messages.flat_map(|message| &message.attachments);
        files
            .find(|file| file.id == id && file.filename == name)
            .map(|file| (file.content_type.clone(), file.bytes.clone()))
    });
    match found {
        Some((content_type, bytes)) => {
            ([("content-type", content_type)], bytes.to_vec()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn drive(
    State(sandbox): State<Sandbox>,
    Path(path): Path<String>,
    request: Request<Body>,
) -> Response {
    let method = request.method().clone();
    let body = to_bytes(request.into_body(), 1 << 20)
        .await
        .unwrap_or_default();
    let body: Value = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&body).unwrap_or(Value::Null)
    };
    let parts: Vec<&str> = path.split('/').collect();
    match act(&sandbox, &method, &parts, &body).await {
        Ok(Some(value)) => Json(value).into_response(),
        Ok(None) => (
            StatusCode::NOT_FOUND,
            Json(json!({"error": "no such thing to do"})),
        )
            .into_response(),
        Err(error) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Json(json!({"error": error.0})),
        )
            .into_response(),
    }
}

fn person(sandbox: &Sandbox, name: &str) -> Result<Person, DriveError> {
    let servers: Vec<String> = sandbox.shared.read(|world| {
        world
            .scene
            .servers
            .values()
            .map(|s| s.name.clone())
            .collect()
    });
    let mut found = servers
        .iter()
        .filter_map(|server| sandbox.server(server))
        .filter_map(|server| server.member(name));
    found
        .next()
        .ok_or_else(|| DriveError(format!("there is no {name}")))
}

/// An id, or the name of a channel.
fn channel(sandbox: &Sandbox, body: &Value) -> Result<u64, DriveError> {
    let value = &body["channel"];
    if let Some(id) = rest::snowflake(value) {
        return Ok(id);
    }
    let name = value.as_str().unwrap_or("general").trim_start_matches('#');
    sandbox
        .look()
        .channel_named(name)
        .map(|channel| channel.id().0)
        .ok_or_else(|| DriveError(format!("there is no #{name}")))
}

fn message(body: &Value) -> Result<Target, DriveError> {
    rest::snowflake(&body["message"])
        .map(Target::from)
        .ok_or_else(|| DriveError("`message` is an id".to_owned()))
}

fn text<'a>(body: &'a Value, key: &str) -> Result<&'a str, DriveError> {
    body[key]
        .as_str()
        .ok_or_else(|| DriveError(format!("`{key}` is missing")))
}

async fn act(
    sandbox: &Sandbox,
    method: &Method,
    parts: &[&str],
    body: &Value,
) -> Result<Option<Value>, DriveError> {
    let done = || Ok(Some(json!({"done": true})));
    match (method.as_str(), parts) {
        ("GET", ["world"]) => Ok(Some(sandbox.look().json())),
        ("GET", ["requests"]) => {
            let look = sandbox.look();
            let requests: Vec<Value> = look
                .requests()
                .iter()
                .map(|r| {
                    json!({
                        "n": r.n, "at": r.at.to_rfc3339(), "method": r.method, "path": r.path, "kind": r.kind, "body": r.body,
                        "reason": r.reason, "status": r.status, "answer": r.answer,
                    })
                })
                .collect();
            Ok(Some(json!(requests)))
        }
        ("POST", ["clock", "advance"]) => {
            let seconds = body["seconds"].as_f64().unwrap_or(0.0);
            let by = Duration::try_from_secs_f64(seconds)
                .map_err(|error| DriveError(error.to_string()))?;
            sandbox.clock().advance(by);
            Ok(Some(json!({"now": sandbox.clock().now().to_rfc3339()})))
        }
        ("POST", ["faults"]) => {
            sandbox.fault(fault(body)?);
            done()
        }
        ("DELETE", ["faults"]) => {
            sandbox.clear_faults();
            done()
        }
        ("POST", ["people", name]) => {
            let server = sandbox
                .shared
                .read(|world| world.scene.servers.keys().next().copied());
            let server = server.ok_or_else(|| DriveError("there is no server".to_owned()))?;
            let person = super::Server {
                sandbox: sandbox.clone(),
                id: server,
            }
            .add_member(name);
            Ok(Some(json!({"id": person.id().to_string()})))
        }
        ("POST", ["people", name, deed]) => {
            deed_of(sandbox, &person(sandbox, name)?, deed, body).await
        }
        _ => Ok(None),
    }
}

async fn deed_of(
    sandbox: &Sandbox,
    person: &Person,
    deed: &str,
    body: &Value,
) -> Result<Option<Value>, DriveError> {
    let asked = match deed {
        "slash" => {
            person
                .slash(
                    channel(sandbox, body)?,
                    text(body, "command")?,
                    body["options"].clone(),
                )
                .await?
        }
        "click" => person.click(message(body)?, text(body, "button")?).await?,
        "menu" => person.menu(message(body)?, text(body, "command")?).await?,
        "submit" => {
            let id = rest::snowflake(&body["interaction"]).unwrap_or(0);
            let form = super::Answer::of(&sandbox.look(), id)
                .ok_or_else(|| DriveError("there is no such form".to_owned()))?;
            let fields = body["fields"].as_object().cloned().unwrap_or_default();
            let fields = fields
                .iter()
                .filter_map(|(label, value)| value.as_str().map(|text| (label.as_str(), text)));
            person.submit(&form, fields).await?
        }
        "react" => {
            person.react(message(body)?, text(body, "emoji")?)?;
            return Ok(Some(json!({"done": true})));
        }
        "pin" => {
            person.pin(message(body)?)?;
            return Ok(Some(json!({"done": true})));
        }
        "say" => {
            let id = person.say(channel(sandbox, body)?, text(body, "text")?)?;
            return Ok(Some(json!({"message": id.to_string()})));
        }
        _ => return Ok(None),
    };
    Ok(Some(asked.answer().await?.json()))
}

/// `{"route": "create message", "times": 1, "kind": "reset_after"}` and so on.
fn fault(body: &Value) -> Result<Fault, DriveError> {
    let route = RoutePattern::from(text(body, "route")?);
    let when = match (body["times"].as_u64(), body["share"].as_f64()) {
        (Some(times), _) => When::Next(u32::try_from(times).unwrap_or(u32::MAX)),
        (None, Some(share)) => When::Chance {
            share,
            seed: body["seed"].as_u64().unwrap_or(0),
        },
        (None, None) => When::Always,
    };
    let status = || u16::try_from(body["status"].as_u64().unwrap_or(500)).unwrap_or(500);
    let seconds =
        || Duration::try_from_secs_f64(body["seconds"].as_f64().unwrap_or(1.0)).unwrap_or_default();
    let kind = match text(body, "kind")? {
        "refuse" => {
            let message = body["message"].as_str().unwrap_or("Refused").to_owned();
            FaultKind::Refuse {
                status: status(),
                code: body["code"].as_u64().unwrap_or(0),
                message,
            }
        }
        "rate_limit" => {
            let scope = match body["scope"].as_str() {
                Some("global") => Scope::Global,
                Some("shared") => Scope::Shared,
                _ => Scope::User,
            };
            FaultKind::RateLimit {
                scope,
                retry_after: body["retry_after"].as_f64().unwrap_or(1.0),
            }
        }
        "status" => FaultKind::Status(status()),
        "hang" => FaultKind::Hang,
        "reset_before" => FaultKind::ResetBefore,
        "reset_after" => FaultKind::ResetAfter,
        "late_effect" => FaultKind::LateEffect(seconds()),
        "slow" => FaultKind::Slow(seconds()),
        other => return Err(DriveError(format!("there is no fault {other:?}"))),
    };
    Ok(Fault { route, when, kind })
}
