//! `/incident update`: say where the response stands.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{Choice, incidents};
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::discord::views;
use crate::domain::ids::IncidentKey;
use crate::domain::status::StatusName;
use crate::domain::verbs::update::Update;
use crate::use_cases::Target;

/// Say where the response stands
#[poise::command(slash_command)]
pub async fn update(
    ctx: Context<'_>,
    #[description = "Where it stands now"] status: Choice<StatusName>,
    #[description = "What there is to say about it"] note: Option<String>,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    run(
        front,
        &asked,
        Target::named_or_here(incident),
        Update {
            status: status.0,
            note,
        },
    )
    .await
}

/// `Update status` on the card: asks for the new one.
pub async fn button(front: &Front, asked: &Asked, incident: IncidentKey) -> Done {
    let shown = front
        .house
        .may_update(&asked.request(), &Target::Key(incident))
        .await?;
    front
        .answer_private(asked, views::answer::status_question(&shown))
        .await;
    Ok(())
}

/// The new status was chosen.
pub async fn chosen(
    front: &Front,
    asked: &Asked,
    incident: IncidentKey,
    status: StatusName,
) -> Done {
    run(
        front,
        asked,
        Target::Key(incident),
        Update { status, note: None },
    )
    .await
}

async fn run(front: &Front, asked: &Asked, target: Target, ask: Update) -> Done {
    let typed = [
        ("status", Some(ask.status.as_str())),
        ("note", ask.note.as_deref()),
    ];
    let request = asked.change("update", &target, &typed);
    let recorded = front.house.update(&request, &target, ask).await?;
    front.answer_recorded(asked, &request, &recorded).await;
    Ok(())
}
