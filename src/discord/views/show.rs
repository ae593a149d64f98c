//! `/incident show`: the card's content for one reader, with how long things took.

use chrono::{DateTime, TimeDelta, Utc};

use super::card::{framed, state};
use super::inert;
use crate::discord::message::Message;
use crate::domain::incident::Incident;
use crate::domain::milestones::Milestone;
use crate::domain::status_update::UpdateState;

/// Follow-ups that are named one by one.
const ACTIONS: usize = 5;

/// The incident as it stands. `now` is for what is not over yet.
pub fn show(incident: &Incident, now: DateTime<Utc>) -> Message {
    let mut parts = state(incident);
    parts.push(durations(incident, now));
    parts.push(counts(incident));
    parts.push(follow_ups(incident));
    Message {
        embeds: vec![framed(incident, &parts)],
        ..Message::default()
    }
}

fn durations(incident: &Incident, now: DateTime<Utc>) -> Vec<String> {
    let reached = |milestone| incident.milestones.get(milestone);
    let began = reached(Milestone::ImpactStarted).unwrap_or(incident.declared_at);
    let mut lines = Vec::new();
    for (what, to) in [
        ("acknowledge", Milestone::Acknowledged),
        ("identify", Milestone::Identified),
        ("mitigate", Milestone::Mitigated),
        ("resolve", Milestone::Resolved),
    ] {
        if let Some(at) = reached(to) {
            lines.push(format!("Time to {what}: {}", in_words(at - began)));
        }
    }
    if incident.status.is_open() {
        lines.push(format!("Running for {}", in_words(now - began)));
    }
    lines
}

/// `2 d 3 h`, `1 h 4 min`, `12 min`, `40 s`: the two largest units, never negative.
pub(crate) fn in_words(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

fn counts(incident: &Incident) -> Vec<String> {
    let published = incident
        .updates
        .iter()
        .filter(|update| matches!(update.state, UpdateState::Published { .. }))
        .count();
    let drafts = incident
        .updates
        .iter()
        .filter(|update| matches!(update.state, UpdateState::Draft { .. }))
        .count();
    let mut lines = vec![match incident.length {
        1 => "Timeline: 1 row".to_owned(),
        rows => format!("Timeline: {rows} rows"),
    }];
    if !incident.updates.is_empty() {
        lines.push(format!(
            "Customer updates: {published} published, {drafts} waiting for approval"
        ));
    }
    lines
}

fn follow_ups(incident: &Incident) -> Vec<String> {
    let open: Vec<_> = incident
        .actions
        .iter()
        .filter(|item| item.done.is_none())
        .collect();
    let mut lines: Vec<String> = open
        .iter()
        .take(ACTIONS)
        .map(|item| {
            let owner = item
                .owner
                .map_or_else(|| "no owner".to_owned(), |user| format!("<@{user}>"));
            format!(
                "Action item {}: {} ({owner})",
                item.number,
                inert(&item.text, 100)
            )
        })
        .collect();
    if open.len() > ACTIONS {
        lines.push(format!(
            "… and {} more: `/action list`",
            open.len() - ACTIONS
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::samples::{body, noon, resolved};
    use super::*;

    #[test]
    fn durations_keep_their_days() {
        let spans =
            [-5, 40, 60, 3_599, 3_840, 90_000, 183_600].map(|s| in_words(TimeDelta::seconds(s)));
        assert_eq!(
            spans.join(", "),
            "0 s, 40 s, 1 min, 59 min, 1 h 4 min, 1 d 1 h, 2 d 3 h"
        );
    }

    #[test]
    fn show_says_how_long_it_took() {
        let (incident, _) = resolved();
        let message = show(&incident, noon());
        let text = body(&message)["embeds"][0]["description"]
            .as_str()
            .unwrap()
            .to_owned();
        insta::assert_snapshot!(text, @r"
        **Critical · Resolved** · Technical
        Services: checkout, cart
        Impact: Customers see errors when they pay
        Customers: 120000
        Resolution: Capacity doubled, traffic redirected
        Trigger: Prime Day traffic

        Incident commander: <@1>
        Unclaimed: communications lead, scribe, operations lead

        Impact started <t:1752580560:f>
        Declared <t:1752580800:f>
        Acknowledged <t:1752580860:f>
        Identified <t:1752583200:f>
        Resolved <t:1752584220:f>

        Time to acknowledge: 5 min
        Time to identify: 44 min
        Time to resolve: 1 h 1 min

        Timeline: 9 rows
        ");
    }
}
