//! `/incident page`: call a person or a role now.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{Called, incidents, warn_if_silent};
use crate::discord::errors::Done;
use crate::discord::views;
use crate::domain::verbs::page::PageSomebody;
use crate::use_cases::Target;

/// Call a person or a role now
#[poise::command(slash_command)]
pub async fn page(
    ctx: Context<'_>,
    #[description = "A person or a role"] who: Called,
    #[description = "Why"] reason: Option<String>,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let target = Target::named_or_here(incident);
    let who = who.mention(&asked)?;
    let called = who.to_string();
    let typed = [
        ("who", Some(called.as_str())),
        ("reason", reason.as_deref()),
    ];
    let request = asked.change("page", &target, &typed);
    let ask = PageSomebody { who, reason };
    let recorded = front.house.page(&request, &target, ask).await?;
    let mut message = views::answer::recorded(&recorded.incident, &recorded.events);
    warn_if_silent(&mut message, Some(who), ctx.interaction);
    front
        .answer_change(&asked, &request, message, recorded.echoed)
        .await;
    Ok(())
}
