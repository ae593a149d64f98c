//! The review as data: what every rendering shows. All text in it is clean (no control characters,
//! no turned directions) but not escaped: that is each rendering's business.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Serialize, Serializer};

use super::cast::Cast;
use super::course::Course;
use super::{findings, impact, row, told};
use crate::domain::ids::{ChannelId, GuildId, IncidentId, UserId};
use crate::domain::incident::Incident;
use crate::domain::milestones::{self, Milestone};
use crate::domain::status::Status;
use crate::domain::timeline::{Seq, TimelineEvent};

/// The version of the model that JSON readers meet; raised when a field changes its meaning.
pub const FORMAT: u32 = 1;

/// What links are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Links {
    /// The server.
    pub guild: GuildId,
    /// The incident's own channel, while it stands.
    pub channel: Option<ChannelId>,
}

/// A moment, to the second. JSON has RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub DateTime<Utc>);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// How long something took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Length {
    /// For programs.
    pub seconds: i64,
    /// For people: `1 h 5 min`.
    pub words: String,
}

impl From<TimeDelta> for Length {
    fn from(delta: TimeDelta) -> Self {
        Self {
            seconds: delta.num_seconds(),
            words: milestones::words(delta),
        }
    }
}

/// A word of a closed vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Word {
    /// The stored name.
    pub name: &'static str,
    /// As people read it.
    pub label: &'static str,
}

/// Somebody, by name and by the chairs they held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Who {
    /// As last seen.
    pub name: String,
    /// Their Discord id, if they are a person there.
    pub user: Option<UserId>,
    /// The chairs they held then.
    pub roles: Vec<&'static str>,
}

/// Something that only people can add, and the command that adds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// What is missing.
    pub says: String,
    /// What to type, if there is a command for it.
    pub command: Option<String>,
}

/// A written section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Its stored name.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What was written, if anything was.
    pub text: Option<String>,
    /// Where the text comes from: `review`, `resolution` or `declaration`.
    pub from: Option<&'static str>,
    /// What to do where there is none.
    pub missing: Option<Missing>,
}

/// Where the response stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The status.
    pub status: Word,
    /// Since when, of a response that ended.
    pub at: Option<Moment>,
    /// Who ended it.
    pub by: Option<Who>,
    /// The incident it turned out to be.
    pub into: Option<IncidentId>,
}

/// What customers noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// In a sentence.
    pub description: Option<String>,
    /// How many, as typed.
    pub customers: Option<String>,
    /// When it began to hurt.
    pub since: Option<Moment>,
    /// How long it hurt.
    pub duration: Option<Length>,
    /// How that is reckoned.
    pub duration_formula: &'static str,
    /// What a minute costs, as typed.
    pub revenue_per_minute: Option<String>,
    /// What it cost, where that can be reckoned.
    pub loss: Option<Loss>,
    /// What nobody has said.
    pub missing: Vec<Missing>,
}

/// Money lost, with how it was reckoned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// `564000 EUR`
    pub amount: String,
    /// The whole calculation, in words.
    pub method: String,
}

/// A chair and who sat in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chair {
    /// Which.
    pub role: Word,
    /// In order; empty if nobody ever took it.
    pub shifts: Vec<Shift>,
}

/// One person's time in a chair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shift {
    /// Who.
    pub who: Who,
    /// From when.
    pub from: Moment,
    /// Until when; nothing while they hold it.
    pub until: Option<Moment>,
    /// How long.
    pub length: Option<Length>,
}

/// When something was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MilestoneRow {
    /// Which.
    pub milestone: Word,
    /// When, if it is known.
    pub at: Option<Moment>,
    /// The timeline row that set it by hand, if one did.
    pub set_by: Option<Seq>,
    /// The reason given there.
    pub reason: Option<String>,
}

/// A measured duration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DurationRow {
    /// In words.
    pub name: &'static str,
    /// How it is reckoned.
    pub formula: &'static str,
    /// Nothing while an end is unknown. Unknown is not zero.
    pub value: Option<Length>,
}

/// A stretch of time in one status or severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Band {
    /// The status or severity.
    pub word: Word,
    /// From when.
    pub from: Moment,
    /// Until when; nothing if it lasts.
    pub until: Option<Moment>,
    /// How long.
    pub length: Option<Length>,
    /// Who moved it there.
    pub by: Who,
    /// Why, in their words.
    pub reason: Option<String>,
}

/// Something that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MitigationRow {
    /// Its number.
    pub number: u32,
    /// What sort of step.
    pub action: Word,
    /// What it did, as last said.
    pub outcome: Word,
    /// Everything that was said of it.
    pub steps: Vec<Step>,
}

/// One thing said of a mitigation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Who,
    /// What it did by then.
    pub outcome: Word,
    /// More on it.
    pub note: Option<String>,
}

/// What customers were told, against what they were promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// What was published, in order.
    pub published: Vec<Published>,
    /// Texts that customers never saw.
    pub unpublished: Vec<Unpublished>,
    /// The waits between words, each against the promised one.
    pub waits: Vec<Wait>,
    /// How often customers are to hear from us, by severity.
    pub cadence: Vec<Cadence>,
    /// What to do where nothing was published.
    pub missing: Option<Missing>,
}

/// One published text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Published {
    /// Its number.
    pub number: u32,
    /// Which stage it speaks of.
    pub phase: Word,
    /// The update that it corrects.
    pub corrects: Option<u32>,
    /// What customers read; nothing if it was removed from the record.
    pub text: Option<String>,
    /// When it went out.
    pub at: Moment,
    /// Who drafted it.
    pub drafted_by: Option<Who>,
    /// Who wrote what went out, if that is somebody else.
    pub rewritten_by: Option<Who>,
    /// Who answered for it.
    pub approved_by: Option<Who>,
    /// Why they approved it alone, if they did.
    pub approval_reason: Option<String>,
    /// Where it stands.
    pub link: String,
}

/// A text that customers never saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unpublished {
    /// Its number.
    pub number: u32,
    /// Which stage it speaks of.
    pub phase: Word,
    /// `draft`, `approved` or `discarded`.
    pub state: &'static str,
}

/// One wait of the customers for a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wait {
    /// What it began with: the declaration, an update, a reopening.
    pub since: String,
    /// When that was.
    pub from: Moment,
    /// What it ended with; nothing while they wait.
    pub ended_by: Option<String>,
    /// When it ended.
    pub until: Option<Moment>,
    /// By when a word was promised.
    pub due: Moment,
    /// How long they waited.
    pub length: Option<Length>,
    /// How much longer than promised.
    pub overdue: Option<Length>,
}

/// How often customers hear from us at a severity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cadence {
    /// The severity.
    pub severity: Word,
    /// At the latest after this time.
    pub every: Length,
}

/// A call to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageRow {
    /// Its number.
    pub number: u32,
    /// Who was called.
    pub who: Who,
    /// When.
    pub at: Moment,
    /// Who called.
    pub by: Who,
    /// Why.
    pub reason: Option<String>,
    /// When it was repeated.
    pub repeated: Option<Moment>,
    /// Who said "I have it".
    pub acknowledged_by: Option<Who>,
    /// When.
    pub acknowledged: Option<Moment>,
    /// How long after the call.
    pub after: Option<Length>,
}

/// A follow-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionRow {
    /// Its number.
    pub number: u32,
    /// What is to be done; nothing if it was removed from the record.
    pub text: Option<String>,
    /// What it is for.
    pub kind: Word,
    /// Who sees to it.
    pub owner: Option<Who>,
    /// By when.
    pub due: Option<Moment>,
    /// When it was done.
    pub done: Option<Moment>,
    /// Who said so.
    pub done_by: Option<Who>,
}

/// One row of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its place.
    pub seq: Seq,
    /// When it happened.
    pub at: Moment,
    /// When it was written down.
    pub recorded_at: Moment,
    /// The stored name of what happened.
    pub kind: &'static str,
    /// Who stands behind it.
    pub actor: Who,
    /// What happened, on one line.
    pub sentence: String,
    /// The message on Discord, where there is one.
    pub link: Option<String>,
}

/// How this can be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// How many rows the timeline has.
    pub rows: Seq,
    /// Walks the chain.
    pub verify: &'static str,
    /// Gives all of it.
    pub export: String,
}

/// The review of one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Review {
    /// [`FORMAT`].
    pub format: u32,
    /// `INC-1`
    pub id: IncidentId,
    /// The title.
    pub title: String,
    /// Whether only its own people may know of it.
    pub private: bool,
    /// How bad.
    pub severity: Word,
    /// Where it stands.
    pub standing: Standing,
    /// What sort.
    pub kind: Word,
    /// The parts that were hurt.
    pub services: Vec<String>,
    /// When it was declared.
    pub declared: Moment,
    /// By whom.
    pub declared_by: Who,
    /// When the response ended.
    pub resolved: Option<Moment>,
    /// The incident's channel.
    pub channel: Option<String>,
    /// What happened.
    pub summary: Section,
    /// What customers noticed.
    pub impact: Impact,
    /// Who led what, and when.
    pub chairs: Vec<Chair>,
    /// Everyone whom the timeline names, in the order it does.
    pub people: Vec<Who>,
    /// When what was reached.
    pub milestones: Vec<MilestoneRow>,
    /// How long what took.
    pub durations: Vec<DurationRow>,
    /// Where the response stood when.
    pub statuses: Vec<Band>,
    /// How bad it was when, while the response ran.
    pub severities: Vec<Band>,
    /// What was tried.
    pub mitigations: Vec<MitigationRow>,
    /// What set it off.
    pub trigger: Section,
    /// The conditions that made it possible.
    pub factors: Section,
    /// What customers were told.
    pub told: Told,
    /// Who was called.
    pub pages: Vec<PageRow>,
    /// What we learned: well, badly, lucky, lessons.
    pub learned: Vec<Section>,
    /// What follows.
    pub actions: Vec<ActionRow>,
    /// The account itself, by the time things happened.
    pub timeline: Vec<Row>,
    /// What the review still lacks.
    pub lacks: Vec<Missing>,
    /// How it can be checked.
    pub record: Record,
}

impl Review {
    /// Makes the review of an incident out of its timeline. `people`: names as last seen.
    pub fn of(
        incident: &Incident,
        timeline: &[TimelineEvent],
        people: &BTreeMap<UserId, String>,
        links: &Links,
    ) -> Self {
        // As it was written down, which is how the incident is folded.
        let mut events: Vec<&TimelineEvent> = timeline.iter().collect();
        events.sort_by_key(|event| event.seq);
        let cast = Cast::of(people, &events);
        let course = Course::of(&cast, &events);
        let mut review = Self {
            format: FORMAT,
            id: incident.id,
            title: cast.line(&incident.title),
            private: incident.is_private(),
            severity: word(incident.severity.as_str(), incident.severity.label()),
            standing: standing(incident, &cast),
            kind: word(incident.kind.as_str(), incident.kind.label()),
            services: incident
                .services
                .iter()
                .map(|service| cast.line(service))
                .collect(),
            declared: Moment(incident.declared_at),
            declared_by: cast.actor(&incident.declared_by),
            resolved: incident.milestones.get(Milestone::Resolved).map(Moment),
            channel: links
                .channel
                .map(|channel| channel_link(links.guild, channel)),
            summary: findings::summary(incident, &cast, &events),
            impact: impact::of(incident, &cast),
            chairs: course.chairs,
            people: cast.everyone(incident, &events),
            milestones: findings::milestones(incident, &cast, &events),
            durations: findings::durations(incident),
            statuses: course.statuses,
            severities: course.severities,
            mitigations: findings::mitigations(&cast, &events),
            trigger: findings::trigger(incident, &cast, &events),
            factors: findings::factors(&cast, &events),
            told: told::of(incident, &cast, &events, links),
            pages: findings::pages(incident, &cast),
            learned: findings::learned(&cast, &events),
            actions: findings::actions(incident, &cast),
            timeline: row::rows(&cast, &events, links),
            lacks: Vec::new(),
            record: Record {
                rows: incident.length,
                verify: "warbell verify",
                export: format!("warbell export {}", incident.id),
            },
        };
        review.lacks = findings::lacks(&review);
        review
    }
}

fn standing(incident: &Incident, cast: &Cast<'_>) -> Standing {
    let (at, by, into) = match &incident.status {
        Status::Investigating | Status::Identified | Status::Monitoring => (None, None, None),
        Status::Resolved { at, by }
        | Status::Closed { at, by, .. }
        | Status::Cancelled { at, by } => (Some(at), Some(by), None),
        Status::Merged { into, at, by } => (Some(at), Some(by), Some(*into)),
    };
    Standing {
        status: status_word(incident.status.name()),
        at: at.copied().map(Moment),
        by: by.map(|by| cast.actor(by)),
        into,
    }
}

/// A word of a vocabulary, by its two names.
pub(super) fn word(name: &'static str, label: &'static str) -> Word {
    Word { name, label }
}

/// The same for a status, whose label is its `Display`.
pub(super) fn status_word(status: crate::domain::status::StatusName) -> Word {
    use crate::domain::status::StatusName;
    let label = match status {
        StatusName::Investigating => "Investigating",
        StatusName::Identified => "Identified",
        StatusName::Monitoring => "Monitoring",
        StatusName::Resolved => "Resolved",
        StatusName::Closed => "Closed",
        StatusName::Cancelled => "Cancelled",
        StatusName::Merged => "Merged",
    };
    Word {
        name: status.as_str(),
        label,
    }
}

/// Where a channel is found on Discord.
pub(super) fn channel_link(guild: GuildId, channel: ChannelId) -> String {
    format!("https://discord.com/channels/{guild}/{channel}")
}
