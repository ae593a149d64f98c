//! `/incident assign`: put somebody in a chair.

use serenity::all::User;

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{Choice, incidents};
use crate::discord::errors::Done;
use crate::domain::ids::UserId;
use crate::domain::words::Role;
use crate::use_cases::Target;

/// Give somebody a role in the response
#[poise::command(slash_command)]
pub async fn assign(
    ctx: Context<'_>,
    #[description = "Which role"] role: Choice<Role>,
    #[description = "Who takes it"] user: User,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let target = Target::named_or_here(incident);
    let user = UserId(user.id.get());
    let name = user.to_string();
    let typed = [
        ("role", Some(role.0.as_str())),
        ("user", Some(name.as_str())),
    ];
    let request = asked.change("assign", &target, &typed);
    let recorded = front.house.assign(&request, &target, role.0, user).await?;
    front.answer_recorded(&asked, &request, &recorded).await;
    Ok(())
}
