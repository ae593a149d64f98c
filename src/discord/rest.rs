//! Discord over HTTPS: one attempt per call, and exactly how it ended.
//!
//! Own client instead of serenity's, which has no timeout, retries by itself and holds other calls
//! while it sleeps. Retries are the courier's, limits are [`crate::delivery::limiter`]'s.
//!
//! [`Failure::NotSent`] is said only where it is certain that nothing left. A connection that breaks
//! or a time that runs out before the answer's head is [`Failure::Unknown`], and so is a success
//! whose body breaks off: it had its effect, but the id in it is lost.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::api::{Call, DiscordApi, Failure, LimitScope, RateInfo, Reply};
use super::message::File;
use super::skew::ClockSkew;

/// Where Discord is, unless `DISCORD_API_URL` says otherwise.
pub const DISCORD: &str = "https://discord.com";

/// The version whose payloads are spoken here.
/// <https://discord.com/developers/docs/reference#api-versioning>
const API: &str = "/api/v10";

/// Discord asks for this form, and Cloudflare blocks others (40333).
/// <https://discord.com/developers/docs/reference#user-agent>
const USER_AGENT: &str = concat!("DiscordBot (warbell, ", env!("CARGO_PKG_VERSION"), ")");

/// How much of a body that is not JSON is kept for the log.
const KEPT_TEXT: usize = 1_000;

/// How long is waited for Discord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, with name lookup and TLS.
    pub connect: Duration,
    /// For the whole call. Longer than `connect`, else a call that never left counts as unknown.
    pub whole: Duration,
    /// How long an unused connection is kept for the next call.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            whole: Duration::from_secs(15),
            idle: Duration::from_mins(1),
        }
    }
}

/// Why no call can be made at all.
#[derive(Debug, thiserror::Error)]
pub enum CannotCall {
    /// The base URL is not one.
    #[error("'{0}' is not the http(s) address of a server, such as {DISCORD}")]
    Address(String),
    /// The token has characters that no header can carry.
    #[error("the bot token holds characters that no token has; copy it again")]
    Token,
    /// No TLS, or no runtime.
    #[error("cannot set up HTTPS: {0}")]
    Client(String),
}

/// Discord's REST interface.
pub struct Rest {
    client: Client,
    base: String,
    authorization: HeaderValue,
    skew: Arc<ClockSkew>,
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl Rest {
    /// Speaks to the server at `base` (scheme and host; [`DISCORD`] or a sandbox).
    ///
    /// # Errors
    /// If `base` is no address or `token` cannot be sent.
    pub fn new(
        base: &str,
        token: &SecretString,
        timeouts: Timeouts,
        skew: Arc<ClockSkew>,
    ) -> Result<Self, CannotCall> {
        let address = || CannotCall::Address(base.to_owned());
        let url = Url::parse(base).map_err(|_| address())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(address());
        }
        let mut authorization = HeaderValue::try_from(format!("Bot {}", token.expose_secret()))
            .map_err(|_| CannotCall::Token)?;
        authorization.set_sensitive(true);
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.whole)
            .pool_idle_timeout(timeouts.idle)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()
            .map_err(|error| CannotCall::Client(words(&error.without_url())))?;
        Ok(Self {
            client,
            base: base.trim_end_matches('/').to_owned(),
            authorization,
            skew,
        })
    }

    async fn send(&self, mut call: Call) -> Result<Reply, Failure> {
        let files = match &mut call {
            Call::CreateMessage { files, .. } => std::mem::take(files),
            _ => Vec::new(),
        };
        let (method, path, body) = request_of(&call);
        let bodiless = method == Method::PUT || method == Method::POST;
        let mut request = self
            .client
            .request(method, format!("{}{API}{path}", self.base));
        if !call.is_answer() {
            request = request.header(AUTHORIZATION, self.authorization.clone());
        }
        request = match body {
            Some(body) if !files.is_empty() => request.multipart(form_of(body.clone(), files)),
            Some(body) => request.json(body),
            // Discord's front refuses a PUT that does not say how long it is (411).
            None if bodiless => request.header(CONTENT_LENGTH, 0),
            None => request,
        };

        let asked = self.skew.local_now();
        let response = request.send().await.map_err(lost)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let date = date_of(&headers);
        if let Some(date) = date {
            self.skew.observe(date, asked, self.skew.local_now());
        }
        let bytes = response.bytes().await.map_err(reqwest::Error::without_url);
        if !status.is_success() {
            return Err(refusal(status, &headers, &bytes.unwrap_or_default()));
        }
        let bytes = bytes.map_err(|error| Failure::Unknown(words(&error)))?;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).map_err(|error| {
                Failure::Unknown(format!("{status}, but the body is not JSON: {error}"))
            })?
        };
        Ok(Reply {
            status: status.as_u16(),
            body,
            date,
            rate: rate_of(&headers),
        })
    }
}

#[async_trait]
impl DiscordApi for Rest {
    async fn call(&self, call: Call) -> Result<Reply, Failure> {
        self.send(call).await
    }
}

/// The request of a call: method, path below `/api/v10`, and JSON body.
///
/// The path of an answer holds the interaction's token: it is never logged.
/// <https://discord.com/developers/docs/reference>
fn request_of(call: &Call) -> (Method, String, Option<&Value>) {
    match call {
        Call::Answer {
            interaction,
            token,
            body,
        } => {
            let token = encoded(token.expose_secret());
            let path = format!("/interactions/{interaction}/{token}/callback");
            (Method::POST, path, Some(body))
        }
        Call::EditAnswer {
            application,
            token,
            body,
        } => {
            let token = encoded(token.expose_secret());
            let path = format!("/webhooks/{application}/{token}/messages/@original");
            (Method::PATCH, path, Some(body))
        }
        Call::CreateChannel { guild, body } => (
            Method::POST,
            format!("/guilds/{guild}/channels"),
            Some(body),
        ),
        Call::EditChannel { channel, body } => {
            (Method::PATCH, format!("/channels/{channel}"), Some(body))
        }
        Call::DeleteChannel { channel } => (Method::DELETE, format!("/channels/{channel}"), None),
        Call::ReadChannel { channel } => (Method::GET, format!("/channels/{channel}"), None),
        Call::ListChannels { guild } => (Method::GET, format!("/guilds/{guild}/channels"), None),
        Call::CreateMessage { channel, body, .. } => (
            Method::POST,
            format!("/channels/{channel}/messages"),
            Some(body),
        ),
        Call::EditMessage {
            channel,
            message,
            body,
        } => (
            Method::PATCH,
            format!("/channels/{channel}/messages/{message}"),
            Some(body),
        ),
        Call::DeleteMessage { channel, message } => (
            Method::DELETE,
            format!("/channels/{channel}/messages/{message}"),
            None,
        ),
        Call::ReadMessage { channel, message } => (
            Method::GET,
            format!("/channels/{channel}/messages/{message}"),
            None,
        ),
        Call::ListMessages { channel, after } => {
            let after = after.map(|id| format!("&after={id}")).unwrap_or_default();
            (
                Method::GET,
                format!("/channels/{channel}/messages?limit=100{after}"),
                None,
            )
        }
        // The older `/channels/{id}/pins/{mid}` is deprecated.
        // <https://discord.com/developers/docs/resources/message#pin-message>
        Call::Pin { channel, message } => (
            Method::PUT,
            format!("/channels/{channel}/messages/pins/{message}"),
            None,
        ),
        Call::React {
            channel,
            message,
            emoji,
        } => {
            let emoji = encoded(emoji);
            let path = format!("/channels/{channel}/messages/{message}/reactions/{emoji}/@me");
            (Method::PUT, path, None)
        }
        Call::CurrentApplication => (Method::GET, "/applications/@me".to_owned(), None),
        Call::GatewayBot => (Method::GET, "/gateway/bot".to_owned(), None),
        Call::SetCommands { application, body } => (
            Method::PUT,
            format!("/applications/{application}/commands"),
            Some(body),
        ),
    }
}

/// Percent-encoded, so that it is one segment of a path whatever it holds.
/// <https://www.rfc-editor.org/rfc/rfc3986#section-2.3>
fn encoded(segment: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A body with files.
/// <https://discord.com/developers/docs/reference#uploading-files>
fn form_of(mut body: Value, files: Vec<File>) -> Form {
    body["attachments"] = files
        .iter()
        .enumerate()
        .map(|(n, file)| json!({"id": n.to_string(), "filename": file.name}))
        .collect();
    let form = Form::new().text("payload_json", body.to_string());
    files.into_iter().enumerate().fold(form, |form, (n, file)| {
        form.part(
            format!("files[{n}]"),
            Part::bytes(file.bytes).file_name(file.name),
        )
    })
}

/// A call that got no answer.
fn lost(error: reqwest::Error) -> Failure {
    // The URL may hold an interaction's token.
    let error = error.without_url();
    // A builder's error is one of ours, found before anything was sent.
    if error.is_connect() || error.is_builder() {
        Failure::NotSent(words(&error))
    } else {
        Failure::Unknown(words(&error))
    }
}

/// An error and everything behind it, in one line.
fn words(error: &reqwest::Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        line = format!("{line}: {cause}");
        source = cause.source();
    }
    line
}

fn refusal(status: StatusCode, headers: &HeaderMap, bytes: &[u8]) -> Failure {
    let body = serde_json::from_slice(bytes).unwrap_or_else(|_| {
        let text = String::from_utf8_lossy(bytes);
        match text.trim() {
            "" => Value::Null,
            text => Value::String(text.chars().take(KEPT_TEXT).collect()),
        }
    });
    let code = body.get("code").and_then(Value::as_u64).unwrap_or(0);
    let message = match body.get("message").and_then(Value::as_str) {
        Some(message) => message.to_owned(),
        None => status
            .canonical_reason()
            .unwrap_or("no reason given")
            .to_owned(),
    };
    let retry_after = body
        .get("retry_after")
        .and_then(Value::as_f64)
        .or_else(|| text_of(headers, RETRY_AFTER.as_str())?.parse().ok());
    let scope = (status == StatusCode::TOO_MANY_REQUESTS).then(|| scope_of(headers, &body));
    Failure::Refused {
        status: status.as_u16(),
        code,
        message,
        body,
        retry_after,
        scope,
        rate: rate_of(headers),
    }
}

/// Who shares the limit of a 429. One without JSON comes from Cloudflare, which counts by address:
/// it holds for every call.
fn scope_of(headers: &HeaderMap, body: &Value) -> LimitScope {
    match text_of(headers, "x-ratelimit-scope") {
        Some("user") => LimitScope::User,
        Some("shared") => LimitScope::Shared,
        Some("global") => LimitScope::Global,
        _ if headers.contains_key("x-ratelimit-global") || body["global"] == true => {
            LimitScope::Global
        }
        _ if body.is_object() => LimitScope::User,
        _ => LimitScope::Global,
    }
}

/// <https://discord.com/developers/docs/topics/rate-limits#header-format>
fn rate_of(headers: &HeaderMap) -> Option<RateInfo> {
    let seconds = text_of(headers, "x-ratelimit-reset-after")?.parse().ok()?;
    Some(RateInfo {
        bucket: text_of(headers, "x-ratelimit-bucket")?.into(),
        limit: text_of(headers, "x-ratelimit-limit")?.parse().ok()?,
        remaining: text_of(headers, "x-ratelimit-remaining")?.parse().ok()?,
        reset_after: Duration::try_from_secs_f64(seconds).ok()?,
    })
}

fn date_of(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    let date = DateTime::parse_from_rfc2822(text_of(headers, DATE.as_str())?).ok()?;
    Some(date.to_utc())
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use axum::Router;
    use axum::body::Bytes;
    use axum::extract::Request;
    use axum::response::Response;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::clock::Clock;
    use crate::domain::ids::{ChannelId, GuildId, InteractionId, MessageId};

    const TOKEN: &str = "b0t-t0ken";
    const INTERACTION_TOKEN: &str = "interacti0n-t0ken";

    fn rest(base: &str) -> Rest {
        let timeouts = Timeouts {
            whole: Duration::from_secs(3),
            ..Timeouts::default()
        };
        rest_with(base, timeouts)
    }

    fn rest_with(base: &str, timeouts: Timeouts) -> Rest {
        let skew = Arc::new(ClockSkew::new(Clock::system()));
        Rest::new(base, &SecretString::from(TOKEN), timeouts, skew).unwrap()
    }

    /// What a server saw.
    struct Seen {
        line: String,
        headers: HeaderMap,
        body: Bytes,
    }

    /// A server that answers everything alike and keeps what it saw.
    async fn server(answer: fn() -> Response) -> (String, Arc<Mutex<Vec<Seen>>>) {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().fallback({
            let seen = Arc::clone(&seen);
            move |request: Request| async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
                let line = format!("{} {}", parts.method, parts.uri);
                seen.lock().unwrap().push(Seen {
                    line,
                    headers: parts.headers,
                    body,
                });
                answer()
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (base, seen)
    }

    /// A server that says these bytes to the first request and hangs up.
    async fn hanging_up(after: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = socket.read(&mut request).await;
                let _ = socket.write_all(after).await;
            }
        });
        base
    }

    fn ok() -> Response {
        Response::new(r#"{"id":"1"}"#.into())
    }

    fn message(files: Vec<File>) -> Call {
        Call::CreateMessage {
            channel: ChannelId(3),
            body: json!({"content": "hello"}),
            files,
        }
    }

    fn answer() -> Call {
        let token = SecretString::from(INTERACTION_TOKEN);
        Call::Answer {
            interaction: InteractionId(1),
            token,
            body: json!({"type": 4}),
        }
    }

    fn edit_answer() -> Call {
        let token = SecretString::from(INTERACTION_TOKEN);
        Call::EditAnswer {
            application: 9,
            token,
            body: json!({"content": "done"}),
        }
    }

    #[test]
    fn every_call_has_its_path() {
        let (guild, channel, message) = (GuildId(2), ChannelId(3), MessageId(4));
        let body = || json!({});
        let after = Some(MessageId(7));
        let table = [
            (answer(), "POST /interactions/1/interacti0n-t0ken/callback"),
            (
                edit_answer(),
                "PATCH /webhooks/9/interacti0n-t0ken/messages/@original",
            ),
            (
                Call::CreateChannel {
                    guild,
                    body: body(),
                },
                "POST /guilds/2/channels",
            ),
            (
                Call::EditChannel {
                    channel,
                    body: body(),
                },
                "PATCH /channels/3",
            ),
            (Call::DeleteChannel { channel }, "DELETE /channels/3"),
            (Call::ReadChannel { channel }, "GET /channels/3"),
            (Call::ListChannels { guild }, "GET /guilds/2/channels"),
            (
                super::tests::message(Vec::new()),
                "POST /channels/3/messages",
            ),
            (
                Call::EditMessage {
                    channel,
                    message,
                    body: body(),
                },
                "PATCH /channels/3/messages/4",
            ),
            (
                Call::DeleteMessage { channel, message },
                "DELETE /channels/3/messages/4",
            ),
            (
                Call::ReadMessage { channel, message },
                "GET /channels/3/messages/4",
            ),
            (
                Call::ListMessages {
                    channel,
                    after: None,
                },
                "GET /channels/3/messages?limit=100",
            ),
            (
                Call::ListMessages { channel, after },
                "GET /channels/3/messages?limit=100&after=7",
            ),
            (
                Call::Pin { channel, message },
                "PUT /channels/3/messages/pins/4",
            ),
            (
                Call::React {
                    channel,
                    message,
                    emoji: "📌".into(),
                },
                "PUT /channels/3/messages/4/reactions/%F0%9F%93%8C/@me",
            ),
            (
                Call::React {
                    channel,
                    message,
                    emoji: "../pin:8".into(),
                },
                "PUT /channels/3/messages/4/reactions/..%2Fpin%3A8/@me",
            ),
            (Call::CurrentApplication, "GET /applications/@me"),
            (Call::GatewayBot, "GET /gateway/bot"),
            (
                Call::SetCommands {
                    application: 9,
                    body: body(),
                },
                "PUT /applications/9/commands",
            ),
        ];
        for (call, expected) in table {
            let (method, path, sent) = request_of(&call);
            assert_eq!(format!("{method} {path}"), expected);
            let takes_body = matches!(method, Method::POST | Method::PATCH)
                || matches!(call, Call::SetCommands { .. });
            assert_eq!(sent.is_some(), takes_body, "{expected}");
        }
    }

    #[tokio::test]
    async fn a_message_goes_out_as_json_under_the_bots_name() {
        let (base, seen) = server(ok).await;
        let reply = rest(&base).call(message(Vec::new())).await.unwrap();
        assert_eq!((reply.status, reply.body), (200, json!({"id": "1"})));
        let seen = seen.lock().unwrap().pop().unwrap();
        assert_eq!(seen.line, "POST /api/v10/channels/3/messages");
        assert_eq!(seen.headers["authorization"], "Bot b0t-t0ken");
        assert_eq!(seen.headers["content-type"], "application/json");
        let agent = format!("DiscordBot (warbell, {})", env!("CARGO_PKG_VERSION"));
        assert_eq!(seen.headers["user-agent"], agent.as_str());
        assert_eq!(seen.body, r#"{"content":"hello"}"#);
    }

    #[tokio::test]
    async fn answers_to_interactions_carry_no_bot_token() {
        let (base, seen) = server(ok).await;
        let rest = rest(&format!("{base}/"));
        rest.call(answer()).await.unwrap();
        rest.call(edit_answer()).await.unwrap();
        for seen in seen.lock().unwrap().iter() {
            assert!(!seen.headers.contains_key("authorization"), "{}", seen.line);
            assert!(seen.line.contains(" /api/v10/"), "{}", seen.line);
        }
    }

    #[tokio::test]
    async fn files_go_beside_the_message_and_are_named_in_it() {
        let (base, seen) = server(ok).await;
        let file = |name: &str, text: &str| File {
            name: name.into(),
            bytes: text.into(),
        };
        let files = vec![file("INC-1.md", "# Review"), file("INC-1.json", "{}")];
        rest(&base).call(message(files)).await.unwrap();
        let seen = seen.lock().unwrap().pop().unwrap();
        let kind = seen.headers["content-type"].to_str().unwrap();
        assert!(kind.starts_with("multipart/form-data; boundary="), "{kind}");
        let text = String::from_utf8(seen.body.to_vec()).unwrap();
        for part in [
            "name=\"payload_json\"",
            r#""content":"hello""#,
            r#""attachments":[{"filename":"INC-1.md","id":"0"},{"filename":"INC-1.json","id":"1"}]"#,
            "name=\"files[0]\"; filename=\"INC-1.md\"",
            "# Review",
            "name=\"files[1]\"; filename=\"INC-1.json\"",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }

    #[tokio::test]
    async fn a_put_without_body_says_so() {
        let (base, seen) = server(|| {
            Response::builder()
                .status(204)
                .body(axum::body::Body::empty())
                .unwrap()
        })
        .await;
        let call = Call::Pin {
            channel: ChannelId(3),
            message: MessageId(4),
        };
        let reply = rest(&base).call(call).await.unwrap();
        assert_eq!((reply.status, reply.body), (204, Value::Null));
        assert_eq!(seen.lock().unwrap()[0].headers["content-length"], "0");
    }

    #[tokio::test]
    async fn limits_and_discords_clock_are_read_from_the_headers() {
        let (base, _) = server(|| {
            Response::builder()
                .header("date", "Tue, 24 Nov 2026 10:00:00 GMT")
                .header("x-ratelimit-bucket", "abcd")
                .header("x-ratelimit-limit", "5")
                .header("x-ratelimit-remaining", "4")
                .header("x-ratelimit-reset-after", "1.25")
                .body("{}".into())
                .unwrap()
        })
        .await;
        let rest = rest(&base);
        let reply = rest.call(message(Vec::new())).await.unwrap();
        let rate = RateInfo {
            bucket: "abcd".into(),
            limit: 5,
            remaining: 4,
            reset_after: Duration::from_millis(1_250),
        };
        assert_eq!(reply.rate, Some(rate));
        let date = reply.date.unwrap();
        assert_eq!(date.to_rfc3339(), "2026-11-24T10:00:00+00:00");
        assert!((rest.skew.discord_now() - date).abs() < chrono::TimeDelta::seconds(3));
    }

    #[tokio::test]
    async fn a_refusal_is_read_whole() {
        let (base, _) = server(|| {
            Response::builder()
                .status(429)
                .header("x-ratelimit-scope", "shared")
                .header("retry-after", "3")
                .body(r#"{"message":"Slow down","code":30046,"retry_after":2.5}"#.into())
                .unwrap()
        })
        .await;
        let failure = rest(&base).call(message(Vec::new())).await.unwrap_err();
        let Failure::Refused {
            status,
            code,
            message,
            retry_after,
            scope,
            ..
        } = failure
        else {
            panic!("{failure:?}")
        };
        assert_eq!((status, code, message.as_str()), (429, 30046, "Slow down"));
        assert_eq!((retry_after, scope), (Some(2.5), Some(LimitScope::Shared)));
    }

    #[tokio::test]
    async fn a_429_without_json_holds_for_every_call() {
        let (base, _) = server(|| {
            Response::builder()
                .status(429)
                .header("retry-after", "60")
                .body("<html>error code: 1015</html>".into())
                .unwrap()
        })
        .await;
        let failure = rest(&base).call(message(Vec::new())).await.unwrap_err();
        let Failure::Refused {
            code: 0,
            body,
            retry_after,
            scope,
            ..
        } = failure
        else {
            panic!("{failure:?}")
        };
        assert_eq!((retry_after, scope), (Some(60.0), Some(LimitScope::Global)));
        assert_eq!(body, json!("<html>error code: 1015</html>"));
    }

    #[tokio::test]
    async fn redirects_are_not_followed() {
        let (base, seen) = server(|| {
            Response::builder()
                .status(302)
                .header("location", "/elsewhere")
                .body("".into())
                .unwrap()
        })
        .await;
        let failure = rest(&base).call(message(Vec::new())).await.unwrap_err();
        assert!(
            matches!(failure, Failure::Refused { status: 302, .. }),
            "{failure:?}"
        );
        assert_eq!(seen.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn only_a_call_that_cannot_have_left_is_called_not_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let failure = rest(&nobody).call(answer()).await.unwrap_err();
        assert!(matches!(failure, Failure::NotSent(_)), "{failure:?}");

        let broken: [&[u8]; 4] = [
            b"",
            b"HTTP/1.1 200 OK\r\ncontent-le",
            b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"id\":",
            b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>",
        ];
        for said in broken {
            let base = hanging_up(said).await;
            let failure = rest(&base).call(answer()).await.unwrap_err();
            assert!(matches!(failure, Failure::Unknown(_)), "{failure:?}");
        }
    }

    #[tokio::test]
    async fn an_error_whose_body_breaks_off_is_still_a_refusal() {
        let base = hanging_up(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 99\r\n\r\n<ht").await;
        let failure = rest(&base).call(message(Vec::new())).await.unwrap_err();
        assert!(
            matches!(
                failure,
                Failure::Refused {
                    status: 502,
                    code: 0,
                    ..
                }
            ),
            "{failure:?}"
        );
    }

    #[tokio::test]
    async fn silence_ends_as_unknown() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let whole = Duration::from_millis(100);
        let rest = rest_with(
            &base,
            Timeouts {
                whole,
                ..Timeouts::default()
            },
        );
        let failure = rest.call(message(Vec::new())).await.unwrap_err();
        assert!(matches!(failure, Failure::Unknown(_)), "{failure:?}");
        drop(listener);
    }

    #[tokio::test]
    async fn no_token_shows_in_errors_or_debug() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let mut shown = vec![format!("{:?} {:?}", rest(&nobody), answer())];
        for base in [
            nobody,
            hanging_up(b"").await,
            hanging_up(b"HTTP/1.1 400 Bad\r\n\r\n").await,
        ] {
            let failure = rest(&base).call(edit_answer()).await.unwrap_err();
            shown.push(format!("{failure} {failure:?}"));
        }
        let bad = SecretString::from("b0t-t0ken\n");
        let skew = || Arc::new(ClockSkew::new(Clock::system()));
        let fault = Rest::new(DISCORD, &bad, Timeouts::default(), skew()).unwrap_err();
        shown.push(format!("{fault} {fault:?}"));
        for text in shown {
            assert!(
                !text.contains(TOKEN) && !text.contains(INTERACTION_TOKEN),
                "{text}"
            );
        }
    }

    #[test]
    fn a_base_that_is_no_server_is_refused_at_the_start() {
        for base in [
            "",
            "discord.com",
            "ftp://discord.com",
            "https://",
            "unix:/run/x",
        ] {
            let skew = Arc::new(ClockSkew::new(Clock::system()));
            let token = SecretString::from(TOKEN);
            let made = Rest::new(base, &token, Timeouts::default(), skew);
            assert!(matches!(made, Err(CannotCall::Address(_))), "{base}");
        }
    }
}
