//! `warbell sandbox`: the built-in local Discord with the bot connected.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use secrecy::SecretString;

use super::run::stop_signal;
use crate::app::{App, Options};
use crate::clock::Clock;
use crate::sandbox::{Sandbox, SandboxOptions};

/// Where the sandbox listens.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address of REST, gateway and driver; loopback only.
    #[arg(long, default_value = "127.0.0.1:7070", value_parser = read_loopback)]
    bind: SocketAddr,
}

/// Runs until it is told to stop. Its world and its database live as long as the process.
pub async fn sandbox(args: Args) -> anyhow::Result<()> {
    let clock = Clock::starting_at(Clock::system().now());
    let sandbox = Sandbox::start(SandboxOptions {
        clock: clock.clone(),
        bind: args.bind,
        ..SandboxOptions::default()
    })
    .await
    .with_context(|| {
        format!(
            "cannot listen on {}. Name another address with --bind.",
            args.bind
        )
    })?;
    let server = sandbox.add_server("Prime Shop");
    server.add_member("ana").make_manager();
    server.add_member("ben");
    let folder = TempFolder::new()?;
    let app = App::start(Options {
        token: SecretString::from(sandbox.token().to_owned()),
        api_url: sandbox.url(),
        database_url: format!("sqlite://{}", folder.0.join("sandbox.db").display()),
        http: None,
        clock,
        shutdown_timeout: Duration::from_secs(5),
    })
    .await?;
    sandbox
        .connected()
        .await
        .context("the bot did not connect to the sandbox")?;
    let url = sandbox.url();
    println!(
        "A local Discord at {url}, with the server “Prime Shop”, its manager ana, its member ben, and the bot.\n\
         \n\
         Declare:   curl -s {url}/sandbox/people/ana/slash -d '{{\"channel\":\"general\",\"command\":\"incident declare\",\"options\":{{\"title\":\"Checkout down\",\"severity\":\"major\"}}}}'\n\
         Look:      curl -s {url}/sandbox/world\n\
         Requests:  curl -s {url}/sandbox/requests\n\
         Move time: curl -s {url}/sandbox/clock/advance -d '{{\"seconds\":1200}}'\n\
         \n\
         A bot of your own: DISCORD_API_URL={url} DISCORD_TOKEN={} warbell run\n\
         Ctrl-C ends it; nothing is kept.",
        sandbox.token()
    );
    let ended = tokio::select! {
        ended = app.ended() => ended,
        told = stop_signal() => told.context("cannot listen for signals"),
    };
    app.stop().await;
    sandbox.stop();
    ended
}

/// The database of a sandbox; gone with it.
struct TempFolder(std::path::PathBuf);

impl TempFolder {
    fn new() -> anyhow::Result<Self> {
        let name = format!("warbell-sandbox-{:016x}", rand::random::<u64>());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A pretended Discord takes commands from whoever reaches it, so it stays on this machine.
fn read_loopback(text: &str) -> Result<SocketAddr, String> {
    let addr: SocketAddr = text
        .parse()
        .map_err(|_| "an address is written like 127.0.0.1:7070".to_owned())?;
    if addr.ip().is_loopback() {
        Ok(addr)
    } else {
        Err("the sandbox listens on loopback only, e.g. 127.0.0.1:7070".to_owned())
    }
}
