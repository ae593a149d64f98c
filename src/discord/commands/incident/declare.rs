//! `/incident declare`: say that it is an incident.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{Choice, filled, past};
use crate::discord::errors::Done;
use crate::discord::front::Front;
use crate::discord::handlers::Fields;
use crate::discord::modals::{self, input};
use crate::discord::views;
use crate::domain::ids::IncidentId;
use crate::domain::refusal::Refusal;
use crate::domain::verbs::declare::Declare;
use crate::domain::words::{Kind, Severity};
use crate::use_cases::Request;
use crate::use_cases::declare::Declared;
use chrono::{DateTime, Utc};

/// Say that it is an incident: opens its channel
#[poise::command(slash_command)]
#[expect(clippy::too_many_arguments, reason = "one per option of the command")]
pub async fn declare(
    ctx: Context<'_>,
    #[description = "What is wrong, in a few words; without it a form opens"] title: Option<String>,
    #[description = "How bad it is; in doubt the worse (major if you do not say)"] severity: Option<
        Choice<Severity>,
    >,
    #[description = "What sort (technical if you do not say)"] kind: Option<Choice<Kind>>,
    #[description = "The parts that are hurt, separated by commas"] service: Option<String>,
    #[description = "What is known so far"] summary: Option<String>,
    #[description = "When it began: 14:05, 10 min ago, yesterday 18:30"] started_at: Option<String>,
    #[description = "Only its own people see it"] private: Option<bool>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let (severity, kind) = (severity.map(|it| it.0), kind.map(|it| it.0));
    let began = past(front, &asked.request(), started_at.as_deref()).await?;
    let Some(title) = filled(title) else {
        front
            .open_form(
                &asked,
                modals::declare(modals::Typed {
                    title: None,
                    severity: severity.map(Severity::as_str),
                    kind: kind.map(Kind::as_str),
                    service: service.as_deref(),
                    summary: summary.as_deref(),
                    started_at: began,
                    private,
                }),
            )
            .await;
        return Ok(());
    };
    let request = asked.declare(&[
        ("title", Some(&title)),
        ("severity", severity.map(Severity::as_str)),
        ("kind", kind.map(Kind::as_str)),
        ("service", service.as_deref()),
        ("summary", summary.as_deref()),
        ("started_at", started_at.as_deref()),
        ("private", private.map(|it| if it { "yes" } else { "no" })),
    ]);
    let ask = Declare {
        title,
        severity,
        kind,
        services: service,
        summary,
        started_at: began,
        private,
    };
    let declared = front.house.declare(&request, ask).await?;
    answer(front, &asked, &request, declared).await;
    Ok(())
}

/// The form was filled.
pub async fn form(
    front: &Front,
    asked: &Asked,
    fields: &Fields,
    started_at: Option<DateTime<Utc>>,
    private: Option<bool>,
) -> Done {
    let kind = match fields.get(input::KIND) {
        Some(typed) => Some(Kind::read(typed).ok_or_else(|| Refusal::UnknownKind {
            typed: typed.to_owned(),
        })?),
        None => None,
    };
    let mut ask = Declare {
        title: fields.get(input::TITLE).unwrap_or_default().to_owned(),
        severity: None,
        kind,
        services: fields.get(input::SERVICE).map(str::to_owned),
        summary: fields.get(input::SUMMARY).map(str::to_owned),
        started_at,
        private,
    };
    if let Some(typed) = fields.get(input::SEVERITY) {
        ask.severity = Severity::read(typed);
        if ask.severity.is_none() {
            let held = front
                .house
                .hold_declaration(&asked.request(), asked.user, &ask)
                .await?;
            front
                .answer_private(asked, views::answer::severity_question(typed, held))
                .await;
            return Ok(());
        }
    }
    let began = started_at.map(|at| at.timestamp().to_string());
    let request = asked.declare(&[
        ("title", Some(&ask.title)),
        ("severity", ask.severity.map(Severity::as_str)),
        ("kind", kind.map(Kind::as_str)),
        ("service", ask.services.as_deref()),
        ("summary", ask.summary.as_deref()),
        ("started_at", began.as_deref()),
        ("private", private.map(|it| if it { "yes" } else { "no" })),
    ]);
    let declared = front.house.declare(&request, ask).await?;
    answer(front, asked, &request, declared).await;
    Ok(())
}

/// One of the three buttons under a severity that could not be read.
pub async fn severity_chosen(front: &Front, asked: &Asked, form: i64, severity: Severity) -> Done {
    let held = form.to_string();
    let request = asked.declare(&[("form", Some(&held)), ("severity", Some(severity.as_str()))]);
    let declared = front
        .house
        .declare_held(&request, asked.user, form, severity)
        .await?;
    answer(front, asked, &request, declared).await;
    Ok(())
}

async fn answer(front: &Front, asked: &Asked, request: &Request, declared: Declared) {
    let alike: Vec<(IncidentId, String, _)> = declared
        .look_alikes
        .into_iter()
        .map(|it| (it.id, it.title, it.channel))
        .collect();
    let recorded = &declared.recorded;
    let message = views::answer::declared(&recorded.incident, recorded.channel, &alike);
    front
        .answer_change(asked, request, message, recorded.incident.is_private())
        .await;
}
