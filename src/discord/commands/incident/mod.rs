//! `/incident`

pub mod assign;
pub mod declare;
pub mod escalate;
pub mod help;
pub mod list;
pub mod note;
pub mod page;
pub mod resolve;
pub mod show;
pub mod timeline;
pub mod update;

use super::Context;
use crate::discord::errors::Done;

/// Declare an incident, record it, move it, resolve it
#[poise::command(
    slash_command,
    guild_only,
    subcommand_required,
    subcommands(
        "declare::declare",
        "escalate::escalate",
        "page::page",
        "update::update",
        "resolve::resolve",
        "assign::assign",
        "note::note",
        "show::show",
        "timeline::timeline",
        "list::list",
        "help::help"
    )
)]
pub async fn incident(_: Context<'_>) -> Done {
    Ok(())
}
