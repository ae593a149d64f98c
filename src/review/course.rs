//! The course of the response: who held which chair, where it stood and how bad it was, from when
//! to when. Read in the order the timeline was written, as the incident itself is folded.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::cast::{Cast, seated};
use super::model::{Band, Chair, Length, Moment, Shift, Word, status_word, word};
use crate::domain::ids::UserId;
use crate::domain::status::StatusName;
use crate::domain::timeline::{Fact, Field, TimelineEvent};
use crate::domain::words::{Role, Severity};

/// The stretches of time that the timeline tells of.
pub struct Course {
    /// Every chair, taken or not.
    pub chairs: Vec<Chair>,
    /// The statuses, in order.
    pub statuses: Vec<Band>,
    /// The severities while the response ran, in order.
    pub severities: Vec<Band>,
}

impl Course {
    /// Walks the timeline once.
    pub fn of(cast: &Cast<'_>, events: &[&TimelineEvent]) -> Self {
        let mut walk = Walk::default();
        for event in events {
            walk.step(cast, event);
        }
        let mut shifts = walk.shifts;
        let chairs = Role::ALL
            .iter()
            .map(|role| Chair {
                role: word(role.as_str(), role.label()),
                shifts: shifts.remove(role).unwrap_or_default(),
            })
            .collect();
        Self {
            chairs,
            statuses: walk.statuses,
            severities: walk.severities,
        }
    }
}

#[derive(Default)]
struct Walk {
    holders: BTreeMap<Role, UserId>,
    shifts: BTreeMap<Role, Vec<Shift>>,
    statuses: Vec<Band>,
    severities: Vec<Band>,
    severity: Option<Severity>,
}

impl Walk {
    fn step(&mut self, cast: &Cast<'_>, event: &TimelineEvent) {
        let at = event.occurred_at;
        if let Some((role, user)) = seated(&event.fact) {
            self.holders.insert(role, user);
            let shifts = self.shifts.entry(role).or_default();
            end_shift(shifts, at);
            shifts.push(begin_shift(cast, user, at));
        }
        match &event.fact {
            Fact::Declared { severity, .. } => {
                self.status(cast, event, StatusName::Investigating);
                self.severity(cast, event, *severity);
            }
            Fact::Escalated { to, .. } | Fact::Downgraded { to, .. } => {
                self.severity(cast, event, *to)
            }
            Fact::StatusChanged { from, to } if from != to => self.status(cast, event, *to),
            Fact::Resolved { .. } => self.end(cast, event, StatusName::Resolved),
            Fact::Cancelled { .. } => self.end(cast, event, StatusName::Cancelled),
            Fact::Merged { .. } => self.end(cast, event, StatusName::Merged),
            Fact::Closed => self.status(cast, event, StatusName::Closed),
            Fact::Reopened { .. } => {
                self.status(cast, event, StatusName::Investigating);
                if let Some(severity) = self.severity {
                    self.severity(cast, event, severity);
                }
                for (role, user) in &self.holders {
                    self.shifts
                        .entry(*role)
                        .or_default()
                        .push(begin_shift(cast, *user, at));
                }
            }
            _ => {}
        }
    }

    fn status(&mut self, cast: &Cast<'_>, event: &TimelineEvent, status: StatusName) {
        end_band(&mut self.statuses, event.occurred_at);
        self.statuses
            .push(begin_band(cast, event, status_word(status)));
    }

    fn severity(&mut self, cast: &Cast<'_>, event: &TimelineEvent, severity: Severity) {
        self.severity = Some(severity);
        end_band(&mut self.severities, event.occurred_at);
        self.severities.push(begin_band(
            cast,
            event,
            word(severity.as_str(), severity.label()),
        ));
    }

    /// The response ends: nobody sits in a chair any more, and it is not bad any more.
    fn end(&mut self, cast: &Cast<'_>, event: &TimelineEvent, status: StatusName) {
        self.status(cast, event, status);
        end_band(&mut self.severities, event.occurred_at);
        for shifts in self.shifts.values_mut() {
            end_shift(shifts, event.occurred_at);
        }
    }
}

fn begin_shift(cast: &Cast<'_>, user: UserId, at: DateTime<Utc>) -> Shift {
    Shift {
        who: cast.seated(user),
        from: Moment(at),
        until: None,
        length: None,
    }
}

fn end_shift(shifts: &mut [Shift], at: DateTime<Utc>) {
    if let Some(last) = shifts.last_mut().filter(|last| last.until.is_none()) {
        let until = at.max(last.from.0);
        last.until = Some(Moment(until));
        last.length = Some(Length::from(until - last.from.0));
    }
}

fn begin_band(cast: &Cast<'_>, event: &TimelineEvent, word: Word) -> Band {
    let reason = match &event.fact {
        // Their words have a place of their own.
        Fact::Declared { .. } | Fact::Resolved { .. } => None,
        _ => cast.said(event.word(Field::Reason)),
    };
    Band {
        word,
        from: Moment(event.occurred_at),
        until: None,
        length: None,
        by: cast.by(event),
        reason,
    }
}

fn end_band(bands: &mut [Band], at: DateTime<Utc>) {
    if let Some(last) = bands.last_mut().filter(|last| last.until.is_none()) {
        let until = at.max(last.from.0);
        last.until = Some(Moment(until));
        last.length = Some(Length::from(until - last.from.0));
    }
}
