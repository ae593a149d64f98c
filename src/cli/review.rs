//! `warbell review`: the review document without Discord.

use std::io::Write;

use anyhow::Context;

use super::ReviewArgs;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::actor::Person;
use crate::domain::ids::GuildId;
use crate::review::{Links, Review, render};
use crate::store::{Db, Schema};
use crate::use_cases::{House, Request, Target};

/// Writes the document to a file or to the terminal.
pub async fn review(config: &Config, args: ReviewArgs) -> anyhow::Result<()> {
    let db = Db::open(&config.database_url, Schema::MustMatch).await?;
    let house = House::new(db, Clock::system());
    let guild = match args.guild {
        Some(guild) => GuildId(guild),
        None => house.server_of(&args.id).await?,
    };
    let request = Request {
        person: Person::operator(login_name()),
        guild,
        channel: None,
        at: house.clock.now(),
        asking: None,
    };
    let material = house
        .review_material(&request, &Target::Named(args.id))
        .await?;
    let links = Links {
        guild,
        channel: material.channel,
    };
    let review = Review::of(
        &material.incident,
        &material.events,
        &material.names,
        &links,
    );
    let document = render(&review, args.format)?;
    match args.out {
        Some(path) => std::fs::write(&path, document)
            .with_context(|| format!("cannot write {}", path.display())),
        None => std::io::stdout()
            .write_all(document.as_bytes())
            .context("cannot write to the terminal"),
    }
}

/// Who sits at the terminal.
fn login_name() -> String {
    ["LOGNAME", "USER"]
        .into_iter()
        .find_map(|key| std::env::var(key).ok().filter(|name| !name.is_empty()))
        .unwrap_or_else(|| "operator".to_owned())
}
