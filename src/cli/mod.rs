//! The terminal: what is typed, and which exit code it comes to.
//!
//! Exit codes: 0 done, 1 refused or failed, 2 bad usage or configuration. Logs go to stderr only.

#[cfg(feature = "sandbox")]
mod demo;
mod review;
mod run;
#[cfg(feature = "sandbox")]
mod sandbox;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigFaults};
use crate::domain::text;
use crate::review::Format;
use crate::telemetry;

/// Incident command for Discord.
#[derive(Debug, Parser)]
#[command(name = "warbell", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play the Prime Day incident on the built-in sandbox, from the first alert to the review.
    #[cfg(feature = "sandbox")]
    Demo(demo::Args),
    /// Run the built-in local Discord with the bot connected, for trying things out.
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Args),
    /// Run the bot on Discord. Needs DISCORD_TOKEN.
    Run,
    /// Write the review document of an incident, without Discord.
    Review(ReviewArgs),
}

#[derive(Debug, clap::Args)]
struct ReviewArgs {
    /// The incident, e.g. INC-2.
    id: String,
    /// md, html or json.
    #[arg(long, default_value = "md")]
    format: Format,
    /// The file to write; the terminal if not given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// The server, where more than one has that incident.
    #[arg(long)]
    guild: Option<u64>,
}

/// Bad usage or configuration.
const BAD_USAGE: u8 = 2;

/// Parses the command line, runs it, and gives the exit code.
pub fn main() -> ExitCode {
    // Beside the environment, and behind it: a variable that is set wins.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        eprintln!("warbell: cannot read .env: {error}");
        return ExitCode::from(BAD_USAGE);
    }
    let cli = Cli::parse();
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(faults) => {
            eprintln!("warbell: {faults}");
            return ExitCode::from(BAD_USAGE);
        }
    };
    telemetry::start(&log_filter(&cli.command, &config), config.log_format);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("warbell: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let done = runtime.block_on(async {
        match cli.command {
            #[cfg(feature = "sandbox")]
            Command::Demo(args) => demo::demo(args).await,
            #[cfg(feature = "sandbox")]
            Command::Sandbox(args) => sandbox::sandbox(args).await,
            Command::Run => run::run(config).await,
            Command::Review(args) => review::review(&config, args).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("warbell: {}", text::terminal(&format!("{error:#}")));
            if error.downcast_ref::<ConfigFaults>().is_some() {
                return ExitCode::from(BAD_USAGE);
            }
            ExitCode::FAILURE
        }
    }
}

/// The demo shows channels, not logs, unless somebody asks for them.
fn log_filter(command: &Command, config: &Config) -> String {
    #[cfg(feature = "sandbox")]
    if matches!(command, Command::Demo(_)) && std::env::var_os("RUST_LOG").is_none() {
        return "error".to_owned();
    }
    let _ = command;
    config.log_filter.clone()
}
