//! `/status`

pub mod draft;

use super::Context;
use crate::discord::errors::Done;

/// Tell customers where things stand
#[poise::command(
    slash_command,
    guild_only,
    subcommand_required,
    subcommands("draft::draft")
)]
pub async fn status(_: Context<'_>) -> Done {
    Ok(())
}
