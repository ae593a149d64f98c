//! What customers were told, and how long they waited for it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::cast::Cast;
use super::model::{
    Cadence, Length, Links, Missing, Moment, Published, Told, Unpublished, Wait, channel_link, word,
};
use crate::domain::incident::Incident;
use crate::domain::status_update::{StatusUpdate, UpdateState, cadence};
use crate::domain::time_tag::spell_tags;
use crate::domain::timeline::{Fact, Field, TimelineEvent};
use crate::domain::words::Severity;

/// The rows that one customer text left.
#[derive(Default)]
struct Trail<'a> {
    drafted: Option<&'a TimelineEvent>,
    rewritten: Option<&'a TimelineEvent>,
    approved: Option<&'a TimelineEvent>,
}

/// Every text and every wait.
pub fn of(incident: &Incident, cast: &Cast<'_>, events: &[&TimelineEvent], links: &Links) -> Told {
    let mut trails: BTreeMap<u32, Trail<'_>> = BTreeMap::new();
    for event in events {
        match &event.fact {
            Fact::UpdateDrafted { update, .. } => {
                trails.entry(*update).or_default().drafted = Some(event)
            }
            Fact::UpdateEdited { update } => {
                trails.entry(*update).or_default().rewritten = Some(event)
            }
            Fact::UpdateApproved { update, .. } => {
                trails.entry(*update).or_default().approved = Some(event)
            }
            _ => {}
        }
    }
    let mut published = Vec::new();
    let mut unpublished = Vec::new();
    let unseen = Trail::default();
    for update in &incident.updates {
        let trail = trails.get(&update.number).unwrap_or(&unseen);
        match shown(update, trail, cast, links) {
            Some(shown) => published.push(shown),
            None => unpublished.push(Unpublished {
                number: update.number,
                phase: word(update.phase.as_str(), update.phase.label()),
                state: update.state.as_str(),
            }),
        }
    }
    published.sort_by_key(|update| (update.at, update.number));
    let missing = published.is_empty().then(|| Missing {
        says: "Customers were told nothing through Warbell.".to_owned(),
        command: Some("/status draft".to_owned()),
    });
    Told {
        published,
        unpublished,
        waits: waits(events),
        cadence: promised(),
        missing,
    }
}

fn shown(
    update: &StatusUpdate,
    trail: &Trail<'_>,
    cast: &Cast<'_>,
    links: &Links,
) -> Option<Published> {
    let UpdateState::Published {
        at,
        approved_by,
        channel,
        message,
    } = &update.state
    else {
        return None;
    };
    let drafted_by = trail.drafted.map(|event| cast.by(event));
    let rewritten_by = trail
        .rewritten
        .filter(|event| {
            trail
                .drafted
                .is_none_or(|drafted| drafted.actor != event.actor)
        })
        .map(|event| cast.by(event));
    Some(Published {
        number: update.number,
        phase: word(update.phase.as_str(), update.phase.label()),
        corrects: update.corrects,
        // Discord shows each reader their own zone; a document writes the time out.
        text: cast.written(Some(&spell_tags(&update.text, Tz::UTC, *at))),
        at: Moment(*at),
        drafted_by,
        rewritten_by,
        approved_by: Some(
            trail
                .approved
                .map_or_else(|| cast.actor(approved_by), |event| cast.by(event)),
        ),
        approval_reason: trail
            .approved
            .and_then(|event| cast.said(event.word(Field::Reason))),
        link: format!("{}/{message}", channel_link(links.guild, *channel)),
    })
}

fn promised() -> Vec<Cadence> {
    let row = |severity: &Severity| Cadence {
        severity: word(severity.as_str(), severity.label()),
        every: Length::from(cadence(*severity)),
    };
    Severity::ALL.iter().map(row).collect()
}

/// A wait that has not ended.
struct Waiting {
    since: String,
    from: DateTime<Utc>,
    due: DateTime<Utc>,
}

impl Waiting {
    fn from(since: String, from: DateTime<Utc>, severity: Severity) -> Self {
        Self {
            since,
            from,
            due: from + cadence(severity),
        }
    }

    fn end(self, ended: Option<(String, DateTime<Utc>)>) -> Wait {
        let until = ended.as_ref().map(|(_, at)| *at);
        Wait {
            since: self.since,
            from: Moment(self.from),
            ended_by: ended.map(|(by, _)| by),
            until: until.map(Moment),
            due: Moment(self.due),
            length: until.map(|until| Length::from(until - self.from)),
            overdue: until
                .filter(|until| *until > self.due)
                .map(|until| Length::from(until - self.due)),
        }
    }
}

/// The waits, by the same promise that the reminders follow: a word within the severity's cadence,
/// sooner if it gets worse, while the response runs.
fn waits(events: &[&TimelineEvent]) -> Vec<Wait> {
    let mut waits = Vec::new();
    let mut waiting: Option<Waiting> = None;
    let mut present = Severity::Major;
    let mut open = false;
    for event in events {
        let at = event.occurred_at;
        match &event.fact {
            Fact::Declared { severity, .. } => {
                present = *severity;
                open = true;
                waiting = Some(Waiting::from("the declaration".to_owned(), at, present));
            }
            Fact::Escalated { to, .. } | Fact::Downgraded { to, .. } => {
                present = *to;
                if let Some(waiting) = &mut waiting {
                    waiting.due = waiting.due.min(at + cadence(present));
                }
            }
            Fact::UpdatePublished { update, .. } => {
                let by = format!("update {update}");
                waits.extend(
                    waiting
                        .take()
                        .map(|waiting| waiting.end(Some((by.clone(), at)))),
                );
                waiting = open.then(|| Waiting::from(by, at, present));
            }
            Fact::Resolved { .. } | Fact::Cancelled { .. } | Fact::Merged { .. } => {
                open = false;
                let by = "the end of the response".to_owned();
                waits.extend(waiting.take().map(|waiting| waiting.end(Some((by, at)))));
            }
            Fact::Reopened { .. } => {
                open = true;
                waiting = Some(Waiting::from("the reopening".to_owned(), at, present));
            }
            _ => {}
        }
    }
    waits.extend(waiting.map(|waiting| waiting.end(None)));
    waits
}
