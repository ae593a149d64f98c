//! `/review`

pub mod review_generate;

use super::Context;
use crate::discord::errors::Done;

/// Learn from an incident
#[poise::command(
    slash_command,
    guild_only,
    subcommand_required,
    subcommands("review_generate::generate")
)]
pub async fn review(_: Context<'_>) -> Done {
    Ok(())
}
