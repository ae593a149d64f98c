//! Answers to the person who asked, and single lines in an incident's channel.

use chrono::{DateTime, TimeDelta, Utc};
use serenity::model::application::ButtonStyle;

use super::{CONTENT_MAX, DiscordVoice, Shown, button, buttons, cut, heading, inert, tag, who};
use crate::discord::components::Button;
use crate::discord::message::{File, Message};
use crate::domain::actor::Actor;
use crate::domain::effect::Say;
use crate::domain::ids::{ChannelId, IncidentId, Mention, RoleId, UserId};
use crate::domain::incident::Incident;
use crate::domain::milestones::Milestone;
use crate::domain::refusal::Refusal;
use crate::domain::sentence::{lapse_words, sentence, stands_alone};
use crate::domain::status::StatusName;
use crate::domain::status_update::UpdateState;
use crate::domain::text;
use crate::domain::timeline::{Fact, Field, Lapse, Seq, TimelineEvent};
use crate::domain::words::{Role, Severity};

/// Rows that one answer tells; a declare that pages ten roles files eleven.
const TOLD: usize = 8;

/// What a verb recorded, each row with its number.
pub fn recorded(incident: &Incident, events: &[TimelineEvent]) -> Message {
    let room = CONTENT_MAX / events.len().clamp(1, TOLD + 1) - 1;
    let mut lines: Vec<String> = events
        .iter()
        .take(TOLD)
        .map(|event| line(incident, event, room))
        .collect();
    if let Some(last) = events.get(TOLD..).and_then(<[_]>::last) {
        lines.push(format!(
            "… and {} more, up to {} #{}",
            events.len() - TOLD,
            incident.id,
            last.seq
        ));
    }
    Message::text(lines.join("\n"))
}

/// One line in the incident's channel on what was done from elsewhere.
pub fn echo(incident: &Incident, event: &TimelineEvent) -> Message {
    Message::text(line(incident, event, 600))
}

/// `Severity raised from Major to Critical: … — <@1> · INC-2 #7`
fn line(incident: &Incident, event: &TimelineEvent, most: usize) -> String {
    let mut tail = String::new();
    if !stands_alone(event) {
        tail = format!(" — {}", who(&event.actor));
    }
    // A time that somebody named is shown as it was read.
    if event.recorded_at - event.occurred_at > TimeDelta::seconds(30) {
        tail.push_str(&format!(" · {}", tag(event.occurred_at, Shown::Date)));
    }
    tail.push_str(&format!(" · {} #{}", incident.id, event.seq));
    let room = most.saturating_sub(tail.chars().count());
    // A customer text stands in its draft, whole.
    let words = match event.fact {
        Fact::UpdateDrafted { .. } | Fact::UpdateEdited { .. } => room.min(150),
        _ => room,
    };
    format!(
        "{}{tail}",
        cut(&sentence(event, &DiscordVoice::message(words)), room)
    )
}

/// The answer to a declare. `channel` once it stands; `look_alikes`: open incidents that may be
/// the same one.
pub fn declared(
    incident: &Incident,
    channel: Option<ChannelId>,
    look_alikes: &[(IncidentId, String, Option<ChannelId>)],
) -> Message {
    let mut lines = vec![format!("**{}**", heading(incident))];
    lines.push(format!(
        "{}, {}, declared by {} · {} #1",
        incident.severity,
        incident.kind.label().to_lowercase(),
        who(&incident.declared_by),
        incident.id
    ));
    lines.push(match channel {
        Some(channel) => format!("Handled in <#{channel}>"),
        None => "Its channel is being opened.".to_owned(),
    });
    if let Some(began) = incident.milestones.get(Milestone::ImpactStarted) {
        lines.push(format!("Impact began {}", tag(began, Shown::Date)));
    }
    if incident.is_private() {
        lines.push("Private. Administrators of this server can always see it.".to_owned());
    }
    if !look_alikes.is_empty() {
        lines.push("Open already, perhaps the same:".to_owned());
    }
    for (id, title, channel) in look_alikes.iter().take(3) {
        let place = channel
            .map(|channel| format!(" · <#{channel}>"))
            .unwrap_or_default();
        lines.push(format!("{id} · {}{place}", inert(title, 200)));
    }
    Message::text(lines.join("\n"))
}

/// The confirmation of a message that was put on the timeline.
pub fn captured(incident: &Incident, event: &TimelineEvent) -> Message {
    let stored = format!(
        "Stored as {} #{}, at {}.",
        incident.id,
        event.seq,
        tag(event.occurred_at, Shown::Date)
    );
    Message::text(
        if event.word(Field::Text).is_none() && event.word(Field::Attachments).is_none() {
            format!("{stored} Discord did not give me its text; author, time and place are kept.")
        } else {
            stored
        },
    )
}

/// An expected no. What was typed is quoted here, so a refusal holds it as it came.
pub fn refusal(refusal: &Refusal) -> Message {
    let shown = match refusal {
        Refusal::UnknownIncident { asked } => Refusal::UnknownIncident {
            asked: inert(asked, 60),
        },
        Refusal::UnknownSeverity { typed } => Refusal::UnknownSeverity {
            typed: text::quote(typed),
        },
        Refusal::UnknownKind { typed } => Refusal::UnknownKind {
            typed: text::quote(typed),
        },
        other => other.clone(),
    };
    Message::text(cut(&shown.to_string(), CONTENT_MAX))
}

/// Our own fault; `id` finds it in the log.
pub fn internal_error(id: &str) -> Message {
    Message::text(format!(
        "That failed, and the fault is mine. `/incident timeline` shows whether it was recorded. If not, try again; if it fails again, tell whoever runs me: error {}",
        inert(id, 100)
    ))
}

/// A press that no longer means anything.
pub fn stale_button() -> Message {
    Message::text(
        "That button is from an older version of me. `/incident show` has the present state.",
    )
}

/// Something was typed while nobody listened.
pub fn not_recorded(
    incident: &Incident,
    user: UserId,
    command: &str,
    at: DateTime<Utc>,
) -> Message {
    let said = Say::NotRecorded {
        user,
        command: String::new(),
        at,
    };
    Message::text(format!(
        "Not recorded: <@{user}> typed `{}` {}, when I could not answer in time. Please type it again.\n-# {}",
        inert(command, 100).replace('`', "'"),
        tag(at, Shown::Clock),
        said.readable_id(incident)
    ))
}

/// Customers wait for a word. Pings the communications lead; while that chair is empty `speakers`,
/// whom `/setup` names for it, and without those the commander.
pub fn reminder(
    incident: &Incident,
    due: DateTime<Utc>,
    seq: Seq,
    speakers: Option<RoleId>,
) -> Message {
    let speaker = incident
        .holder(Role::Communications)
        .map(Mention::User)
        .or_else(|| speakers.map(Mention::Role))
        .or_else(|| incident.holder(Role::Commander).map(Mention::User));
    let name = speaker.map(|who| format!("{who} ")).unwrap_or_default();
    let waiting = incident
        .updates
        .iter()
        .rev()
        .find(|update| matches!(update.state, UpdateState::Draft { .. }));
    let next = match waiting {
        Some(draft) => format!("Update {} waits for approval.", draft.number),
        None => "`/status draft` writes one from what is known.".to_owned(),
    };
    Message {
        content: format!(
            "{name}Customers expected an update by {} ({}). {next}\n-# {}",
            tag(due, Shown::Clock),
            tag(due, Shown::Relative),
            Say::RemindUpdate { due, seq }.readable_id(incident)
        ),
        pings: speaker.into_iter().collect(),
        ..Message::default()
    }
}

/// An approved text came back; its approver is told, and pinged, as they believe customers know.
pub fn returned(
    incident: &Incident,
    update: u32,
    why: Lapse,
    seq: Seq,
    approver: Option<&Actor>,
) -> Message {
    let approver = approver.and_then(Actor::user);
    let name = approver
        .map(|user| format!("<@{user}> "))
        .unwrap_or_default();
    Message {
        content: format!(
            "{name}Update {update} was not published: {}. It is a draft again; read it once more, then approve it.\n-# {}",
            lapse_words(why),
            Say::Returned { update, why, seq }.readable_id(incident)
        ),
        pings: approver.map(Mention::User).into_iter().collect(),
        ..Message::default()
    }
}

/// The review, as files.
pub fn review_ready(incident: &Incident, seq: Seq, files: Vec<File>) -> Message {
    Message {
        content: format!(
            "The review of **{}**, from {} rows of its timeline.\n-# {}",
            heading(incident),
            seq,
            Say::Review { seq }.readable_id(incident)
        ),
        files,
        ..Message::default()
    }
}

/// After a severity that could not be read: nothing typed is lost, the form's words wait in the
/// row `form`.
pub fn severity_question(typed: &str, form: i64) -> Message {
    let choices = Severity::ALL.iter().map(|severity| {
        let style = match severity {
            Severity::Critical => ButtonStyle::Danger,
            Severity::Major => ButtonStyle::Primary,
            Severity::Minor => ButtonStyle::Secondary,
        };
        button(
            &Button::DeclareSeverity {
                form,
                severity: *severity,
            },
            severity.label(),
            style,
        )
    });
    Message {
        content: format!(
            "I could not read {} as a severity. How bad is it? Everything else you typed is kept.",
            text::quote(typed)
        ),
        rows: buttons(choices.collect()),
        ..Message::default()
    }
}

/// The answer to `Update status` on the card.
pub fn status_question(incident: &Incident) -> Message {
    let present = incident.status.name();
    let choices = [
        StatusName::Investigating,
        StatusName::Identified,
        StatusName::Monitoring,
    ]
    .into_iter()
    .map(|status| {
        let set = Button::SetStatus {
            incident: incident.key,
            status,
        };
        button(&set, &status.to_string(), ButtonStyle::Secondary).disabled(status == present)
    });
    Message {
        content: format!("{} is {present}. Where does it stand now?", incident.id),
        rows: buttons(choices.collect()),
        ..Message::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{labels, noon, prime_day};
    use super::*;

    #[test]
    fn a_verb_is_answered_with_what_was_recorded() {
        let (incident, events) = prime_day();
        insta::assert_snapshot!(recorded(&incident, &events[1..4]).content, @r"
        <@1> took command · INC-7 #2
        Severity raised from Major to Critical: every second order fails — <@1> · INC-7 #3
        Paged <@&5>: every second order fails — <@1> · INC-7 #4
        ");
    }

    #[test]
    fn many_rows_are_counted() {
        let (incident, events) = prime_day();
        let many: Vec<_> = events.iter().cycle().take(30).cloned().collect();
        let told = recorded(&incident, &many).content;
        assert!(told.contains("… and 22 more, up to INC-7 #"), "{told}");
    }

    #[test]
    fn a_declare_names_the_id_at_once_and_the_channel_once_it_stands() {
        let (incident, _) = prime_day();
        let alike = [(
            IncidentId::public(3),
            "Carts empty".to_owned(),
            Some(ChannelId(70)),
        )];
        insta::assert_snapshot!(declared(&incident, None, &[]).content, @r"
        **INC-7 · Checkout errors for all customers**
        Critical, technical, declared by <@1> · INC-7 #1
        Its channel is being opened.
        Impact began <t:1752580560:f>
        ");
        insta::assert_snapshot!(declared(&incident, Some(ChannelId(77)), &alike).content, @r"
        **INC-7 · Checkout errors for all customers**
        Critical, technical, declared by <@1> · INC-7 #1
        Handled in <#77>
        Impact began <t:1752580560:f>
        Open already, perhaps the same:
        INC-3 · Carts empty · <#70>
        ");
    }

    #[test]
    fn refusals_quote_what_was_typed_without_its_markup() {
        let unread = Refusal::UnknownSeverity {
            typed: "**@everyone**".to_owned(),
        };
        insta::assert_snapshot!(refusal(&unread).content.replace('\u{200B}', "·"), @r"I could not read “\*\*@·everyone\*\*” as a severity. Choose Critical, Major or Minor.");
    }

    #[test]
    fn the_communications_lead_is_reminded_and_else_the_commander() {
        let (incident, _) = prime_day();
        let message = reminder(&incident, noon(), 9, None);
        assert_eq!(message.pings, [Mention::User(UserId(1))]);
        insta::assert_snapshot!(message.content, @r"
        <@1> Customers expected an update by <t:1752580800:t> (<t:1752580800:R>). `/status draft` writes one from what is known.
        -# INC-7 · reminder #9
        ");
        let mut empty = incident;
        empty.roles.clear();
        assert!(reminder(&empty, noon(), 9, None).pings.is_empty());
        let speakers = RoleId(5);
        assert_eq!(
            reminder(&empty, noon(), 9, Some(speakers)).pings,
            [Mention::Role(speakers)]
        );
    }

    #[test]
    fn lines_that_say_what_went_wrong() {
        let (incident, _) = prime_day();
        let ana = Actor::Member(UserId(1));
        insta::assert_snapshot!(returned(&incident, 3, Lapse::NoLongerTrue, 9, Some(&ana)).content, @r"
        <@1> Update 3 was not published: the incident had moved on. It is a draft again; read it once more, then approve it.
        -# INC-7 · update 3 returned #9
        ");
        insta::assert_snapshot!(not_recorded(&incident, UserId(1), "/incident note", noon()).content, @r"
        Not recorded: <@1> typed `/incident note` <t:1752580800:t>, when I could not answer in time. Please type it again.
        -# INC-7 · not recorded 1752580800
        ");
        insta::assert_snapshot!(internal_error("7f3a").content, @"That failed, and the fault is mine. `/incident timeline` shows whether it was recorded. If not, try again; if it fails again, tell whoever runs me: error 7f3a");
    }

    #[test]
    fn questions_come_with_their_answers() {
        let (incident, _) = prime_day();
        let question = severity_question("horrible", 12);
        insta::assert_snapshot!(question.content, @"I could not read “horrible” as a severity. How bad is it? Everything else you typed is kept.");
        assert_eq!(labels(&question), "Critical, Major, Minor");
        assert_eq!(
            labels(&status_question(&incident)),
            "Investigating (off), Identified, Monitoring"
        );
    }
}
