//! `warbell run`: the bot on Discord.

use anyhow::Context;

use crate::app::{App, Options};
use crate::clock::Clock;
use crate::config::{Config, ConfigFaults};
use crate::http;

/// Runs until it is told to stop.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let Some(token) = config.discord_token else {
        return Err(ConfigFaults(vec![
            "DISCORD_TOKEN is not set. Make an application at https://discord.com/developers/applications, take the token from its Bot page, and put it into .env (see .env.example). To look around without any account: `warbell demo` or `warbell sandbox`."
                .to_owned(),
        ])
        .into());
    };
    let http = match config.http_addr {
        Some(addr) => Some(http::bind(addr).await?),
        None => None,
    };
    let app = App::start(Options {
        token,
        api_url: config.discord_api_url,
        database_url: config.database_url,
        http,
        clock: Clock::system(),
        shutdown_timeout: config.shutdown_timeout,
    })
    .await?;
    let ended = tokio::select! {
        ended = app.ended() => ended,
        told = stop_signal() => told.context("cannot listen for signals"),
    };
    app.stop().await;
    ended
}

/// SIGTERM or SIGINT.
pub(super) async fn stop_signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            told = tokio::signal::ctrl_c() => told,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
