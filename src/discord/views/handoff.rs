//! A handoff: the command is offered, and passes when the named person says so.

use serenity::model::application::ButtonStyle;

use super::{button, buttons, heading, inert};
use crate::discord::components::Button;
use crate::discord::message::Message;
use crate::domain::ids::{Mention, UserId};
use crate::domain::incident::Incident;
use crate::domain::words::Role;

/// The offer of command to `to`. It pings them while it stands; then the same message says how it
/// ended.
pub fn handoff(incident: &Incident, to: UserId, note: Option<&str>) -> Message {
    let commander = incident.holder(Role::Commander);
    let stands = incident.handoff_to == Some(to) && incident.status.is_open();
    let mut lines = vec![format!("<@{to}> **{}**", heading(incident))];
    lines.push(match (stands, commander) {
        (true, Some(from)) => {
            format!("<@{from}> offers you command. Until you take it, <@{from}> keeps it.")
        }
        (true, None) => "You are offered command. Nobody has it now.".to_owned(),
        (false, Some(commander)) if commander == to => format!("<@{to}> has command."),
        (false, Some(commander)) => format!("This handoff is over. <@{commander}> has command."),
        (false, None) => "This handoff is over. Nobody has command.".to_owned(),
    });
    if let Some(note) = note {
        lines.push(format!("Note: {}", inert(note, 1_000)));
    }
    let accept = Button::AcceptHandoff {
        incident: incident.key,
    };
    Message {
        content: lines.join("\n"),
        rows: buttons(if stands {
            vec![button(&accept, "I have command", ButtonStyle::Success)]
        } else {
            Vec::new()
        }),
        pings: if stands {
            vec![Mention::User(to)]
        } else {
            Vec::new()
        },
        ..Message::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{labels, prime_day};
    use super::*;

    #[test]
    fn command_passes_when_it_is_taken() {
        let (mut incident, _) = prime_day();
        incident.handoff_to = Some(UserId(2));
        let offered = handoff(&incident, UserId(2), Some("Scale-out is running"));
        insta::assert_snapshot!(offered.content, @r"
        <@2> **INC-7 · Checkout errors for all customers**
        <@1> offers you command. Until you take it, <@1> keeps it.
        Note: Scale-out is running
        ");
        assert_eq!(labels(&offered), "I have command");
        assert_eq!(offered.pings, [Mention::User(UserId(2))]);

        incident.handoff_to = None;
        let over = handoff(&incident, UserId(2), None);
        assert!(
            over.content
                .ends_with("This handoff is over. <@1> has command.")
        );
        assert!(over.rows.is_empty() && over.pings.is_empty());
    }
}
