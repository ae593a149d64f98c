//! `/setup show`

use super::view;
use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::errors::Done;

/// The settings as they stand
#[poise::command(slash_command)]
pub async fn show(ctx: Context<'_>) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let standing = front.house.setup_show(&asked.request()).await?;
    front.answer_private(&asked, view(&standing)).await;
    Ok(())
}
