//! `/incident show`: one incident as it stands.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::incidents;
use crate::discord::errors::Done;
use crate::discord::views;
use crate::use_cases::Target;

/// Where an incident stands
#[poise::command(slash_command)]
pub async fn show(
    ctx: Context<'_>,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let shown = front
        .house
        .show(&asked.request(), &Target::named_or_here(incident))
        .await?;
    let message = views::show::show(&shown.incident, front.house.clock.now());
    front.answer_private(&asked, message).await;
    Ok(())
}
