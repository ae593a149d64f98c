//! The composition root: starts everything in order, and stops it in order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use crate::clock::Clock;
use crate::config::ConfigFaults;
use crate::delivery::limiter::Limited;
use crate::delivery::{Courier, CourierHandle};
use crate::discord::api::{DiscordApi, Failure};
use crate::discord::front::Front;
use crate::discord::gateway::{self, Ended, Standing};
use crate::discord::message::File;
use crate::discord::rest::{Rest, Timeouts};
use crate::discord::skew::ClockSkew;
use crate::domain::ids::UserId;
use crate::domain::incident::Incident;
use crate::domain::timeline::TimelineEvent;
use crate::http::{self, Health};
use crate::metrics::Metrics;
use crate::reminders::Reminders;
use crate::review::{Format, Links, RenderError, Review, file_name, render};
use crate::store::lock::{CourierLock, LockError};
use crate::store::{Db, Schema, effects, views};
use crate::use_cases::House;

/// What a bot needs.
pub struct Options {
    /// The bot token.
    pub token: SecretString,
    /// The REST base, e.g. `https://discord.com`.
    pub api_url: String,
    /// The database.
    pub database_url: String,
    /// Where health and metrics answer, if they do.
    pub http: Option<TcpListener>,
    /// Whose time it is.
    pub clock: Clock,
    /// How long a stop waits for work in hand.
    pub shutdown_timeout: Duration,
}

/// How often somebody who waits for the lock, or for Discord, tries again.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// A running bot.
pub struct App {
    house: House,
    courier: CourierHandle,
    reminders: Reminders,
    metrics: Arc<Metrics>,
    /// Why the session with Discord ended, once it did.
    ended: watch::Receiver<Option<String>>,
    /// Stops listening first, then delivery and the rest.
    listening: CancellationToken,
    working: CancellationToken,
    front_tasks: TaskTracker,
    tasks: TaskTracker,
    shutdown_timeout: Duration,
    _lock: Arc<CourierLock>,
}

impl App {
    /// Takes the lock, opens the database, and connects. Waits while another Warbell has the
    /// database, and while Discord cannot be reached; a refused token ends it at once.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let lock = take_lock(&options.database_url).await?;
        let db = Db::open(&options.database_url, Schema::Migrate).await?;
        let house = House::new(db.clone(), options.clock.clone());
        let metrics = Arc::new(Metrics::default());
        let (listening, working) = (CancellationToken::new(), CancellationToken::new());
        let tasks = TaskTracker::new();
        if let Some(listener) = options.http {
            let health = Health {
                db: db.clone(),
                metrics: Arc::clone(&metrics),
            };
            tasks.spawn(http::serve(listener, health, working.clone()));
        }

        let skew = Arc::new(ClockSkew::new(options.clock.clone()));
        let rest = Rest::new(
            &options.api_url,
            &options.token,
            Timeouts::default(),
            Arc::clone(&skew),
        )?;
        let limited = Arc::new(Limited::new(rest));
        let token_refused = limited.token_refused();
        let api: Arc<dyn DiscordApi> = limited;
        let standing = who_are_we(api.as_ref()).await?;

        let courier = Courier::new(
            db,
            Arc::clone(&api),
            options.clock.clone(),
            Arc::new(review_files),
        );
        let handle = courier.handle();
        tasks.spawn(courier.run(working.clone()));
        let reminders = Reminders::new(house.clone());
        tasks.spawn(reminders.clone().run(working.clone()));
        tasks.spawn(watch_token(
            token_refused,
            Arc::clone(&metrics),
            working.clone(),
        ));

        let front = Front::new(
            house.clone(),
            api,
            skew,
            Arc::new(handle.clone()),
            Arc::clone(&metrics),
            standing,
        );
        let front_tasks = front.tasks.clone();
        let (ended_sender, ended) = watch::channel(None);
        tasks.spawn({
            let stop = listening.clone();
            async move {
                let run = gateway::run(
                    &front,
                    &options.token,
                    &options.api_url,
                    standing.message_content,
                    &stop,
                );
                if let Err(error) = run.await {
                    ended_sender.send_replace(Some(why_ended(&error)));
                }
            }
        });
        Ok(Self {
            house,
            courier: handle,
            reminders,
            metrics,
            ended,
            listening,
            working,
            front_tasks,
            tasks,
            shutdown_timeout: options.shutdown_timeout,
            _lock: Arc::new(lock),
        })
    }

    /// What can be done without Discord: reads, and the terminal's verbs.
    pub fn house(&self) -> &House {
        &self.house
    }

    /// Figures.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Returns once the session with Discord cannot go on, with the reason.
    pub async fn ended(&self) -> anyhow::Result<()> {
        let mut ended = self.ended.clone();
        let reason = match ended.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_default(),
            // The task is gone without a reason: it was stopped.
            Err(_) => return Ok(()),
        };
        bail!(reason)
    }

    /// Returns once Discord shows everything that is written now.
    pub async fn settled(&self) {
        self.courier.settled().await;
    }

    /// Returns once everything that is due by now was done.
    pub async fn reminded(&self) {
        self.reminders.up_to_now().await;
    }

    /// What waits for delivery, in words: for scenarios, which must leave nothing behind.
    pub async fn undelivered(&self) -> Vec<String> {
        let mut left = Vec::new();
        let mut conn = match self.house.db.read().await {
            Ok(conn) => conn,
            Err(error) => return vec![error.to_string()],
        };
        match (
            views::due(&mut conn).await,
            effects::waiting(&mut conn).await,
        ) {
            (Ok(views), Ok(effects)) => {
                left.extend(views.iter().map(|view| format!("{view:?}")));
                left.extend(effects.iter().map(|effect| format!("{effect:?}")));
            }
            (Err(error), _) | (_, Err(error)) => left.push(error.to_string()),
        }
        if self.courier.figures().parked() > 0 {
            left.push(format!("{} parked", self.courier.figures().parked()));
        }
        left
    }

    /// Stops: first no more is taken in, then work in hand is finished, within the time that the
    /// configuration gives.
    pub async fn stop(self) {
        self.listening.cancel();
        self.front_tasks.close();
        let finished = tokio::time::timeout(self.shutdown_timeout, async {
            self.front_tasks.wait().await;
            self.working.cancel();
            self.tasks.close();
            self.tasks.wait().await;
        })
        .await;
        if finished.is_err() {
            // A call that hangs holds its task, and with it the file. The process ends anyway, and
            // whatever was not recorded is found out after the next start.
            self.working.cancel();
            warn!("stopped with work in hand; it goes on after the next start");
            return;
        }
        self.house.db.close().await;
    }
}

/// Waits until nobody else works on the database.
async fn take_lock(database_url: &str) -> anyhow::Result<CourierLock> {
    let path = Db::path_of(database_url)?;
    let mut told = false;
    loop {
        match CourierLock::take(&path) {
            Ok(lock) => return Ok(lock),
            Err(error @ LockError::Held { .. }) => {
                if !told {
                    warn!("{error}; waiting until it stops");
                    told = true;
                }
                tokio::time::sleep(TRY_AGAIN).await;
            }
            Err(error) => {
                return Err(ConfigFaults(vec![format!(
                    "DATABASE_URL names a place that cannot be used: {error}"
                )])
                .into());
            }
        }
    }
}

/// Who the token stands for. Waits while Discord cannot be reached.
async fn who_are_we(api: &dyn DiscordApi) -> anyhow::Result<Standing> {
    loop {
        match gateway::standing(api).await {
            Ok(standing) => {
                info!(application = standing.application, "the token is good");
                return Ok(standing);
            }
            Err(Failure::Refused { status: 401, .. }) => bail!(
                "Discord refuses DISCORD_TOKEN. Take a new one from the Bot page of the developer portal."
            ),
            Err(error) => {
                warn!(%error, "cannot reach Discord; trying again");
                tokio::time::sleep(TRY_AGAIN).await;
            }
        }
    }
}

/// The review as files: for people, for print, for programs.
fn review_files(
    incident: &Incident,
    events: &[TimelineEvent],
    names: &BTreeMap<UserId, String>,
) -> Result<Vec<File>, RenderError> {
    let links = Links {
        guild: incident.guild,
        channel: None,
    };
    let review = Review::of(incident, events, names, &links);
    Format::ALL
        .iter()
        .map(|format| {
            let bytes = render(&review, *format)?.into_bytes();
            Ok(File {
                name: file_name(&review, *format),
                bytes,
            })
        })
        .collect()
}

async fn watch_token(
    mut refused: watch::Receiver<bool>,
    metrics: Arc<Metrics>,
    stop: CancellationToken,
) {
    loop {
        tokio::select! {
            changed = refused.changed() => if changed.is_err() { return },
            () = stop.cancelled() => return,
        }
        metrics.set_token_refused(*refused.borrow_and_update());
    }
}

fn why_ended(error: &Ended) -> String {
    match error {
        Ended::Token => {
            "Discord refuses DISCORD_TOKEN. Take a new one from the Bot page of the developer portal."
                .to_owned()
        }
        other => other.to_string(),
    }
}
