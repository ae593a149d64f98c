//! The stage: sandbox, bot and clock, and the terminal that shows channels as they change.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use secrecy::SecretString;

use crate::app::{App, Options};
use crate::clock::Clock;
use crate::domain::{text, time_tag};
use crate::sandbox::{Limits, Look, MessageLook, Sandbox, SandboxOptions, Server};

/// 14 July 2026, 16:56 UTC: two minutes before the surge is noticed.
const CURTAIN: DateTime<Utc> = DateTime::from_timestamp(1_784_048_160, 0).expect("a valid time");
/// The story takes about 75 minutes; at this speed it is told in under a minute.
const SPEED: f64 = 85.0;
/// How wide lines are told.
const WIDTH: usize = 100;

/// Sandbox, bot, clock and terminal.
pub struct Stage {
    /// The local Discord.
    pub sandbox: Sandbox,
    /// The shop's server.
    pub server: Server,
    /// The bot.
    pub app: App,
    /// Where files go.
    pub out: PathBuf,
    clock: Clock,
    speed: f64,
    seen: BTreeMap<u64, String>,
    colour: bool,
}

impl Stage {
    /// Starts the sandbox and the bot on it.
    pub async fn open(out: &Path, speed: Option<f64>) -> anyhow::Result<Self> {
        let clock = Clock::starting_at(CURTAIN);
        let sandbox = Sandbox::start(SandboxOptions {
            clock: clock.clone(),
            limits: Limits::default(),
            ..SandboxOptions::default()
        })
        .await
        .context("cannot start the sandbox")?;
        let server = sandbox.add_server("Prime Shop");
        let app = App::start(Options {
            token: SecretString::from(sandbox.token().to_owned()),
            api_url: sandbox.url(),
            database_url: format!("sqlite://{}", out.join("warbell.db").display()),
            http: None,
            clock: clock.clone(),
            shutdown_timeout: Duration::from_secs(5),
        })
        .await?;
        sandbox
            .connected()
            .await
            .context("the bot did not connect to the sandbox")?;
        app.settled().await;
        Ok(Self {
            sandbox,
            server,
            app,
            out: out.to_owned(),
            clock,
            speed: speed.unwrap_or(SPEED),
            seen: BTreeMap::new(),
            colour: std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        })
    }

    /// Stops everything.
    pub async fn close(self) -> anyhow::Result<()> {
        self.app.stop().await;
        self.sandbox.stop();
        Ok(())
    }

    /// Lets the story's time pass up to `clock` (`17:05`), then tells what somebody does.
    pub async fn at(&mut self, clock: &str, who: &str, what: &str) -> anyhow::Result<()> {
        let (hours, minutes) = clock.split_once(':').context("a time of the story")?;
        let midnight = CURTAIN - TimeDelta::seconds(CURTAIN.timestamp().rem_euclid(86_400));
        let then =
            midnight + TimeDelta::hours(hours.parse()?) + TimeDelta::minutes(minutes.parse()?);
        if let Ok(story) = (then - self.clock.now()).to_std() {
            tokio::time::sleep(story.div_f64(self.speed)).await;
            if let Ok(rest) = (then - self.clock.now()).to_std() {
                self.clock.advance(rest);
            }
        }
        let line = format!("{clock} UTC  {who}  {what}");
        self.print("")?;
        self.print(&self.paint("1", &line))?;
        Ok(())
    }

    /// Waits until everything is at rest, shows what changed, and checks that the step happened.
    pub async fn shown(
        &mut self,
        what: &str,
        happened: impl Fn(&Look) -> bool,
    ) -> anyhow::Result<()> {
        self.app.settled().await;
        let seen = self.sandbox.until(|look| happened(look)).await;
        self.app.settled().await;
        self.tell_changes()?;
        ensure!(
            seen.is_ok(),
            "{what}\n\nThe channels:\n{}",
            self.sandbox.look().dump()
        );
        Ok(())
    }

    /// Says something outside the story.
    pub fn aside(&self, line: &str) -> anyhow::Result<()> {
        self.print(&self.paint("2", line))
    }

    /// Shows new and changed messages, channel by channel.
    fn tell_changes(&mut self) -> anyhow::Result<()> {
        let look = self.sandbox.look();
        for channel in look.channels() {
            for message in channel.messages() {
                let text = told(&message);
                let before = self.seen.insert(message.id, text.clone());
                let (mark, colour) = match &before {
                    None => ("+", "32"),
                    Some(before) if *before != text => ("~", "33"),
                    Some(_) => continue,
                };
                let before = before.unwrap_or_default();
                let author = self.name_of(&look, message.author_id);
                let only = if message.is_ephemeral() {
                    " (only they see it)"
                } else {
                    ""
                };
                let head = format!("  {mark} #{} · {author}{only}", channel.name);
                self.print(&self.paint(colour, &head))?;
                // Of an edit, the lines that are new; a countdown that ticks is no edit.
                let new = text
                    .lines()
                    .filter(|line| !before.lines().any(|old| old == *line));
                for line in new {
                    for row in wrapped(&self.in_plain_words(&look, line)) {
                        self.print(&format!("      {row}"))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Mentions and time tags as a Discord client shows them.
    fn in_plain_words(&self, look: &Look, text: &str) -> String {
        let mut text = time_tag::spell_tags(text, Tz::UTC, self.clock.now());
        for user in look.scene().users.values() {
            text = text.replace(&format!("<@{}>", user.id), &format!("@{}", user.name));
        }
        for channel in look.channels() {
            text = text.replace(&format!("<#{}>", channel.id), &format!("#{}", channel.name));
        }
        for role in look
            .scene()
            .servers
            .values()
            .flat_map(|server| &server.roles)
        {
            text = text.replace(&format!("<@&{}>", role.1.id), &format!("@{}", role.1.name));
        }
        text
    }

    fn name_of(&self, look: &Look, user: u64) -> String {
        look.scene()
            .users
            .get(&user)
            .map_or_else(|| "Warbell".to_owned(), |user| user.name.clone())
    }

    fn paint(&self, code: &str, line: &str) -> String {
        if self.colour {
            format!("\u{1b}[{code}m{line}\u{1b}[0m")
        } else {
            line.to_owned()
        }
    }

    /// A line on the terminal. What people typed has no control characters here: the sandbox's
    /// text went through [`text::terminal`].
    fn print(&self, line: &str) -> anyhow::Result<()> {
        writeln!(std::io::stdout(), "{line}").context("cannot write to the terminal")
    }
}

/// A line in rows that fit the terminal, broken between words.
fn wrapped(line: &str) -> Vec<String> {
    let mut rows = vec![String::new()];
    for word in line.split(' ') {
        let row = rows.last().map_or(0, |row| row.chars().count());
        if row > 0 && row + 1 + word.chars().count() > WIDTH {
            rows.push(word.to_owned());
        } else if let Some(last) = rows.last_mut() {
            if row > 0 {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    rows
}

/// A message as the terminal tells it: its text, then its buttons.
fn told(message: &MessageLook) -> String {
    let mut told = text::terminal(&message.text());
    let buttons: Vec<String> = message
        .buttons()
        .iter()
        // Those that can be pressed; the sandbox puts the others in brackets.
        .filter(|label| !label.starts_with('['))
        .map(|label| format!("[{label}]"))
        .collect();
    if !buttons.is_empty() {
        told.push('\n');
        told.push_str(&buttons.join(" "));
    }
    if message.is_pinned() {
        told.push_str("\n(pinned)");
    }
    told
}
