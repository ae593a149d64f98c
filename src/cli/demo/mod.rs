//! `warbell demo`: the Prime Day incident, played on the built-in sandbox.
//!
//! Real bot, real store, real HTTP and WebSocket; only Discord is the local one. Each step is
//! checked against the sandbox's world and the database, and the demo fails if one did not happen.

mod figures;
mod out;
mod stage;
mod story;

use std::path::PathBuf;

use anyhow::Context;

use self::stage::Stage;

/// How the demo is played.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where the database and the review documents go; replaced if an earlier demo made it.
    #[arg(long, default_value = "demo-out")]
    out: PathBuf,
    /// Story seconds per second; by default the whole takes under a minute.
    #[arg(long, value_parser = read_speed)]
    speed: Option<f64>,
}

/// Plays the story.
pub async fn demo(args: Args) -> anyhow::Result<()> {
    out::prepare(&args.out)?;
    let mut stage = Stage::open(&args.out, args.speed).await?;
    let played = story::play(&mut stage).await;
    let closed = stage.close().await;
    played.context("the demo stopped: a step did not happen")?;
    closed
}

fn read_speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if speed.is_finite() && speed > 0.0 => Ok(speed),
        _ => Err("a speed is a number over 0, e.g. 80".to_owned()),
    }
}
