//! `/me`

pub mod zone;

use super::Context;
use crate::discord::errors::Done;

/// Your own settings
#[poise::command(
    slash_command,
    guild_only,
    subcommand_required,
    subcommands("zone::zone")
)]
pub async fn me(_: Context<'_>) -> Done {
    Ok(())
}
