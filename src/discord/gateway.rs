//! Starting a session: what the application may hear, how many sessions it may still start, and
//! what it offers people to type.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::Value;
use serenity::all::{GatewayError, GatewayIntents};
use tokio_util::sync::CancellationToken;

use super::api::{Call, DiscordApi, Failure};
use super::commands;
use super::framework;
use super::front::Front;
use crate::clock::Clock;
use crate::domain::ids::UserId;

/// Application flags that say whether message text is given: approved, or a small bot's own choice.
/// <https://discord.com/developers/docs/resources/application#application-object-application-flags>
const MESSAGE_CONTENT: u64 = 1 << 18 | 1 << 19;

/// Once so few starts are left for the day, they are spread over what remains of it: Discord resets
/// the token of a bot that uses up all 1,000.
const SPREAD_AT: u64 = 300;

/// How long is waited after a failed try to learn or tell something.
const AGAIN: Duration = Duration::from_secs(5);

/// How long the setting up of a client may take.
const SETTING_UP: Duration = Duration::from_secs(30);

/// Who the token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The application.
    pub application: u64,
    /// Its user.
    pub bot: UserId,
    /// Whether it is given the text of messages.
    pub message_content: bool,
}

/// Asks Discord who the token stands for.
///
/// # Errors
/// Discord's own; an answer without an id counts as refused.
pub async fn standing(api: &dyn DiscordApi) -> Result<Standing, Failure> {
    let body = api.call(Call::CurrentApplication).await?.body;
    let id = |value: &Value| value.as_str().and_then(|id| id.parse::<u64>().ok());
    let application =
        id(&body["id"]).ok_or_else(|| Failure::Unknown("the application has no id".to_owned()))?;
    Ok(Standing {
        application,
        bot: UserId(id(&body["bot"]["id"]).unwrap_or(application)),
        message_content: body["flags"].as_u64().unwrap_or(0) & MESSAGE_CONTENT != 0,
    })
}

/// What is listened for.
pub fn intents(message_content: bool) -> GatewayIntents {
    let intents = GatewayIntents::GUILDS
        | GatewayIntents::GUILD_MESSAGES
        | GatewayIntents::GUILD_MESSAGE_REACTIONS;
    if message_content {
        intents | GatewayIntents::MESSAGE_CONTENT
    } else {
        intents
    }
}

/// How many sessions may still be started. <https://discord.com/developers/docs/events/gateway#session-start-limit-object>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartLimit {
    /// Starts left.
    pub remaining: u64,
    /// When all are back.
    pub reset_after: Duration,
    /// How many shards Discord recommends.
    pub shards: u32,
}

impl StartLimit {
    /// Out of the answer of `GET /gateway/bot`. What is not said does not limit.
    pub fn read(body: &Value) -> Self {
        let limit = &body["session_start_limit"];
        Self {
            remaining: limit["remaining"].as_u64().unwrap_or(u64::MAX),
            reset_after: Duration::from_millis(limit["reset_after"].as_u64().unwrap_or(0)),
            shards: body["shards"]
                .as_u64()
                .and_then(|n| u32::try_from(n).ok())
                .unwrap_or(1)
                .max(1),
        }
    }

    /// How long to wait before the next start.
    pub fn wait(&self) -> Duration {
        if self.remaining > SPREAD_AT {
            return Duration::ZERO;
        }
        let parts = u32::try_from(self.remaining).unwrap_or(u32::MAX).max(1);
        self.reset_after / parts
    }
}

/// Waits until a session may be started; gives the number of shards.
///
/// # Errors
/// Discord's own.
pub async fn may_start(api: &dyn DiscordApi, clock: &Clock) -> Result<u32, Failure> {
    let limit = StartLimit::read(&api.call(Call::GatewayBot).await?.body);
    let wait = limit.wait();
    if !wait.is_zero() {
        tracing::warn!(
            remaining = limit.remaining,
            ?wait,
            "few sessions may still be started today; waiting before this one"
        );
        clock
            .sleep_until(clock.now() + TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX))
            .await;
    }
    Ok(limit.shards)
}

/// Why the session ended.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// Discord refuses the token.
    #[error("Discord refuses the bot token")]
    Token,
    /// Discord did not say where its gateway is.
    #[error("Discord did not answer")]
    Silent,
    /// Anything else that serenity does not mend by itself.
    #[error("the gateway session ended: {0}")]
    Session(Box<serenity::Error>),
    /// Our commands have no JSON form.
    #[error("the commands cannot be written: {0}")]
    Commands(#[from] serde_json::Error),
}

impl From<serenity::Error> for Ended {
    fn from(error: serenity::Error) -> Self {
        match error {
            serenity::Error::Gateway(GatewayError::InvalidAuthentication) => Self::Token,
            other => Self::Session(Box::new(other)),
        }
    }
}

/// Keeps a session until `stop`. Commands are registered beside it, once.
///
/// # Errors
/// Where trying again would not help.
pub async fn run(
    front: &Front,
    token: &SecretString,
    base: &str,
    message_content: bool,
    stop: &CancellationToken,
) -> Result<(), Ended> {
    let definitions = commands::definitions(&commands::all())?;
    let registering = tokio::spawn(register(front.clone(), definitions, stop.clone()));
    let mut content = message_content;
    let outcome = loop {
        match session(front, token, base, content, stop).await {
            Err(Ended::Session(error))
                if content
                    && matches!(
                        *error,
                        serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents)
                    ) =>
            {
                tracing::warn!(
                    "Discord does not give this bot the text of messages; going on without"
                );
                content = false;
            }
            Err(Ended::Silent) => tracing::warn!("Discord does not say where its gateway is"),
            outcome => break outcome,
        }
    };
    if let Err(Ended::Token) = outcome {
        front.metrics.set_token_refused(true);
    }
    front.set_connected(false);
    registering.abort();
    outcome
}

async fn session(
    front: &Front,
    token: &SecretString,
    base: &str,
    content: bool,
    stop: &CancellationToken,
) -> Result<(), Ended> {
    let shards = loop {
        let tried = tokio::select! {
            tried = may_start(front.api.as_ref(), &front.house.clock) => tried,
            () = stop.cancelled() => return Ok(()),
        };
        match tried {
            Ok(shards) => break shards,
            Err(Failure::Refused { status: 401, .. }) => return Err(Ended::Token),
            Err(failure) => {
                tracing::warn!(error = %failure, "Discord does not say where its gateway is");
                tokio::select! {
                    () = tokio::time::sleep(AGAIN) => {}
                    () = stop.cancelled() => return Ok(()),
                }
            }
        }
    };
    // serenity asks once more where the gateway is, and has no timeout of its own.
    let setting_up = framework::client(front.clone(), token, base, intents(content));
    let mut client = tokio::select! {
        client = tokio::time::timeout(SETTING_UP, setting_up) => {
            client.map_err(|_| Ended::Silent)??
        }
        () = stop.cancelled() => return Ok(()),
    };
    let manager = client.shard_manager.clone();
    tokio::select! {
        outcome = client.start_shards(shards) => outcome.map_err(Ended::from),
        () = stop.cancelled() => {
            manager.shutdown_all().await;
            Ok(())
        }
    }
}

/// Tells Discord what people can type. Until it takes that, the commands of the last start stand.
async fn register(front: Front, definitions: Value, stop: CancellationToken) {
    loop {
        let call = Call::SetCommands {
            application: front.application,
            body: definitions.clone(),
        };
        match front.api.call(call).await {
            Ok(_) => return tracing::info!("the commands are registered"),
            Err(
                failure @ Failure::Refused {
                    status: 400..=404, ..
                },
            ) => {
                return tracing::error!(error = %failure, "Discord refuses the commands");
            }
            Err(failure) => tracing::warn!(error = %failure, "the commands are not registered yet"),
        }
        tokio::select! {
            () = tokio::time::sleep(AGAIN) => {}
            () = stop.cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use serde_json::json;

    use super::*;
    use crate::discord::api::Reply;

    struct Says(Mutex<Value>);

    #[async_trait]
    impl DiscordApi for Says {
        async fn call(&self, _: Call) -> Result<Reply, Failure> {
            Ok(Reply {
                status: 200,
                body: self.0.lock().unwrap().clone(),
                ..Reply::default()
            })
        }
    }

    fn limit(remaining: u64, reset_after: u64) -> Value {
        json!({"shards": 1, "session_start_limit": {"remaining": remaining, "reset_after": reset_after}})
    }

    #[test]
    fn starts_are_spread_once_few_are_left() {
        let hour = 3_600_000;
        for (remaining, wait_s) in [(1_000, 0), (301, 0), (300, 12), (1, 3_600), (0, 3_600)] {
            let wait = StartLimit::read(&limit(remaining, hour)).wait();
            assert_eq!(wait, Duration::from_secs(wait_s), "{remaining} left");
        }
    }

    #[tokio::test]
    async fn a_start_waits_by_the_clock() {
        let (api, clock) = (Says(Mutex::new(limit(10, 36_000_000))), Clock::system());
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { may_start(&api, &clock).await.unwrap() }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!waiting.is_finished());
        clock.advance(Duration::from_secs(3_600));
        assert_eq!(waiting.await.unwrap(), 1);
    }

    #[tokio::test]
    async fn message_text_is_asked_for_exactly_when_the_application_has_it() {
        for (flags, has) in [
            (0, false),
            (1 << 18, true),
            (1 << 19, true),
            (1 << 17, false),
        ] {
            let api = Says(Mutex::new(
                json!({"id": "5", "bot": {"id": "6"}, "flags": flags}),
            ));
            let standing = standing(&api).await.unwrap();
            assert_eq!(
                standing,
                Standing {
                    application: 5,
                    bot: UserId(6),
                    message_content: has
                }
            );
            assert_eq!(intents(has).contains(GatewayIntents::MESSAGE_CONTENT), has);
        }
    }
}
