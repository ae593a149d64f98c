//! One plain sentence for every kind of timeline event.
//!
//! What is said is decided here once; how people, channels, times and typed words look is the
//! [`Voice`]'s business: Discord, the terminal and the review document each have their own.

use chrono::{DateTime, Utc};

use super::actor::Actor;
use super::ids::{ChannelId, Mention, RoleId, UserId};
use super::timeline::{Fact, Field, Lapse, TimelineEvent};
use super::words::{Outcome, Role};

/// How names, times and typed words look where the sentence is read.
pub trait Voice {
    /// A person on Discord.
    fn person(&self, user: UserId) -> String;
    /// A Discord role.
    fn role(&self, role: RoleId) -> String;
    /// A Discord channel.
    fn channel(&self, channel: ChannelId) -> String;
    /// A time on the day of the incident.
    fn time(&self, at: DateTime<Utc>) -> String;
    /// A time that may lie on another day.
    fn date(&self, at: DateTime<Utc>) -> String {
        self.time(at)
    }
    /// What somebody typed, made inert.
    fn text(&self, typed: &str) -> String;
    /// Whoever stands behind an event.
    fn actor(&self, actor: &Actor) -> String {
        match actor {
            Actor::Member(user) => self.person(*user),
            Actor::Terminal(name) => self.text(name),
            Actor::Warbell => "Warbell".to_owned(),
        }
    }
}

/// What happened, without a full stop. It names the actor only where the sentence is about them:
/// see [`stands_alone`].
pub fn sentence(event: &TimelineEvent, voice: &dyn Voice) -> String {
    let typed = |field| event.word(field).map(|text| voice.text(text));
    let because = |head: String| after_colon(head, typed(Field::Reason));
    let with_text = |head: String| after_colon(head, typed(Field::Text));
    match &event.fact {
        Fact::Declared {
            severity,
            incident_kind,
            started_at,
            ..
        } => {
            let since = started_at
                .map(|at| format!(", began {}", voice.date(at)))
                .unwrap_or_default();
            let kind = incident_kind.label().to_lowercase();
            after_colon(
                format!("Declared as {severity}, {kind}{since}"),
                typed(Field::Title),
            )
        }
        Fact::Escalated { from, to } => because(format!("Severity raised from {from} to {to}")),
        Fact::Downgraded { from, to } => because(format!("Severity lowered from {from} to {to}")),
        Fact::Paged { who, .. } => because(format!("Paged {}", called(*who, voice))),
        Fact::PageRepeated { page } => format!("Page {page} repeated: nobody had answered it"),
        Fact::PageAcknowledged { page } => format!("Page {page} acknowledged"),
        Fact::Invited { who } => format!("Invited {}", called(*who, voice)),
        Fact::StatusChanged { from, to } if from == to => because(format!("Still {to}")),
        Fact::StatusChanged { from, to } => because(format!("Status moved from {from} to {to}")),
        Fact::Resolved { .. } => {
            let resolved = after_colon("Resolved".to_owned(), typed(Field::Summary));
            match typed(Field::Trigger) {
                Some(trigger) => format!("{resolved} · trigger: {trigger}"),
                None => resolved,
            }
        }
        Fact::Reopened { from } => because(format!("Reopened, it was {from}")),
        Fact::Cancelled { .. } => because("Cancelled".to_owned()),
        Fact::Closed => "Closed".to_owned(),
        Fact::Merged { into } => format!("Merged into {into}"),
        Fact::MergedHere { from } => format!("{from} was merged into this incident"),
        Fact::RoleAssigned {
            role,
            user,
            previous,
        } => assigned(&event.actor, *role, *user, *previous, voice),
        Fact::HandoffOffered { to } => {
            with_text(format!("Command offered to {}", voice.person(*to)))
        }
        Fact::HandoffAccepted { from, to } => match from {
            Some(from) => {
                format!(
                    "{} took over command from {}",
                    voice.person(*to),
                    voice.person(*from)
                )
            }
            None => format!("{} took command", voice.person(*to)),
        },
        Fact::NoteAdded => match typed(Field::Text) {
            Some(text) => format!("Note: {text}"),
            None => "A note whose text was removed".to_owned(),
        },
        Fact::MessageCaptured { author, .. } => captured(event, *author, voice),
        Fact::MitigationRecorded {
            action, outcome, ..
        } => with_text(match outcome {
            Outcome::Trying => format!("Mitigation begun: {action}"),
            Outcome::Helped => format!("Mitigation helped: {action}"),
            Outcome::Fixed => format!("Mitigation fixed it: {action}"),
            Outcome::NoEffect => format!("Mitigation had no effect: {action}"),
        }),
        Fact::ImpactDescribed { started_at } => {
            let mut parts = Vec::new();
            parts.extend(typed(Field::Description));
            parts.extend(typed(Field::Customers).map(|many| format!("customers: {many}")));
            parts.extend(
                typed(Field::RevenuePerMinute).map(|cost| format!("revenue per minute: {cost}")),
            );
            parts.extend(started_at.map(|at| format!("since {}", voice.date(at))));
            listed("Impact", &parts)
        }
        Fact::DetailsEdited { incident_kind } => {
            let mut parts = Vec::new();
            parts.extend(typed(Field::Title).map(|title| format!("title is now {title}")));
            parts.extend(
                incident_kind.map(|kind| format!("kind is now {}", kind.label().to_lowercase())),
            );
            parts.extend(typed(Field::Services).map(|list| format!("services are now {list}")));
            parts.extend(typed(Field::Summary).map(|summary| format!("summary is now {summary}")));
            listed("Details changed", &parts)
        }
        Fact::MadePrivate { from, to } => format!("Made private: {from} is now {to}"),
        Fact::MilestoneSet {
            milestone,
            at,
            previous,
        } => {
            let before = previous
                .map(|was| format!(" (was {})", voice.date(was)))
                .unwrap_or_default();
            because(format!(
                "{} set to {}{before}",
                milestone.label(),
                voice.date(*at)
            ))
        }
        Fact::UpdateDrafted {
            update,
            phase,
            corrects: None,
        } => with_text(format!("Update {update} drafted for customers ({phase})")),
        Fact::UpdateDrafted {
            update,
            corrects: Some(wrong),
            ..
        } => with_text(format!("Update {update} drafted to correct update {wrong}")),
        Fact::UpdateEdited { update } => with_text(format!("Update {update} rewritten")),
        Fact::UpdateApproved { update, .. } => because(format!("Update {update} approved")),
        Fact::UpdatePublished {
            update, channel, ..
        } => {
            format!("Update {update} published in {}", voice.channel(*channel))
        }
        Fact::UpdateDiscarded { update } => format!("Update {update} discarded"),
        Fact::UpdateReturned { update, why } => {
            format!("Update {update} went back to draft: {}", lapse_words(*why))
        }
        Fact::UpdateReminded { due } => {
            format!(
                "Reminded: customers expected an update by {}",
                voice.time(*due)
            )
        }
        Fact::ActionAdded {
            item,
            owner,
            due_at,
            action,
        } => {
            let mut parts = vec![action.label().to_lowercase()];
            parts.extend(owner.map(|owner| voice.person(owner)));
            parts.extend(due_at.map(|due| format!("due {}", voice.date(due))));
            with_text(format!("Action item {item} added ({})", parts.join(", ")))
        }
        Fact::ActionDone { item } => format!("Action item {item} done"),
        Fact::ReviewGenerated => "Review generated".to_owned(),
        Fact::ReviewEdited { section } => with_text(format!("Review section “{section}” written")),
        Fact::ReviewPublished => "Review published".to_owned(),
        Fact::ChannelReplaced { .. } => {
            "The incident's channel was deleted, so it was made again".to_owned()
        }
        Fact::PageLapsed {
            page,
            round: 1,
            why,
        } => {
            format!("Page {page} was not sent: {}", lapse_words(*why))
        }
        Fact::PageLapsed { page, round, why } => {
            format!(
                "Call {round} of page {page} was not sent: {}",
                lapse_words(*why)
            )
        }
        Fact::ReminderLapsed { due, why } => format!(
            "The reminder of the update due {} was not sent: {}",
            voice.time(*due),
            lapse_words(*why)
        ),
        Fact::EchoesLapsed { first, last } if first == last => {
            format!("#{first} was not said in the channel in time")
        }
        Fact::EchoesLapsed { first, last } => {
            format!("#{first} to #{last} were not said in the channel in time")
        }
    }
}

/// Whether the sentence needs no "by whom": it names the actor, is about somebody's own words, or
/// nobody acted.
pub fn stands_alone(event: &TimelineEvent) -> bool {
    if event.actor == Actor::Warbell {
        return true;
    }
    match &event.fact {
        Fact::RoleAssigned { user, .. } => event.actor == Actor::Member(*user),
        Fact::HandoffAccepted { .. } | Fact::MessageCaptured { .. } => true,
        _ => false,
    }
}

/// The sentence with who acted at its end, unless it says so by itself.
pub fn attributed(event: &TimelineEvent, voice: &dyn Voice) -> String {
    let said = sentence(event, voice);
    if stands_alone(event) {
        said
    } else {
        format!("{said} — {}", voice.actor(&event.actor))
    }
}

/// Why something went unsaid, as the end of a sentence.
pub fn lapse_words(why: Lapse) -> &'static str {
    match why {
        Lapse::TooLate => "it could not be sent in time",
        Lapse::NoLongerTrue => "the incident had moved on",
        Lapse::Unknown => "Discord did not say whether it went out",
        Lapse::Blocked => "the server's AutoMod refused the text",
    }
}

fn after_colon(head: String, rest: Option<String>) -> String {
    match rest {
        Some(rest) => format!("{head}: {rest}"),
        None => head,
    }
}

fn listed(head: &str, parts: &[String]) -> String {
    if parts.is_empty() {
        head.to_owned()
    } else {
        format!("{head}: {}", parts.join(" · "))
    }
}

fn called(who: Mention, voice: &dyn Voice) -> String {
    match who {
        Mention::User(user) => voice.person(user),
        Mention::Role(role) => voice.role(role),
    }
}

fn assigned(
    actor: &Actor,
    role: Role,
    user: UserId,
    previous: Option<UserId>,
    voice: &dyn Voice,
) -> String {
    let chair = role.label().to_lowercase();
    let person = voice.person(user);
    let said = match (role, *actor == Actor::Member(user)) {
        (Role::Commander, true) => format!("{person} took command"),
        (_, true) => format!("{person} took the role of {chair}"),
        (_, false) => format!("{person} is now {chair}"),
    };
    match previous.filter(|previous| *previous != user) {
        Some(previous) => format!("{said}, after {}", voice.person(previous)),
        None => said,
    }
}

fn captured(event: &TimelineEvent, author: UserId, voice: &dyn Voice) -> String {
    let author = voice.person(author);
    let files = event
        .word(Field::Attachments)
        .map(|names| voice.text(&names.lines().collect::<Vec<_>>().join(", ")));
    match (event.word(Field::Text), files) {
        (Some(text), Some(files)) => {
            format!("{author} wrote: {} · files: {files}", voice.text(text))
        }
        (Some(text), None) => format!("{author} wrote: {}", voice.text(text)),
        (None, Some(files)) => format!("{author} sent: {files}"),
        (None, None) => format!("A message by {author}, without its text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{IncidentId, MessageId};
    use crate::domain::milestones::Milestone;
    use crate::domain::status::StatusName;
    use crate::domain::timeline::{CaptureVia, words};
    use crate::domain::words::{
        ActionKind, Kind, MitigationAction, Phase, ReviewSection, Severity,
    };

    struct Plainly;

    impl Voice for Plainly {
        fn person(&self, user: UserId) -> String {
            ["Nobody", "Ana", "Ben", "Cleo"][user.0 as usize].to_owned()
        }
        fn role(&self, role: RoleId) -> String {
            format!("@role-{role}")
        }
        fn channel(&self, channel: ChannelId) -> String {
            format!("#channel-{channel}")
        }
        fn time(&self, at: DateTime<Utc>) -> String {
            at.format("%H:%M").to_string()
        }
        fn text(&self, typed: &str) -> String {
            format!("“{typed}”")
        }
    }

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_752_580_800, 0).unwrap()
    }

    fn by_ana<const N: usize>(fact: Fact, texts: [(Field, &str); N]) -> TimelineEvent {
        TimelineEvent {
            seq: 1,
            occurred_at: noon(),
            recorded_at: noon(),
            actor: Actor::Member(UserId(1)),
            fact,
            words: words(texts.map(|(field, text)| (field, Some(text.to_owned())))),
        }
    }

    fn said<const N: usize>(facts: [(Fact, &[(Field, &str)]); N]) -> String {
        facts
            .into_iter()
            .map(|(fact, texts)| {
                let mut event = by_ana(fact, []);
                event.words = texts.iter().map(|(f, t)| (*f, (*t).to_owned())).collect();
                attributed(&event, &Plainly)
            })
            .collect::<Vec<_>>()
            .join("\n")
    }

    const ANA: UserId = UserId(1);
    const BEN: UserId = UserId(2);
    const CLEO: UserId = UserId(3);
    const WHY: &[(Field, &str)] = &[(Field::Reason, "it grows")];
    const TEXT: &[(Field, &str)] = &[(Field::Text, "as said")];

    #[test]
    fn the_course_of_an_incident() {
        let (major, critical) = (Severity::Major, Severity::Critical);
        let (investigating, identified) = (StatusName::Investigating, StatusName::Identified);
        let declared = Fact::Declared {
            id: IncidentId::public(1),
            severity: major,
            incident_kind: Kind::CustomerService,
            started_at: Some(noon()),
        };
        insta::assert_snapshot!(said([
            (declared, &[(Field::Title, "Refunds fail")]),
            (Fact::Escalated { from: major, to: critical }, WHY),
            (Fact::Downgraded { from: critical, to: major }, &[]),
            (Fact::StatusChanged { from: investigating, to: identified }, WHY),
            (Fact::StatusChanged { from: identified, to: identified }, WHY),
            (
                Fact::Resolved { from: identified },
                &[(Field::Summary, "rolled back"), (Field::Trigger, "a release")],
            ),
            (Fact::Reopened { from: StatusName::Resolved }, WHY),
            (Fact::Cancelled { from: investigating }, WHY),
            (Fact::Closed, &[]),
            (Fact::Merged { into: IncidentId::public(2) }, &[]),
            (Fact::MergedHere { from: IncidentId::public(3) }, &[]),
            (Fact::MadePrivate { from: IncidentId::public(1), to: IncidentId::private(1) }, &[]),
        ]), @r"
        Declared as Major, customer service, began 12:00: “Refunds fail” — Ana
        Severity raised from Major to Critical: “it grows” — Ana
        Severity lowered from Critical to Major — Ana
        Status moved from Investigating to Identified: “it grows” — Ana
        Still Identified: “it grows” — Ana
        Resolved: “rolled back” · trigger: “a release” — Ana
        Reopened, it was Resolved: “it grows” — Ana
        Cancelled: “it grows” — Ana
        Closed — Ana
        Merged into INC-2 — Ana
        INC-3 was merged into this incident — Ana
        Made private: INC-1 is now PRV-1 — Ana
        ");
    }

    #[test]
    fn people_and_calls() {
        let role = |role, user, previous| Fact::RoleAssigned {
            role,
            user,
            previous,
        };
        let lapsed = |round| Fact::PageLapsed {
            page: 1,
            round,
            why: Lapse::NoLongerTrue,
        };
        insta::assert_snapshot!(said([
            (Fact::Paged { page: 1, who: Mention::Role(RoleId(5)) }, WHY),
            (Fact::PageRepeated { page: 1 }, &[]),
            (Fact::PageAcknowledged { page: 1 }, &[]),
            (lapsed(1), &[]),
            (lapsed(2), &[]),
            (Fact::Invited { who: Mention::User(BEN) }, &[]),
            (role(Role::Commander, ANA, None), &[]),
            (role(Role::Scribe, ANA, Some(CLEO)), &[]),
            (role(Role::Communications, BEN, None), &[]),
            (Fact::HandoffOffered { to: BEN }, TEXT),
            (Fact::HandoffAccepted { from: Some(ANA), to: BEN }, &[]),
            (Fact::HandoffAccepted { from: None, to: BEN }, &[]),
        ]), @r"
        Paged @role-5: “it grows” — Ana
        Page 1 repeated: nobody had answered it — Ana
        Page 1 acknowledged — Ana
        Page 1 was not sent: the incident had moved on — Ana
        Call 2 of page 1 was not sent: the incident had moved on — Ana
        Invited Ben — Ana
        Ana took command
        Ana took the role of scribe, after Cleo
        Ben is now communications lead — Ana
        Command offered to Ben: “as said” — Ana
        Ben took over command from Ana
        Ben took command
        ");
    }

    #[test]
    fn what_was_written_down() {
        let captured = || Fact::MessageCaptured {
            channel: ChannelId(7),
            message: MessageId(8),
            author: BEN,
            via: CaptureVia::Menu,
        };
        let files = (Field::Attachments, "a.png\nb.log");
        let tried = |outcome| Fact::MitigationRecorded {
            mitigation: 1,
            action: MitigationAction::ScaleUp,
            outcome,
        };
        let set = |previous| Fact::MilestoneSet {
            milestone: Milestone::Detected,
            at: noon(),
            previous,
        };
        insta::assert_snapshot!(said([
            (Fact::NoteAdded, TEXT),
            (Fact::NoteAdded, &[]),
            (captured(), TEXT),
            (captured(), &[(Field::Text, "look"), files]),
            (captured(), &[files]),
            (captured(), &[]),
            (tried(Outcome::Trying), TEXT),
            (tried(Outcome::Helped), &[]),
            (tried(Outcome::Fixed), &[]),
            (tried(Outcome::NoEffect), &[]),
            (
                Fact::ImpactDescribed { started_at: Some(noon()) },
                &[(Field::Description, "no payments"), (Field::Customers, "120000")],
            ),
            (Fact::DetailsEdited { incident_kind: Some(Kind::Security) }, &[(Field::Title, "New")]),
            (set(None), &[]),
            (set(Some(noon())), WHY),
        ]), @r"
        Note: “as said” — Ana
        A note whose text was removed — Ana
        Ben wrote: “as said”
        Ben wrote: “look” · files: “a.png, b.log”
        Ben sent: “a.png, b.log”
        A message by Ben, without its text
        Mitigation begun: Scale up: “as said” — Ana
        Mitigation helped: Scale up — Ana
        Mitigation fixed it: Scale up — Ana
        Mitigation had no effect: Scale up — Ana
        Impact: “no payments” · customers: “120000” · since 12:00 — Ana
        Details changed: title is now “New” · kind is now security — Ana
        Detected set to 12:00 — Ana
        Detected set to 12:00 (was 12:00): “it grows” — Ana
        ");
    }

    #[test]
    fn what_customers_were_told_and_what_was_learned() {
        let drafted = |corrects| Fact::UpdateDrafted {
            update: 3,
            phase: Phase::Monitoring,
            corrects,
        };
        let approved = Fact::UpdateApproved {
            update: 3,
            fingerprint: "0".repeat(16),
        };
        let published = Fact::UpdatePublished {
            update: 3,
            channel: ChannelId(8),
            message: MessageId(9),
        };
        let added = Fact::ActionAdded {
            item: 1,
            owner: Some(BEN),
            due_at: Some(noon()),
            action: ActionKind::Prevent,
        };
        insta::assert_snapshot!(said([
            (drafted(None), TEXT),
            (drafted(Some(2)), TEXT),
            (Fact::UpdateEdited { update: 3 }, TEXT),
            (approved, &[]),
            (published, &[]),
            (Fact::UpdateDiscarded { update: 3 }, &[]),
            (Fact::UpdateReturned { update: 3, why: Lapse::TooLate }, &[]),
            (Fact::UpdateReminded { due: noon() }, &[]),
            (Fact::ReminderLapsed { due: noon(), why: Lapse::Unknown }, &[]),
            (added, TEXT),
            (Fact::ActionDone { item: 1 }, &[]),
            (Fact::ReviewGenerated, &[]),
            (Fact::ReviewEdited { section: ReviewSection::Lucky }, TEXT),
            (Fact::ReviewPublished, &[]),
            (Fact::ChannelReplaced { previous: ChannelId(7) }, &[]),
            (Fact::EchoesLapsed { first: 4, last: 4 }, &[]),
            (Fact::EchoesLapsed { first: 4, last: 9 }, &[]),
        ]), @r"
        Update 3 drafted for customers (Monitoring): “as said” — Ana
        Update 3 drafted to correct update 2: “as said” — Ana
        Update 3 rewritten: “as said” — Ana
        Update 3 approved — Ana
        Update 3 published in #channel-8 — Ana
        Update 3 discarded — Ana
        Update 3 went back to draft: it could not be sent in time — Ana
        Reminded: customers expected an update by 12:00 — Ana
        The reminder of the update due 12:00 was not sent: Discord did not say whether it went out — Ana
        Action item 1 added (prevent, Ben, due 12:00): “as said” — Ana
        Action item 1 done — Ana
        Review generated — Ana
        Review section “Where we got lucky” written: “as said” — Ana
        Review published — Ana
        The incident's channel was deleted, so it was made again — Ana
        #4 was not said in the channel in time — Ana
        #4 to #9 were not said in the channel in time — Ana
        ");
    }

    #[test]
    fn what_warbell_did_needs_no_name() {
        let mut event = by_ana(Fact::PageRepeated { page: 2 }, []);
        event.actor = Actor::Warbell;
        assert_eq!(attributed(&event, &Plainly), sentence(&event, &Plainly));
    }
}
