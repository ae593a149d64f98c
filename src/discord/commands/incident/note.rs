//! `/incident note`: write something down.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{filled, incidents, past};
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::discord::handlers::Fields;
use crate::discord::modals::{self, input};
use crate::domain::ids::IncidentKey;
use crate::domain::verbs::note::Note;
use crate::use_cases::Target;

/// Write something on the timeline
#[poise::command(slash_command)]
pub async fn note(
    ctx: Context<'_>,
    #[description = "What is to be written down; without it a form opens"] text: Option<String>,
    #[description = "When it happened: 14:05, 10 min ago, yesterday 18:30 (now if you do not say)"]
    at: Option<String>,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let target = Target::named_or_here(incident);
    match filled(text) {
        Some(text) => run(front, &asked, target, text, at.as_deref()).await,
        None => {
            let shown = front.house.show(&asked.request(), &target).await?;
            let form = modals::note(Some(shown.incident.key), None, at.as_deref());
            front.open_form(&asked, form).await;
            Ok(())
        }
    }
}

/// `Add note` on the card.
pub async fn button(front: &Front, asked: &Asked, incident: IncidentKey) -> Done {
    front
        .open_form(asked, modals::note(Some(incident), None, None))
        .await;
    Ok(())
}

/// The form was filled.
pub async fn form(
    front: &Front,
    asked: &Asked,
    fields: &Fields,
    incident: Option<IncidentKey>,
) -> Done {
    let target = incident.map_or(Target::Here, Target::Key);
    let text = fields.get(input::TEXT).unwrap_or_default().to_owned();
    run(front, asked, target, text, fields.get(input::AT)).await
}

async fn run(
    front: &Front,
    asked: &Asked,
    target: Target,
    text: String,
    typed_at: Option<&str>,
) -> Done {
    let request = asked.change("note", &target, &[("text", Some(&text)), ("at", typed_at)]);
    let at = past(front, &request, typed_at).await?;
    let recorded = front
        .house
        .note(&request, &target, Note { text, at })
        .await?;
    front.answer_recorded(asked, &request, &recorded).await;
    Ok(())
}
