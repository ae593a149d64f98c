//! `/incident timeline`: what happened, a page at a time.

use crate::discord::answering::Answer;
use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::incidents;
use crate::discord::components::Direction;
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::discord::message::Message;
use crate::discord::views;
use crate::domain::ids::IncidentKey;
use crate::domain::timeline::Seq;
use crate::use_cases::Target;
use crate::use_cases::timeline::{Page, Turn};

/// What happened, row by row
#[poise::command(slash_command)]
pub async fn timeline(
    ctx: Context<'_>,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let target = Target::named_or_here(incident);
    let page = front
        .house
        .timeline(&asked.request(), &target, Turn::Newest)
        .await?;
    front.answer_private(&asked, view(&page)).await;
    Ok(())
}

/// `Older` and `Newer`: the same message shows other rows.
pub async fn turn(
    front: &Front,
    asked: &Asked,
    incident: IncidentKey,
    from: Seq,
    direction: Direction,
) -> Done {
    let turn = match direction {
        Direction::Older => Turn::Before(from),
        Direction::Newer => Turn::After(from),
    };
    let page = front
        .house
        .timeline(&asked.request(), &Target::Key(incident), turn)
        .await?;
    front
        .answer(&asked.ticket, Answer::Replace(view(&page)))
        .await;
    Ok(())
}

fn view(page: &Page) -> Message {
    views::timeline::page(&page.incident, &page.rows, page.newer, page.older)
}
