//! `/incident escalate`: raise the severity, and call the next people.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{Called, Choice, incidents, warn_if_silent};
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::discord::handlers::Fields;
use crate::discord::modals::{self, input};
use crate::discord::views;
use crate::domain::ids::{IncidentKey, Mention};
use crate::domain::verbs::escalate::Escalate;
use crate::domain::words::Severity;
use crate::use_cases::{Outcome, Recorded, Request, Target};

/// Raise the severity, and call the next people
#[poise::command(slash_command)]
pub async fn escalate(
    ctx: Context<'_>,
    #[description = "To which severity (one up if you do not say)"] to: Option<Choice<Severity>>,
    #[description = "Why"] reason: Option<String>,
    #[description = "Whom to call besides those whom /setup names"] page: Option<Called>,
    #[description = "Which incident (the one of this channel if you do not say)"]
    #[autocomplete = "incidents"]
    incident: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let page = page.map(|page| page.mention(&asked)).transpose()?;
    let ask = Escalate {
        to: to.map(|to| to.0),
        reason,
        page,
    };
    let called = ask.page;
    let (request, recorded) = run(front, &asked, Target::named_or_here(incident), ask).await?;
    let mut message = views::answer::recorded(&recorded.incident, &recorded.events);
    warn_if_silent(&mut message, called, ctx.interaction);
    front
        .answer_change(&asked, &request, message, recorded.echoed)
        .await;
    Ok(())
}

/// `Escalate` on the card: asks why.
pub async fn button(front: &Front, asked: &Asked, incident: IncidentKey) -> Done {
    let (shown, to) = front
        .house
        .may_escalate(&asked.request(), &Target::Key(incident))
        .await?;
    // The form carries the severity that it was opened for: of two people who fill it at once, the
    // second raises nothing further.
    front
        .open_form(asked, modals::escalate(incident, shown.id, Some(to), None))
        .await;
    Ok(())
}

/// The form was filled.
pub async fn form(
    front: &Front,
    asked: &Asked,
    fields: &Fields,
    incident: IncidentKey,
    to: Option<Severity>,
    page: Option<Mention>,
) -> Done {
    let ask = Escalate {
        to,
        reason: fields.get(input::REASON).map(str::to_owned),
        page,
    };
    let (request, recorded) = run(front, asked, Target::Key(incident), ask).await?;
    front.answer_recorded(asked, &request, &recorded).await;
    Ok(())
}

async fn run(
    front: &Front,
    asked: &Asked,
    target: Target,
    ask: Escalate,
) -> Outcome<(Request, Recorded)> {
    let page = ask.page.map(|who| who.to_string());
    let typed = [
        ("to", ask.to.map(Severity::as_str)),
        ("reason", ask.reason.as_deref()),
        ("page", page.as_deref()),
    ];
    let request = asked.change("escalate", &target, &typed);
    let recorded = front.house.escalate(&request, &target, ask).await?;
    Ok((request, recorded))
}
