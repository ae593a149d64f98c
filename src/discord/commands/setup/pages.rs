//! `/setup pages`: who is called at which severity.

use super::view;
use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{Called, Choice, warn_if_silent};
use crate::discord::errors::Done;
use crate::domain::words::Severity;

/// Who is called when an incident is declared at, or escalated to, a severity
#[poise::command(slash_command)]
pub async fn pages(
    ctx: Context<'_>,
    #[description = "At which severity"] severity: Choice<Severity>,
    #[description = "A person or a role to call"] add: Option<Called>,
    #[description = "A person or a role no longer to call"] remove: Option<Called>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let add = add.map(|add| add.mention(&asked)).transpose()?;
    let standing = front
        .house
        .setup(&asked.request(), |settings| {
            if let Some(Called(gone)) = remove {
                settings.pages.retain(|entry| *entry != (severity.0, gone));
            }
            if let Some(new) = add
                && !settings.pages.contains(&(severity.0, new))
            {
                settings.pages.push((severity.0, new));
            }
        })
        .await?;
    let mut message = view(&standing);
    warn_if_silent(&mut message, add, ctx.interaction);
    front.answer_private(&asked, message).await;
    Ok(())
}
