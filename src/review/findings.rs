//! What the timeline says, part by part, and what nobody has said yet.

use std::collections::BTreeMap;

use super::cast::Cast;
use super::model::{
    ActionRow, DurationRow, Length, MilestoneRow, Missing, MitigationRow, Moment, PageRow, Review,
    Section, Step, word,
};
use crate::domain::incident::Incident;
use crate::domain::milestones::{self, Milestone};
use crate::domain::timeline::{Fact, Field, TimelineEvent};
use crate::domain::words::ReviewSection;

/// The section as last written.
fn written(cast: &Cast<'_>, events: &[&TimelineEvent], wanted: ReviewSection) -> Option<String> {
    let last = events
        .iter()
        .rev()
        .find(|event| matches!(event.fact, Fact::ReviewEdited { section } if section == wanted))?;
    cast.written(last.word(Field::Text))
}

/// The first text there is, with where it comes from.
fn section(wanted: ReviewSection, sources: &[(&'static str, Option<String>)]) -> Section {
    let found = sources
        .iter()
        .find_map(|(from, text)| Some((*from, text.clone()?)));
    let missing = found.is_none().then(|| Missing {
        says: format!("“{}” is not written yet.", wanted.label()),
        command: Some(format!("/review edit section:{}", wanted.as_str())),
    });
    let (from, text) = found.unzip();
    Section {
        name: wanted.as_str(),
        title: wanted.label(),
        text,
        from,
        missing,
    }
}

/// What was written for the review, else how it ended, else how it began.
pub fn summary(incident: &Incident, cast: &Cast<'_>, events: &[&TimelineEvent]) -> Section {
    section(
        ReviewSection::Summary,
        &[
            ("review", written(cast, events, ReviewSection::Summary)),
            ("resolution", cast.written(incident.resolution.as_deref())),
            ("declaration", cast.written(incident.summary.as_deref())),
        ],
    )
}

/// What was written for the review, else what was said when it was resolved.
pub fn trigger(incident: &Incident, cast: &Cast<'_>, events: &[&TimelineEvent]) -> Section {
    section(
        ReviewSection::Trigger,
        &[
            ("review", written(cast, events, ReviewSection::Trigger)),
            ("resolution", cast.written(incident.trigger.as_deref())),
        ],
    )
}

/// The conditions that made it possible.
pub fn factors(cast: &Cast<'_>, events: &[&TimelineEvent]) -> Section {
    section(
        ReviewSection::Factors,
        &[("review", written(cast, events, ReviewSection::Factors))],
    )
}

/// What people take along.
pub fn learned(cast: &Cast<'_>, events: &[&TimelineEvent]) -> Vec<Section> {
    [
        ReviewSection::WentWell,
        ReviewSection::WentBadly,
        ReviewSection::Lucky,
        ReviewSection::Lessons,
    ]
    .into_iter()
    .map(|wanted| section(wanted, &[("review", written(cast, events, wanted))]))
    .collect()
}

/// Every milestone, known or not, with the row that set it by hand.
pub fn milestones(
    incident: &Incident,
    cast: &Cast<'_>,
    events: &[&TimelineEvent],
) -> Vec<MilestoneRow> {
    Milestone::ALL
        .iter()
        .map(|wanted| {
            let at = incident.milestones.get(*wanted);
            let set = events.iter().rev().find(|event| match event.fact {
                Fact::MilestoneSet {
                    milestone,
                    at: set_to,
                    ..
                } => milestone == *wanted && Some(set_to) == at,
                _ => false,
            });
            MilestoneRow {
                milestone: word(wanted.as_str(), wanted.label()),
                at: at.map(Moment),
                set_by: set.map(|event| event.seq),
                reason: set.and_then(|event| cast.said(event.word(Field::Reason))),
            }
        })
        .collect()
}

/// Every duration with its formula, known or not.
pub fn durations(incident: &Incident) -> Vec<DurationRow> {
    milestones::durations(&incident.milestones)
        .into_iter()
        .map(|duration| DurationRow {
            name: duration.name,
            formula: duration.formula,
            value: duration.value.map(Length::from),
        })
        .collect()
}

/// What was tried, with everything that was said of it.
pub fn mitigations(cast: &Cast<'_>, events: &[&TimelineEvent]) -> Vec<MitigationRow> {
    let mut rows: BTreeMap<u32, MitigationRow> = BTreeMap::new();
    for event in events {
        let Fact::MitigationRecorded {
            mitigation,
            action,
            outcome,
        } = &event.fact
        else {
            continue;
        };
        let outcome = word(outcome.as_str(), outcome.label());
        let row = rows.entry(*mitigation).or_insert_with(|| MitigationRow {
            number: *mitigation,
            action: word(action.as_str(), action.label()),
            outcome,
            steps: Vec::new(),
        });
        row.outcome = outcome;
        row.steps.push(Step {
            at: Moment(event.occurred_at),
            by: cast.by(event),
            outcome,
            note: cast.said(event.word(Field::Text)),
        });
    }
    rows.into_values().collect()
}

/// Who was called, and how long it took until somebody had it.
pub fn pages(incident: &Incident, cast: &Cast<'_>) -> Vec<PageRow> {
    let row = |page: &crate::domain::page::Page| {
        let (acknowledged_by, acknowledged) =
            page.acknowledged.as_ref().map(|(by, at)| (by, *at)).unzip();
        PageRow {
            number: page.number,
            who: cast.mention(page.who),
            at: Moment(page.at),
            by: cast.actor(&page.by),
            reason: cast.said(Some(&page.reason)),
            repeated: page.repeated_at.map(Moment),
            acknowledged_by: acknowledged_by.map(|by| cast.actor(by)),
            acknowledged: acknowledged.map(Moment),
            after: acknowledged.map(|at| Length::from(at - page.at)),
        }
    };
    incident.pages.iter().map(row).collect()
}

/// What follows.
pub fn actions(incident: &Incident, cast: &Cast<'_>) -> Vec<ActionRow> {
    let row = |action: &crate::domain::action_item::ActionItem| {
        let (done_by, done) = action.done.as_ref().map(|(by, at)| (by, *at)).unzip();
        ActionRow {
            number: action.number,
            text: cast.said(Some(&action.text)),
            kind: word(action.kind.as_str(), action.kind.label()),
            owner: action.owner.map(|owner| cast.user(owner)),
            due: action.due_at.map(Moment),
            done: done.map(Moment),
            done_by: done_by.map(|by| cast.actor(by)),
        }
    };
    incident.actions.iter().map(row).collect()
}

/// What the review still lacks, each with the command that adds it.
pub fn lacks(review: &Review) -> Vec<Missing> {
    let sections = [&review.summary, &review.trigger, &review.factors]
        .into_iter()
        .chain(&review.learned);
    // What was none, or was another one, is never resolved.
    let never = matches!(review.standing.status.name, "cancelled" | "merged");
    let unknown = review.milestones.iter().filter(|row| row.at.is_none());
    let milestones = unknown
        .filter(|row| !(never && row.milestone.name == "resolved"))
        .map(|row| {
            let name = row.milestone.name;
            // Two of them come with their verbs alone.
            let command = match name {
                "resolved" => "/incident resolve summary:…".to_owned(),
                "declared" => "/incident declare".to_owned(),
                _ => format!("/incident milestone name:{name} at:…"),
            };
            Missing {
                says: format!("“{}” has no time.", row.milestone.label),
                command: Some(command),
            }
        });
    let none = review.actions.is_empty().then(|| Missing {
        says: "There are no action items.".to_owned(),
        command: Some("/action add text:… owner:… due:… type:…".to_owned()),
    });
    let actions = review
        .actions
        .iter()
        .filter(|action| action.done.is_none())
        .filter_map(|action| {
            let lacks = match (&action.owner, action.due) {
                (None, None) => "no owner and no date",
                (None, Some(_)) => "no owner",
                (Some(_), None) => "no date",
                (Some(_), Some(_)) => return None,
            };
            Some(Missing {
                says: format!("Action item {} has {lacks}.", action.number),
                command: None,
            })
        });
    sections
        .filter_map(|section| section.missing.clone())
        .chain(review.impact.missing.iter().cloned())
        .chain(milestones)
        .chain(review.told.missing.clone())
        .chain(none)
        .chain(actions)
        .collect()
}
