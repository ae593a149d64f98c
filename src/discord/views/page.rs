//! A page: the message that really pings.

use serenity::model::application::ButtonStyle;

use super::{Shown, button, buttons, heading, inert, tag, who};
use crate::discord::components::Button;
use crate::discord::message::Message;
use crate::domain::effect::Say;
use crate::domain::incident::Incident;
use crate::domain::page::Page;

/// Call `round` of a page: 1 is the page, 2 its repetition. Once it is answered, or the response
/// has ended, the same message says so and calls nobody.
pub fn page(incident: &Incident, page: &Page, round: u32) -> Message {
    let waits = page.acknowledged.is_none() && incident.status.is_open();
    let mut lines = vec![format!("{} **{}**", page.who, heading(incident))];
    lines.push(format!("Severity: {}", incident.severity));
    if !page.reason.is_empty() {
        lines.push(format!("Reason: {}", inert(&page.reason, 900)));
    }
    lines.push(format!(
        "Called by {} {}",
        who(&page.by),
        tag(page.at, Shown::Clock)
    ));
    match &page.acknowledged {
        Some((by, at)) => {
            lines.push(format!(
                "Acknowledged by {} {}",
                who(by),
                tag(*at, Shown::Clock)
            ));
        }
        None if !waits => lines.push(format!("No longer needed: {}.", incident.status.name())),
        None if round > 1 => lines.push("Second call: nobody has answered the first.".to_owned()),
        None => {}
    }
    let said = Say::Page {
        page: page.number,
        round,
    };
    lines.push(format!("-# {}", said.readable_id(incident)));
    let acknowledge = Button::Acknowledge {
        incident: incident.key,
        page: page.number,
    };
    Message {
        content: lines.join("\n"),
        rows: buttons(if waits {
            vec![button(&acknowledge, "Acknowledge", ButtonStyle::Success)]
        } else {
            Vec::new()
        }),
        pings: if waits { vec![page.who] } else { Vec::new() },
        ..Message::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{ben, labels, noon, paged, prime_day};
    use super::*;

    #[test]
    fn a_page_pings_exactly_the_paged() {
        let (incident, _) = prime_day();
        let message = page(&incident, &paged(), 1);
        assert_eq!(message.pings, [paged().who]);
        insta::assert_snapshot!(message.content, @r"
        <@&5> **INC-7 · Checkout errors for all customers**
        Severity: Critical
        Reason: every second order fails
        Called by <@1> <t:1752580800:t>
        -# INC-7 · page 1
        ");
        assert_eq!(labels(&message), "Acknowledge");
        insta::assert_snapshot!(page(&incident, &paged(), 2).content, @r"
        <@&5> **INC-7 · Checkout errors for all customers**
        Severity: Critical
        Reason: every second order fails
        Called by <@1> <t:1752580800:t>
        Second call: nobody has answered the first.
        -# INC-7 · page 1, call 2
        ");
    }

    #[test]
    fn an_answered_page_calls_nobody() {
        let (incident, _) = prime_day();
        let answered = Page {
            acknowledged: Some((ben(), noon())),
            ..paged()
        };
        let message = page(&incident, &answered, 1);
        assert!(message.pings.is_empty() && message.rows.is_empty());
        assert!(
            message.content.contains("Acknowledged by <@2>"),
            "{}",
            message.content
        );
    }
}
