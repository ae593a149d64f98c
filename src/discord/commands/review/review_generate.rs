//! `/review generate`: the review document from the timeline as it stands.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::incidents;
use crate::discord::errors::Done;
use crate::use_cases::Target;

/// Make the review (postmortem, retrospective) from the timeline
#[poise::command(slash_command)]
pub async fn generate(
    ctx: Context<'_>,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let target = Target::named_or_here(incident);
    let request = asked.change("review_generate", &target, &[]);
    let recorded = front.house.review_generate(&request, &target).await?;
    front.answer_recorded(&asked, &request, &recorded).await;
    Ok(())
}
