//! A customer text on its way: what it says, how far it is, and who answers for it.

use serenity::builder::CreateEmbed;
use serenity::model::application::ButtonStyle;

use super::public_update::exact;
use super::{DESCRIPTION_MAX, Shown, button, buttons, colour, cut, link, tag, who};
use crate::discord::components::{Button, Fingerprint};
use crate::discord::message::Message;
use crate::domain::incident::Incident;
use crate::domain::sentence::lapse_words;
use crate::domain::status_update::{StatusUpdate, UpdateState};

/// The draft in the incident's channel; once decided, the same message says how.
pub fn draft(incident: &Incident, update: &StatusUpdate) -> Message {
    let number = update.number;
    let mut lines = vec![format!(
        "**{} · update {number}** · {}",
        incident.id, update.phase
    )];
    lines.push(match update.corrects {
        Some(wrong) => format!("A correction of update {wrong}, by {}", who(&update.author)),
        None => format!(
            "Written by {} {}",
            who(&update.author),
            tag(update.written_at, Shown::Clock)
        ),
    });
    lines.push(state(incident, update));
    let frame = CreateEmbed::new()
        .title(if matches!(update.state, UpdateState::Published { .. }) {
            "What customers see"
        } else {
            "What customers would see"
        })
        .colour(colour(incident))
        .description(cut(&exact(incident, update), DESCRIPTION_MAX));
    Message {
        content: lines.join("\n"),
        embeds: vec![frame],
        rows: buttons(actions(incident, update)),
        ..Message::default()
    }
}

fn state(incident: &Incident, update: &StatusUpdate) -> String {
    match &update.state {
        UpdateState::Draft { returned: None } => {
            "Draft: customers see nothing until somebody approves it.".to_owned()
        }
        UpdateState::Draft {
            returned: Some(why),
        } => format!(
            "Back to draft: {}. Customers have not seen it. Read it again, then approve it.",
            lapse_words(*why)
        ),
        UpdateState::Approved { at, by, .. } => {
            format!(
                "Approved by {} {}, on its way to customers.",
                who(by),
                tag(*at, Shown::Clock)
            )
        }
        UpdateState::Published {
            at,
            approved_by,
            channel,
            message,
        } => format!(
            "Published {}, approved by {}: <{}>",
            tag(*at, Shown::Clock),
            who(approved_by),
            link(incident.guild, *channel, *message)
        ),
        UpdateState::Discarded { at, by } => {
            format!(
                "Discarded by {} {}. Customers never saw it.",
                who(by),
                tag(*at, Shown::Clock)
            )
        }
    }
}

fn actions(incident: &Incident, update: &StatusUpdate) -> Vec<serenity::builder::CreateButton> {
    if !matches!(update.state, UpdateState::Draft { .. }) {
        return Vec::new();
    }
    let (incident, number) = (incident.key, update.number);
    let fingerprint = Fingerprint::of(&update.text);
    vec![
        button(
            &Button::ApproveUpdate {
                incident,
                update: number,
                fingerprint,
            },
            "Approve & publish",
            ButtonStyle::Success,
        ),
        button(
            &Button::EditDraft {
                incident,
                update: number,
            },
            "Edit",
            ButtonStyle::Secondary,
        ),
        button(
            &Button::DiscardDraft {
                incident,
                update: number,
            },
            "Discard",
            ButtonStyle::Danger,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::samples::{ana, body, draft as written, labels, noon, prime_day};
    use super::*;
    use crate::domain::ids::{ChannelId, MessageId};
    use crate::domain::timeline::Lapse;

    fn shown(state: UpdateState) -> String {
        let (incident, _) = prime_day();
        let message = draft(&incident, &StatusUpdate { state, ..written() });
        format!("{}\n[{}]", message.content, labels(&message))
    }

    #[test]
    fn a_draft_shows_exactly_what_customers_would_see() {
        let (incident, _) = prime_day();
        let message = draft(&incident, &written());
        let embed = &body(&message)["embeds"][0];
        assert_eq!(
            embed["description"],
            super::super::public_update::update(&incident, &written()).content
        );
    }

    #[test]
    fn a_draft_in_every_state() {
        let at = noon();
        insta::assert_snapshot!(shown(UpdateState::Draft { returned: None }), @r"
        **INC-7 · update 3** · Identified
        Written by <@2> <t:1752580800:t>
        Draft: customers see nothing until somebody approves it.
        [Approve & publish, Edit, Discard]
        ");
        insta::assert_snapshot!(shown(UpdateState::Draft { returned: Some(Lapse::TooLate) }), @r"
        **INC-7 · update 3** · Identified
        Written by <@2> <t:1752580800:t>
        Back to draft: it could not be sent in time. Customers have not seen it. Read it again, then approve it.
        [Approve & publish, Edit, Discard]
        ");
        insta::assert_snapshot!(shown(UpdateState::Discarded { at, by: ana() }), @r"
        **INC-7 · update 3** · Identified
        Written by <@2> <t:1752580800:t>
        Discarded by <@1> <t:1752580800:t>. Customers never saw it.
        []
        ");
        let published = UpdateState::Published {
            at,
            approved_by: ana(),
            channel: ChannelId(8),
            message: MessageId(9),
        };
        insta::assert_snapshot!(shown(published), @r"
        **INC-7 · update 3** · Identified
        Written by <@2> <t:1752580800:t>
        Published <t:1752580800:t>, approved by <@1>: <https://discord.com/channels/10/8/9>
        []
        ");
    }
}
