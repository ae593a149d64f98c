//! What customers read in `#status-updates`.

use serenity::builder::CreateEmbed;

use super::{CONTENT_MAX, DESCRIPTION_MAX, cut, inert};
use crate::discord::message::Message;
use crate::domain::incident::Incident;
use crate::domain::status_update::StatusUpdate;
use crate::domain::text;

/// The message as it stands before customers. A private incident's bears no number.
pub fn update(incident: &Incident, update: &StatusUpdate) -> Message {
    let whole = exact(incident, update);
    if whole.chars().count() <= CONTENT_MAX {
        return Message::text(whole);
    }
    // Escaped, a text full of markup can outgrow a message. The frame has room for it.
    let around: Vec<String> = [Some(head(incident, update)), foot(incident, update)]
        .into_iter()
        .flatten()
        .collect();
    let frame =
        CreateEmbed::new().description(cut(&text::plain_with_times(&update.text), DESCRIPTION_MAX));
    Message {
        content: around.join("\n"),
        embeds: vec![frame],
        ..Message::default()
    }
}

/// Head, text and number in one, of any length.
pub(super) fn exact(incident: &Incident, update: &StatusUpdate) -> String {
    let body = Some(text::plain_with_times(&update.text)).filter(|text| !text.is_empty());
    [Some(head(incident, update)), body, foot(incident, update)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n")
}

fn head(incident: &Incident, update: &StatusUpdate) -> String {
    let phase = match update.corrects {
        Some(_) => format!("Correction · {}", update.phase),
        None => update.phase.to_string(),
    };
    if incident.services.is_empty() {
        format!("**{phase}**")
    } else {
        format!(
            "**{phase}** · {}",
            inert(&incident.services.join(", "), 300)
        )
    }
}

fn foot(incident: &Incident, update: &StatusUpdate) -> Option<String> {
    if incident.is_private() {
        return None;
    }
    let corrects = update
        .corrects
        .map(|wrong| format!(" · corrects update {wrong}"))
        .unwrap_or_default();
    Some(format!(
        "-# {} · update {}{corrects}",
        incident.id, update.number
    ))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{draft, prime_day, private};
    use super::*;

    #[test]
    fn customers_read_phase_services_text_and_number() {
        let (incident, _) = prime_day();
        insta::assert_snapshot!(update(&incident, &draft()).content, @r"
        **Identified** · checkout, cart
        Some payments fail. We know why and are adding capacity.
        Next update by 12:40 UTC.
        -# INC-7 · update 3
        ");
    }

    #[test]
    fn a_private_incident_shows_no_number() {
        let content = update(&private(), &draft()).content;
        assert!(
            !content.contains("PRV") && !content.contains("update 3"),
            "{content}"
        );
    }

    #[test]
    fn a_text_that_grows_by_escaping_is_not_cut() {
        let (incident, _) = prime_day();
        let stars = StatusUpdate {
            text: "*".repeat(1_700),
            ..draft()
        };
        let message = update(&incident, &stars);
        assert_eq!(message.embeds.len(), 1);
        let body = message.body().to_string();
        assert_eq!(body.matches('*').count(), 1_700 + "****".len());
    }
}
