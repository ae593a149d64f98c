//! `/incident help`: what there is, who may, what next.

use crate::discord::asking::Asked;
use crate::discord::commands::{Context, names};
use crate::discord::errors::Done;
use crate::discord::views;

/// What you can do here, and what next
#[poise::command(slash_command)]
pub async fn help(ctx: Context<'_>) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let names = names(&ctx.framework.options.commands);
    front
        .answer_private(&asked, views::help::help(|name| names.contains(name)))
        .await;
    Ok(())
}
