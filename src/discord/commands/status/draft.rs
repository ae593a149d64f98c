//! `/status draft`: write what customers are to be told.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{Choice, incidents};
use crate::discord::errors::Done;
use crate::domain::verbs::draft::Draft;
use crate::domain::words::Phase;
use crate::use_cases::Target;

/// Write an update for customers; it goes out once somebody approves it
#[poise::command(slash_command)]
pub async fn draft(
    ctx: Context<'_>,
    #[description = "Which stage it speaks of (the incident's if you do not say)"] phase: Option<
        Choice<Phase>,
    >,
    #[description = "What customers read (written from what is known if you do not say)"]
    text: Option<String>,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let target = Target::named_or_here(incident);
    let ask = Draft {
        phase: phase.map(|phase| phase.0),
        text,
    };
    let typed = [
        ("phase", ask.phase.map(Phase::as_str)),
        ("text", ask.text.as_deref()),
    ];
    let request = asked.change("draft", &target, &typed);
    let recorded = front.house.draft(&request, &target, ask).await?;
    front.answer_recorded(&asked, &request, &recorded).await;
    Ok(())
}
