//! The incident card: the present state, pinned in the incident's channel.

use serenity::builder::CreateEmbed;
use serenity::model::application::ButtonStyle;

use super::{
    DESCRIPTION_MAX, Shown, button, buttons, colour, cut, heading, inert, row, standing, tag,
};
use crate::discord::components::Button;
use crate::discord::message::Message;
use crate::domain::incident::Incident;
use crate::domain::milestones::Milestone;
use crate::domain::timeline::TimelineEvent;
use crate::domain::words::{Role, Severity};

/// Rows of the timeline on the card.
const LATEST: usize = 3;
/// Calls on the card that nobody has answered.
const WAITING: usize = 3;

/// The card. `latest`: the newest rows of the timeline, newest last.
pub fn card(incident: &Incident, latest: &[TimelineEvent]) -> Message {
    let mut parts = state(incident);
    let rows = &latest[latest.len().saturating_sub(LATEST)..];
    parts.push(
        rows.iter()
            .map(|event| row(event, Shown::Clock, 160))
            .collect(),
    );
    Message {
        embeds: vec![framed(incident, &parts)],
        rows: buttons(vec![
            take_command(incident),
            button(
                &Button::AddNote {
                    incident: incident.key,
                },
                "Add note",
                ButtonStyle::Secondary,
            ),
            button(
                &Button::UpdateStatus {
                    incident: incident.key,
                },
                "Update status",
                ButtonStyle::Secondary,
            )
            .disabled(!incident.status.is_open()),
            button(
                &Button::Escalate {
                    incident: incident.key,
                },
                "Escalate",
                ButtonStyle::Danger,
            )
            .disabled(!incident.status.is_open() || incident.severity == Severity::Critical),
            button(
                &Button::Resolve {
                    incident: incident.key,
                },
                "Resolve",
                ButtonStyle::Success,
            )
            .disabled(!incident.status.is_open()),
        ]),
        ..Message::default()
    }
}

fn take_command(incident: &Incident) -> serenity::builder::CreateButton {
    let held = incident.holder(Role::Commander).is_some();
    button(
        &Button::TakeCommand {
            incident: incident.key,
        },
        "Take command",
        ButtonStyle::Primary,
    )
    .disabled(held || !incident.status.is_open())
}

/// Groups of lines, set apart by a blank one.
pub(super) fn framed(incident: &Incident, parts: &[Vec<String>]) -> CreateEmbed {
    let text: Vec<String> = parts
        .iter()
        .filter(|lines| !lines.is_empty())
        .map(|lines| lines.join("\n"))
        .collect();
    CreateEmbed::new()
        .title(cut(&heading(incident), 256))
        .colour(colour(incident))
        .description(cut(&text.join("\n\n"), DESCRIPTION_MAX))
}

/// What the card and `/incident show` both say.
pub(super) fn state(incident: &Incident) -> Vec<Vec<String>> {
    vec![
        now(incident),
        chairs(incident),
        reached(incident),
        waits(incident),
    ]
}

fn now(incident: &Incident) -> Vec<String> {
    let mut lines = vec![format!("**{}** · {}", standing(incident), incident.kind)];
    if !incident.services.is_empty() {
        lines.push(format!(
            "Services: {}",
            inert(&incident.services.join(", "), 300)
        ));
    }
    if let Some(summary) = &incident.summary {
        lines.push(inert(summary, 400));
    }
    if let Some(description) = &incident.impact.description {
        lines.push(format!("Impact: {}", inert(description, 400)));
    }
    if let Some(customers) = &incident.impact.customers {
        lines.push(format!("Customers: {}", inert(customers, 100)));
    }
    if let Some(cost) = &incident.impact.revenue_per_minute {
        lines.push(format!("Revenue per minute: {}", inert(cost, 100)));
    }
    if let Some(resolution) = &incident.resolution {
        lines.push(format!("Resolution: {}", inert(resolution, 400)));
    }
    if let Some(trigger) = &incident.trigger {
        lines.push(format!("Trigger: {}", inert(trigger, 200)));
    }
    if incident.is_private() {
        lines.push("Private. Administrators of this server can always see it.".to_owned());
    }
    lines
}

fn chairs(incident: &Incident) -> Vec<String> {
    let mut lines = Vec::new();
    let mut empty = Vec::new();
    for role in Role::ALL {
        match incident.holder(*role) {
            Some(user) => lines.push(format!("{role}: <@{user}>")),
            None if *role == Role::Commander => lines.push(format!("{role}: unclaimed")),
            None => empty.push(role.label().to_lowercase()),
        }
    }
    if let Some(user) = incident.handoff_to {
        lines.push(format!("Command is offered to <@{user}>"));
    }
    if !empty.is_empty() {
        lines.push(format!("Unclaimed: {}", empty.join(", ")));
    }
    lines
}

fn reached(incident: &Incident) -> Vec<String> {
    Milestone::ALL
        .iter()
        .filter_map(|milestone| {
            let at = incident.milestones.get(*milestone)?;
            Some(format!("{} {}", milestone.label(), tag(at, Shown::Date)))
        })
        .collect()
}

fn waits(incident: &Incident) -> Vec<String> {
    let mut lines = Vec::new();
    if !incident.status.is_open() {
        return lines;
    }
    let unanswered = incident
        .pages
        .iter()
        .rev()
        .filter(|page| page.acknowledged.is_none());
    for page in unanswered.take(WAITING) {
        lines.push(format!(
            "Paged {}, {}: not acknowledged yet",
            page.who,
            tag(page.at, Shown::Relative)
        ));
    }
    if let Some(next) = incident.next_update {
        lines.push(format!(
            "Next customer update due {}",
            tag(next.due_at, Shown::Relative)
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::samples::{body, labels, prime_day, resolved};
    use super::*;

    #[test]
    fn the_card_of_an_incident_with_a_commander() {
        let (incident, events) = prime_day();
        let card = card(&incident, &events);
        let embed = &body(&card)["embeds"][0];
        insta::assert_snapshot!(embed["title"].as_str().unwrap(), @"INC-7 · Checkout errors for all customers");
        insta::assert_snapshot!(embed["description"].as_str().unwrap(), @r"
        **Critical · Investigating** · Technical
        Services: checkout, cart
        Impact: Customers see errors when they pay
        Customers: 120000

        Incident commander: <@1>
        Unclaimed: communications lead, scribe, operations lead

        Impact started <t:1752580560:f>
        Declared <t:1752580800:f>
        Acknowledged <t:1752580860:f>

        Paged <@&5>, <t:1752580920:R>: not acknowledged yet
        Next customer update due <t:1752582120:R>

        #5 <t:1752581100:t> Impact: Customers see errors when they pay · customers: 120000 — <@1>
        #6 <t:1752581340:t> Mitigation begun: Scale up: doubling the \*\*order\*\* service — <@1>
        #7 <t:1752581460:t> Note: CPU at 98 % on all hosts queue grows — <@1>
        ");
        insta::assert_snapshot!(labels(&card), @"Take command (off), Add note, Update status, Escalate (off), Resolve");
    }

    #[test]
    fn a_resolved_card_takes_notes_only() {
        let (incident, events) = resolved();
        insta::assert_snapshot!(labels(&card(&incident, &events)), @"Take command (off), Add note, Update status (off), Escalate (off), Resolve (off)");
    }
}
