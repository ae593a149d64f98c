//! `/incident resolve`: the response ends.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{filled, incidents};
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::discord::handlers::Fields;
use crate::discord::modals::{self, input};
use crate::domain::ids::IncidentKey;
use crate::domain::verbs::resolve::Resolve;
use crate::use_cases::Target;

/// End the response
#[poise::command(slash_command)]
pub async fn resolve(
    ctx: Context<'_>,
    #[description = "How it ended; without it a form opens"] summary: Option<String>,
    #[description = "What set it off, if it is known"] trigger: Option<String>,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let target = Target::named_or_here(incident);
    match filled(summary) {
        Some(summary) => run(front, &asked, target, Resolve { summary, trigger }).await,
        None => ask_how(front, &asked, &target, trigger.as_deref()).await,
    }
}

/// `Resolve` on the card.
pub async fn button(front: &Front, asked: &Asked, incident: IncidentKey) -> Done {
    ask_how(front, asked, &Target::Key(incident), None).await
}

/// The form was filled.
pub async fn form(front: &Front, asked: &Asked, fields: &Fields, incident: IncidentKey) -> Done {
    let ask = Resolve {
        summary: fields.get(input::SUMMARY).unwrap_or_default().to_owned(),
        trigger: fields.get(input::TRIGGER).map(str::to_owned),
    };
    run(front, asked, Target::Key(incident), ask).await
}

/// Opens the form, unless this person could not resolve it anyway.
async fn ask_how(front: &Front, asked: &Asked, target: &Target, trigger: Option<&str>) -> Done {
    let incident = front.house.may_resolve(&asked.request(), target).await?;
    front
        .open_form(
            asked,
            modals::resolve(incident.key, incident.id, None, trigger),
        )
        .await;
    Ok(())
}

async fn run(front: &Front, asked: &Asked, target: Target, ask: Resolve) -> Done {
    let typed = [
        ("summary", Some(ask.summary.as_str())),
        ("trigger", ask.trigger.as_deref()),
    ];
    let request = asked.change("resolve", &target, &typed);
    let recorded = front.house.resolve(&request, &target, ask).await?;
    front.answer_recorded(asked, &request, &recorded).await;
    Ok(())
}
