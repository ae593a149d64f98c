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
        Fact::Declared { severity, incident_kind, started_at, .. } => {
            let since =
                started_at.map(|at| format!(", began {}", voice.date(at))).unwrap_or_default();
            let kind = incident_kind.label().to_lowercase();
            after_colon(format!("Declared as {severity}, {kind}{since}"), typed(Field::Title))
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
        Fact::RoleAssigned { role, user, previous } => {
            assigned(&event.actor, *role, *user, *previous, voice)
        }
        Fact::HandoffOffered { to } => {
            with_text(format!("Command offered to {}", voice.person(*to)))
        }
        Fact::HandoffAccepted { from, to } => match from {
            Some(from) => {
                format!("{} took over command from {}", voice.person(*to), voice.person(*from))
            }
            None => format!("{} took command", voice.person(*to)),
        },
        Fact::NoteAdded => match typed(Field::Text) {
            Some(text) => format!("Note: {text}"),
            None => "A note whose text was removed".to_owned(),
        },
        Fact::MessageCaptured { author, .. } => captured(event, *author, voice),
        Fact::MitigationRecorded { action, outcome, .. } => {
            with_text(match outcome {
                Outcome::Trying => format!("Mitigation begun: {action}"),
                Outcome::Helped => format!("Mitigation helped: {action}"),
                Outcome::Fixed => format!("Mitigation fixed it: {action}"),
                Outcome::NoEffect => format!("Mitigation had no effect: {action}"),
            })
        }
        Fact::ImpactDescribed { started_at } => {
            let mut parts = Vec::new();
            parts.extend(typed(Field::Description));
            parts.extend(typed(Field::Customers).map(|many| format!("customers: {many}")));
            parts.extend(typed(Field::RevenuePerMinute).map(|cost| format!("revenue per minute: {cost}")));
            parts.extend(started_at.map(|at| format!("since {}", voice.date(at))));
            listed("Impact", &parts)
        }
        Fact::DetailsEdited { incident_kind } => {
            let mut parts = Vec::new();
            parts.extend(typed(Field::Title).map(|title| format!("title is now {title}")));
            parts.extend(incident_kind.map(|kind| format!("kind is now {}", kind.label().to_lowercase())));
            parts.extend(typed(Field::Services).map(|list| format!("services are now {list}")));
            parts.extend(typed(Field::Summary).map(|summary| format!("summary is now {summary}")));
            listed("Details changed", &parts)
        }
        Fact::MadePrivate { from, to } => format!("Made private: {from} is now {to}"),
        Fact::MilestoneSet { milestone, at, previous } => {
            let before =
                previous.map(|was| format!(" (was {})", voice.date(was))).unwrap_or_default();
            because(format!("{} set to {}{before}", milestone.label(), voice.date(*at)))
        }
        Fact::UpdateDrafted { update, phase, corrects: None } => {
            with_text(format!("Update {update} drafted for customers ({phase})"))
        }
        Fact::UpdateDrafted { update, corrects: Some(wrong), .. } => {
            with_text(format!("Update {update} drafted to correct update {wrong}"))
        }
        Fact::UpdateEdited { update } => with_text(format!("Update {update} rewritten")),
        Fact::UpdateApproved { update, .. } => because(format!("Update {update} approved")),
        Fact::UpdatePublished { update, channel, .. } => {
            format!("Update {update} published in {}", voice.channel(*channel))
        }
        Fact::UpdateDiscarded { update } => format!("Update {update} discarded"),
        Fact::UpdateReturned { update, why } => {
            format!("Update {update} went back to draft: {}", lapse_words(*why))
        }
        Fact::UpdateReminded { due } => {
            format!("Reminded: customers expected an update by {}", voice.time(*due))
        }
        Fact::ActionAdded { item, owner, due_at, action } => {
            let mut parts = vec![action.label().to_lowercase()];
            parts.extend(owner.map(|owner| voice.person(owner)));
            parts.extend(due_at.map(|due| format!("due {}", voice.date(due))));
            with_text(format!("Action item {item} added ({})", parts.join(", ")))
        }
        Fact::ActionDone { item } => format!("Action item {item} done"),
        Fact::ReviewGenerated => "Review generated".to_owned(),
        Fact::ReviewEdited { section } => {
            with_text(format!("Review section “{section}” written"))
        }
        Fact::ReviewPublished => "Review published".to_owned(),
        Fact::ChannelReplaced { .. } => {
            "The incident's channel was deleted, so it was made again".to_owned()
        }
        Fact::PageLapsed { page, round: 1, why } => {
            format!("Page {page} was not sent: {}", lapse_words(*why))
        }
        Fact::PageLapsed { page, round, why } => {
            format!("Call {round} of page {page} was not sent: {}", lapse_words(*why))
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
    if stands_alone(event) { said } else { format!("{said} — {}", voice.actor(&event.actor)) }
}

/// Why something went unsaid, as the end of a sentence.
pub fn lapse_words(why: Lapse) -> &'static str {
    match why {
        Lapse::TooLate => "it could not be sent in time",
        Lapse::NoLongerTrue => "the incident had moved on",
        Lapse::Unknown => "Discord did not say whether it went out",
    }
}

fn after_colon(head: String, rest: Option<String>) -> String {
    match rest {
        Some(rest) => format!("{head}: {rest}"),
        None => head,
    }
}

fn listed(head: &str, parts: &[String]) -> String {
    if parts.is_empty() { head.to_owned() } else { format!("{head}: {}", parts.join(" · ")) }
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
