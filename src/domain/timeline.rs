//! The timeline: the append-only account of one incident, and the truth that every view shows.
//!
//! An event has *facts* (which severity, who, when) and *words* (what people typed). The words lie
//! apart in the store, so that one text can be taken out without breaking the chain of events.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::ids::{ChannelId, IncidentId, Mention, MessageId, UserId};
use super::milestones::Milestone;
use super::status::StatusName;
use super::words::{
    ActionKind, Kind, MitigationAction, Outcome, Phase, ReviewSection, Role, Severity,
};

/// The place of an event in its incident's timeline, counted from 1.
pub type Seq = u32;

/// A named piece of text that a person typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The incident's title.
    Title,
    /// What is going on, or how it ended.
    Summary,
    /// The affected services, comma-separated.
    Services,
    /// Why.
    Reason,
    /// A note, a captured message, a customer text, an action item, a review section.
    Text,
    /// What set it off.
    Trigger,
    /// The impact, in words.
    Description,
    /// How many customers.
    Customers,
    /// What a minute costs.
    RevenuePerMinute,
    /// File names of a captured message, one a line.
    Attachments,
}

/// What was typed with an event, by field.
pub type Words = BTreeMap<Field, String>;

/// Where a message came from when it was put on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureVia {
    /// A 📌 reaction.
    Reaction,
    /// The message menu.
    Menu,
}

/// Why something that was to be said was not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// Its time was over.
    TooLate,
    /// The incident moved on: it was no longer true.
    NoLongerTrue,
    /// Discord's history could not be read, so nobody knows whether it went out.
    Unknown,
    /// The server's AutoMod refuses the text.
    Blocked,
}

/// What happened, without anybody's words. Kinds are in the past tense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// It was said to be an incident. Words: title, summary, services.
    Declared {
        id: IncidentId,
        severity: Severity,
        incident_kind: Kind,
        started_at: Option<DateTime<Utc>>,
    },
    /// The severity was raised. Words: reason.
    Escalated { from: Severity, to: Severity },
    /// The severity was lowered. Words: reason.
    Downgraded { from: Severity, to: Severity },
    /// Somebody was called. Words: reason.
    Paged { page: u32, who: Mention },
    /// The same were called once more.
    PageRepeated { page: u32 },
    /// "I have it."
    PageAcknowledged { page: u32 },
    /// A private incident was opened to somebody.
    Invited { who: Mention },
    /// The response moved. Words: reason (the note).
    StatusChanged { from: StatusName, to: StatusName },
    /// The response ended. Words: summary, trigger.
    Resolved { from: StatusName },
    /// The response goes on. Words: reason.
    Reopened { from: StatusName },
    /// It was none. Words: reason.
    Cancelled { from: StatusName },
    /// The review is done, nothing is left to write.
    Closed,
    /// It turned out to be another incident.
    Merged { into: IncidentId },
    /// Another incident turned out to be this one.
    MergedHere { from: IncidentId },
    /// Somebody took a chair.
    RoleAssigned {
        role: Role,
        user: UserId,
        previous: Option<UserId>,
    },
    /// The commander offered the command. Words: text (the note).
    HandoffOffered { to: UserId },
    /// The named person pressed `I have command`.
    HandoffAccepted { from: Option<UserId>, to: UserId },
    /// Somebody wrote something down. Words: text.
    NoteAdded,
    /// A message was put on the timeline. Words: text (where Discord gives it), attachments.
    MessageCaptured {
        channel: ChannelId,
        message: MessageId,
        author: UserId,
        via: CaptureVia,
    },
    /// Something was tried, or turned out. Words: text.
    MitigationRecorded {
        mitigation: u32,
        action: MitigationAction,
        outcome: Outcome,
    },
    /// What customers notice. Words: description, customers, revenue per minute.
    ImpactDescribed { started_at: Option<DateTime<Utc>> },
    /// The incident's own fields changed. Words: title, summary, services where they changed.
    DetailsEdited { incident_kind: Option<Kind> },
    /// The incident left the public sequence.
    MadePrivate { from: IncidentId, to: IncidentId },
    /// A milestone was set by hand. Words: reason.
    MilestoneSet {
        milestone: Milestone,
        at: DateTime<Utc>,
        previous: Option<DateTime<Utc>>,
    },
    /// A customer text was written. Words: text.
    UpdateDrafted {
        update: u32,
        phase: Phase,
        corrects: Option<u32>,
    },
    /// A draft was rewritten. Words: text.
    UpdateEdited { update: u32 },
    /// Somebody answers for the text with this fingerprint. Words: reason, if they had to give one.
    UpdateApproved { update: u32, fingerprint: String },
    /// The text stands in the updates channel.
    UpdatePublished {
        update: u32,
        channel: ChannelId,
        message: MessageId,
    },
    /// A draft was thrown away.
    UpdateDiscarded { update: u32 },
    /// An approved text went back to draft instead of out.
    UpdateReturned { update: u32, why: Lapse },
    /// The people in the incident were told that customers wait for a word.
    UpdateReminded { due: DateTime<Utc> },
    /// A follow-up was noted. Words: text.
    ActionAdded {
        item: u32,
        owner: Option<UserId>,
        due_at: Option<DateTime<Utc>>,
        action: ActionKind,
    },
    /// A follow-up is done.
    ActionDone { item: u32 },
    /// The review document was made from the rows up to this one.
    ReviewGenerated,
    /// A section of the review was written. Words: text.
    ReviewEdited { section: ReviewSection },
    /// The review was shown to everybody.
    ReviewPublished,
    /// The incident's deleted channel was made again.
    ChannelReplaced { previous: ChannelId },
    /// A call to somebody went unsaid.
    PageLapsed { page: u32, round: u32, why: Lapse },
    /// A reminder went unsaid.
    ReminderLapsed { due: DateTime<Utc>, why: Lapse },
    /// Lines for the channel went unsaid for too long and were told as one.
    EchoesLapsed { first: Seq, last: Seq },
}

impl Fact {
    /// The stored name of the kind, e.g. `escalated`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Declared { .. } => "declared",
            Self::Escalated { .. } => "escalated",
            Self::Downgraded { .. } => "downgraded",
            Self::Paged { .. } => "paged",
            Self::PageRepeated { .. } => "page_repeated",
            Self::PageAcknowledged { .. } => "page_acknowledged",
            Self::Invited { .. } => "invited",
            Self::StatusChanged { .. } => "status_changed",
            Self::Resolved { .. } => "resolved",
            Self::Reopened { .. } => "reopened",
            Self::Cancelled { .. } => "cancelled",
            Self::Closed => "closed",
            Self::Merged { .. } => "merged",
            Self::MergedHere { .. } => "merged_here",
            Self::RoleAssigned { .. } => "role_assigned",
            Self::HandoffOffered { .. } => "handoff_offered",
            Self::HandoffAccepted { .. } => "handoff_accepted",
            Self::NoteAdded => "note_added",
            Self::MessageCaptured { .. } => "message_captured",
            Self::MitigationRecorded { .. } => "mitigation_recorded",
            Self::ImpactDescribed { .. } => "impact_described",
            Self::DetailsEdited { .. } => "details_edited",
            Self::MadePrivate { .. } => "made_private",
            Self::MilestoneSet { .. } => "milestone_set",
            Self::UpdateDrafted { .. } => "update_drafted",
            Self::UpdateEdited { .. } => "update_edited",
            Self::UpdateApproved { .. } => "update_approved",
            Self::UpdatePublished { .. } => "update_published",
            Self::UpdateDiscarded { .. } => "update_discarded",
            Self::UpdateReturned { .. } => "update_returned",
            Self::UpdateReminded { .. } => "update_reminded",
            Self::ActionAdded { .. } => "action_added",
            Self::ActionDone { .. } => "action_done",
            Self::ReviewGenerated => "review_generated",
            Self::ReviewEdited { .. } => "review_edited",
            Self::ReviewPublished => "review_published",
            Self::ChannelReplaced { .. } => "channel_replaced",
            Self::PageLapsed { .. } => "page_lapsed",
            Self::ReminderLapsed { .. } => "reminder_lapsed",
            Self::EchoesLapsed { .. } => "echoes_lapsed",
        }
    }
}

/// One row of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEvent {
    /// Its place, from 1, without gaps.
    pub seq: Seq,
    /// When it happened: the message's, the command's or the typed time.
    pub occurred_at: DateTime<Utc>,
    /// When we wrote it down.
    pub recorded_at: DateTime<Utc>,
    /// Who stands behind it.
    pub actor: Actor,
    /// What happened.
    pub fact: Fact,
    /// What was typed with it; empty once redacted.
    pub words: Words,
}

impl TimelineEvent {
    /// The text in this field, if any.
    pub fn word(&self, field: Field) -> Option<&str> {
        self.words.get(&field).map(String::as_str)
    }
}

/// Builds [`Words`] from what is there; absent and empty texts are left out.
pub fn words<const N: usize>(pairs: [(Field, Option<String>); N]) -> Words {
    pairs
        .into_iter()
        .filter_map(|(field, text)| text.filter(|t| !t.is_empty()).map(|t| (field, t)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_kind_is_the_one_that_json_carries() {
        for fact in [
            Fact::NoteAdded,
            Fact::Closed,
            Fact::Escalated {
                from: Severity::Minor,
                to: Severity::Major,
            },
            Fact::PageAcknowledged { page: 1 },
        ] {
            let json = serde_json::to_value(&fact).unwrap();
            assert_eq!(json["kind"], fact.kind());
            assert_eq!(serde_json::from_value::<Fact>(json).unwrap(), fact);
        }
    }
}
