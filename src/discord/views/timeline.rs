//! A page of the timeline.

use chrono::TimeDelta;
use serenity::builder::CreateEmbed;
use serenity::model::application::ButtonStyle;

use super::{Shown, button, buttons, colour, cut, heading, row};
use crate::discord::components::{Button, Direction};
use crate::discord::message::Message;
use crate::domain::incident::Incident;
use crate::domain::timeline::TimelineEvent;

/// Rows on a page.
pub const ROWS: usize = 20;
/// Characters in a row.
const ROW_MAX: usize = 120;

/// Up to [`ROWS`] rows, oldest first; whether there are newer and older ones.
pub fn page(incident: &Incident, rows: &[TimelineEvent], newer: bool, older: bool) -> Message {
    let rows = &rows[rows.len().saturating_sub(ROWS)..];
    // Over half a day a clock time alone could be yesterday's.
    let shown = match (rows.first(), rows.last()) {
        (Some(first), Some(last))
            if last.occurred_at - first.occurred_at > TimeDelta::hours(12) =>
        {
            Shown::Date
        }
        _ => Shown::Clock,
    };
    let lines: Vec<String> = rows
        .iter()
        .map(|event| row(event, shown, ROW_MAX))
        .collect();
    let text = if lines.is_empty() {
        "No rows here.".to_owned()
    } else {
        lines.join("\n")
    };
    let frame = CreateEmbed::new()
        .title(cut(&format!("{} · timeline", heading(incident)), 256))
        .colour(colour(incident))
        .description(text);
    let mut turns = Vec::new();
    if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
        let turn = |from, direction| Button::TimelinePage {
            incident: incident.key,
            from,
            direction,
        };
        let (back, on) = (
            turn(first.seq, Direction::Older),
            turn(last.seq, Direction::Newer),
        );
        if older || newer {
            turns.push(button(&back, "Older", ButtonStyle::Secondary).disabled(!older));
            turns.push(button(&on, "Newer", ButtonStyle::Secondary).disabled(!newer));
        }
    }
    Message {
        embeds: vec![frame],
        rows: buttons(turns),
        ..Message::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{body, labels, prime_day};
    use super::*;

    #[test]
    fn a_timeline_reads_from_the_oldest_row_down() {
        let (incident, events) = prime_day();
        let message = page(&incident, &events, false, true);
        let text = body(&message)["embeds"][0]["description"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            text.lines().all(|line| line.chars().count() <= ROW_MAX),
            "{text}"
        );
        insta::assert_snapshot!(text, @r"
        #1 <t:1752580800:t> Declared as Major, technical, began <t:1752580560:f>: Checkout errors for all customers — <@1>
        #2 <t:1752580860:t> <@1> took command
        #3 <t:1752580920:t> Severity raised from Major to Critical: every second order fails — <@1>
        #4 <t:1752580920:t> Paged <@&5>: every second order fails — <@1>
        #5 <t:1752581100:t> Impact: Customers see errors when they pay · customers: 120000 — <@1>
        #6 <t:1752581340:t> Mitigation begun: Scale up: doubling the \*\*order\*\* service — <@1>
        #7 <t:1752581460:t> Note: CPU at 98 % on all hosts queue grows — <@1>
        ");
        assert_eq!(labels(&message), "Older, Newer (off)");
        assert_eq!(labels(&page(&incident, &events, false, false)), "");
    }
}
