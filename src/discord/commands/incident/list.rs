//! `/incident list`: what there is.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{Choice, Word};
use crate::discord::errors::Done;
use crate::discord::views;
use crate::store::incidents::Filter;

/// The incidents that you can see
#[poise::command(slash_command)]
pub async fn list(
    ctx: Context<'_>,
    #[description = "Which ones (open if you do not say)"] status: Option<Choice<Filter>>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let filter = status.map_or(Filter::Open, |status| status.0);
    let listed = front.house.list(&asked.request(), filter).await?;
    let message = views::list::list(&listed.incidents, filter.word(), listed.more);
    front.answer_private(&asked, message).await;
    Ok(())
}
