//! The incident: the fold of its timeline.
//!
//! Every change goes through [`Incident::apply`], both when a verb is decided and when a timeline
//! is folded again, so the stored incident cannot say anything that its timeline does not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::action_item::ActionItem;
use super::actor::Actor;
use super::ids::{GuildId, IncidentId, IncidentKey, Mention, Series, UserId};
use super::milestones::{Milestone, Milestones};
use super::page::{Page, repeat_after};
use super::status::Status;
use super::status_update::{NextUpdate, StatusUpdate, UpdateState, cadence};
use super::timeline::{Fact, Field, Seq, TimelineEvent};
use super::words::{Kind, MitigationAction, Outcome, Role, Severity};

/// Who sits in a chair, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The person.
    pub user: UserId,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What customers notice, in the words that were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// In a sentence.
    pub description: Option<String>,
    /// "120000", "about 5 %".
    pub customers: Option<String>,
    /// "12000 EUR".
    pub revenue_per_minute: Option<String>,
}

/// Something that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mitigation {
    /// Its number in the incident, from 1.
    pub number: u32,
    /// What sort of step.
    pub action: MitigationAction,
    /// What it did, as last said.
    pub outcome: Outcome,
    /// The last note on it; empty if none.
    pub note: String,
    /// The timeline event that holds the note.
    pub note_seq: Seq,
    /// When it was first said.
    pub at: DateTime<Utc>,
}

/// How far the review is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// When the document was last made.
    pub generated_at: Option<DateTime<Utc>>,
    /// When it was shown to everybody.
    pub published_at: Option<DateTime<Utc>>,
}

/// One incident as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its row.
    pub key: IncidentKey,
    /// Its server.
    pub guild: GuildId,
    /// What people call it.
    pub id: IncidentId,
    /// What people called it before it became private.
    pub former_id: Option<IncidentId>,
    /// 1–100 characters.
    pub title: String,
    /// What is going on.
    pub summary: Option<String>,
    /// The parts that are hurt.
    pub services: Vec<String>,
    /// How bad.
    pub severity: Severity,
    /// What sort.
    pub kind: Kind,
    /// Where the response stands.
    pub status: Status,
    /// Who declared it.
    pub declared_by: Actor,
    /// When.
    pub declared_at: DateTime<Utc>,
    /// The chairs that are held.
    pub roles: BTreeMap<Role, Holder>,
    /// The person who was offered the command and has not taken it.
    pub handoff_to: Option<UserId>,
    /// What customers notice.
    pub impact: Impact,
    /// When what was reached.
    pub milestones: Milestones,
    /// How it ended, in the words of who resolved it.
    pub resolution: Option<String>,
    /// What set it off.
    pub trigger: Option<String>,
    /// Calls to people.
    pub pages: Vec<Page>,
    /// People and roles let into a private incident.
    pub invited: BTreeSet<Mention>,
    /// Customer texts.
    pub updates: Vec<StatusUpdate>,
    /// When customers expect the next word; `None` once the response ended.
    pub next_update: Option<NextUpdate>,
    /// What was tried.
    pub mitigations: Vec<Mitigation>,
    /// Follow-ups.
    pub actions: Vec<ActionItem>,
    /// The review.
    pub review: Review,
    /// How many events the timeline has; the next one is this plus one.
    pub length: Seq,
}

/// A timeline whose first event does not declare an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the timeline does not begin with `declared`")]
pub struct NotDeclared;

/// Something that is to happen at a time, unless the incident moves on before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// Call the same people once more.
    RepeatPage(u32),
    /// Remind the people in the incident that customers wait for a word.
    RemindUpdate,
}

impl Incident {
    /// The incident that `declared` begins.
    pub fn begin(
        key: IncidentKey,
        guild: GuildId,
        declared: &TimelineEvent,
    ) -> Result<Self, NotDeclared> {
        let Fact::Declared {
            id,
            severity,
            incident_kind,
            started_at,
        } = &declared.fact
        else {
            return Err(NotDeclared);
        };
        let at = declared.occurred_at;
        let mut milestones = Milestones::default();
        reach(&mut milestones, Milestone::Declared, at);
        if let Some(started_at) = started_at {
            set(&mut milestones, Milestone::ImpactStarted, *started_at);
        }
        let due_at = at + cadence(*severity);
        Ok(Self {
            key,
            guild,
            id: *id,
            former_id: None,
            title: declared.word(Field::Title).unwrap_or_default().to_owned(),
            summary: declared.word(Field::Summary).map(str::to_owned),
            services: split_services(declared.word(Field::Services).unwrap_or_default()),
            severity: *severity,
            kind: *incident_kind,
            status: Status::Investigating,
            declared_by: declared.actor.clone(),
            declared_at: at,
            roles: BTreeMap::new(),
            handoff_to: None,
            impact: Impact::default(),
            milestones,
            resolution: None,
            trigger: None,
            pages: Vec::new(),
            invited: BTreeSet::new(),
            updates: Vec::new(),
            next_update: Some(NextUpdate {
                due_at,
                remind_at: due_at,
            }),
            mitigations: Vec::new(),
            actions: Vec::new(),
            review: Review::default(),
            length: declared.seq,
        })
    }

    /// Folds a whole timeline.
    pub fn fold<'a>(
        key: IncidentKey,
        guild: GuildId,
        events: impl IntoIterator<Item = &'a TimelineEvent>,
    ) -> Result<Self, NotDeclared> {
        let mut events = events.into_iter();
        let mut incident = Self::begin(key, guild, events.next().ok_or(NotDeclared)?)?;
        for event in events {
            incident.apply(event);
        }
        Ok(incident)
    }

    /// Takes in what happened. Whether it may happen was decided before; this only writes it down.
    pub fn apply(&mut self, event: &TimelineEvent) {
        self.length = event.seq;
        let at = event.occurred_at;
        let by = || event.actor.clone();
        let text = |field| event.word(field).map(str::to_owned);
        match &event.fact {
            Fact::Declared { .. }
            | Fact::MergedHere { .. }
            | Fact::NoteAdded
            | Fact::MessageCaptured { .. }
            | Fact::ReviewEdited { .. }
            | Fact::ChannelReplaced { .. }
            | Fact::PageLapsed { .. }
            | Fact::ReminderLapsed { .. }
            | Fact::EchoesLapsed { .. } => {}
            Fact::Escalated { to, .. } | Fact::Downgraded { to, .. } => {
                self.set_severity(*to, at);
            }
            Fact::Paged { page, who } => {
                self.pages.push(Page {
                    number: *page,
                    who: *who,
                    by: by(),
                    at,
                    reason_seq: event.seq,
                    reason: text(Field::Reason).unwrap_or_default(),
                    repeat_at: repeat_after(self.severity).map(|wait| at + wait),
                    repeated_at: None,
                    acknowledged: None,
                });
                if self.is_private() {
                    self.invited.insert(*who);
                }
            }
            Fact::PageRepeated { page } => {
                if let Some(page) = self.page_mut(*page) {
                    page.repeat_at = None;
                    page.repeated_at = Some(at);
                }
            }
            Fact::PageAcknowledged { page } => {
                if let Some(page) = self.page_mut(*page) {
                    page.repeat_at = None;
                    page.acknowledged = Some((by(), at));
                }
                reach(&mut self.milestones, Milestone::Acknowledged, at);
            }
            Fact::Invited { who } => {
                self.invited.insert(*who);
            }
            Fact::StatusChanged { to, .. } => {
                self.status = match to {
                    super::status::StatusName::Identified => {
                        reach(&mut self.milestones, Milestone::Identified, at);
                        Status::Identified
                    }
                    super::status::StatusName::Monitoring => Status::Monitoring,
                    _ => Status::Investigating,
                };
            }
            Fact::Resolved { .. } => {
                self.status = Status::Resolved { at, by: by() };
                reach(&mut self.milestones, Milestone::Resolved, at);
                self.resolution = text(Field::Summary);
                self.trigger = text(Field::Trigger).or(self.trigger.take());
                self.stop_waiting();
            }
            Fact::Reopened { .. } => {
                self.status = Status::Investigating;
                self.milestones.clear(Milestone::Resolved);
                self.resolution = None;
                self.wait_for_update(at);
            }
            Fact::Cancelled { .. } => {
                self.status = Status::Cancelled { at, by: by() };
                self.stop_waiting();
            }
            Fact::Closed => {
                let resolved_at = match &self.status {
                    Status::Resolved { at, .. } => *at,
                    _ => at,
                };
                self.status = Status::Closed {
                    resolved_at,
                    at,
                    by: by(),
                };
            }
            Fact::Merged { into } => {
                self.status = Status::Merged {
                    into: *into,
                    at,
                    by: by(),
                };
                self.stop_waiting();
            }
            Fact::RoleAssigned { role, user, .. } => {
                self.seat(*role, *user, at);
            }
            Fact::HandoffOffered { to } => self.handoff_to = Some(*to),
            Fact::HandoffAccepted { to, .. } => {
                self.seat(Role::Commander, *to, at);
            }
            Fact::MitigationRecorded {
                mitigation,
                action,
                outcome,
            } => {
                self.record_mitigation(event, *mitigation, *action, *outcome);
            }
            Fact::ImpactDescribed { started_at } => {
                let impact = &mut self.impact;
                impact.description = text(Field::Description).or(impact.description.take());
                impact.customers = text(Field::Customers).or(impact.customers.take());
                impact.revenue_per_minute =
                    text(Field::RevenuePerMinute).or(impact.revenue_per_minute.take());
                if let Some(started_at) = started_at {
                    set(&mut self.milestones, Milestone::ImpactStarted, *started_at);
                }
            }
            Fact::DetailsEdited { incident_kind } => {
                self.kind = incident_kind.unwrap_or(self.kind);
                if let Some(title) = text(Field::Title) {
                    self.title = title;
                }
                self.summary = text(Field::Summary).or(self.summary.take());
                if let Some(services) = event.word(Field::Services) {
                    self.services = split_services(services);
                }
            }
            Fact::MadePrivate { from, to } => {
                self.former_id = Some(*from);
                self.id = *to;
            }
            Fact::MilestoneSet { milestone, at, .. } => set(&mut self.milestones, *milestone, *at),
            Fact::UpdateDrafted {
                update,
                phase,
                corrects,
            } => self.updates.push(StatusUpdate {
                number: *update,
                phase: *phase,
                corrects: *corrects,
                text: text(Field::Text).unwrap_or_default(),
                text_seq: event.seq,
                author: by(),
                written_at: at,
                state: UpdateState::Draft { returned: None },
            }),
            Fact::UpdateEdited { update } => {
                if let Some(update) = self.update_mut(*update) {
                    update.text = text(Field::Text).unwrap_or_default();
                    update.text_seq = event.seq;
                    update.author = by();
                    update.written_at = at;
                    update.state = UpdateState::Draft { returned: None };
                }
            }
            Fact::UpdateApproved { update, .. } => {
                let (status, severity) = (self.status.name(), self.severity);
                if let Some(update) = self.update_mut(*update) {
                    update.state = UpdateState::Approved {
                        at,
                        by: by(),
                        status,
                        severity,
                    };
                }
            }
            Fact::UpdatePublished {
                update,
                channel,
                message,
            } => {
                if let Some(update) = self.update_mut(*update) {
                    let approved_by = match &update.state {
                        UpdateState::Approved { by, .. } => by.clone(),
                        _ => by(),
                    };
                    update.state = UpdateState::Published {
                        at,
                        approved_by,
                        channel: *channel,
                        message: *message,
                    };
                }
                if self.status.is_open() {
                    self.wait_for_update(at);
                }
            }
            Fact::UpdateDiscarded { update } => {
                if let Some(update) = self.update_mut(*update) {
                    update.state = UpdateState::Discarded { at, by: by() };
                }
            }
            Fact::UpdateReturned { update, why } => {
                if let Some(update) = self.update_mut(*update) {
                    update.state = UpdateState::Draft {
                        returned: Some(*why),
                    };
                }
            }
            Fact::UpdateReminded { .. } => {
                // From now, not from the due time: after a long absence one reminder is enough.
                if let Some(next) = &mut self.next_update {
                    next.remind_at = at + cadence(self.severity);
                }
            }
            Fact::ActionAdded {
                item,
                owner,
                due_at,
                action,
            } => self.actions.push(ActionItem {
                number: *item,
                text: text(Field::Text).unwrap_or_default(),
                text_seq: event.seq,
                owner: *owner,
                due_at: *due_at,
                kind: *action,
                done: None,
            }),
            Fact::ActionDone { item } => {
                if let Some(item) = self.actions.iter_mut().find(|a| a.number == *item) {
                    item.done = Some((by(), at));
                }
            }
            Fact::ReviewGenerated => self.review.generated_at = Some(at),
            Fact::ReviewPublished => self.review.published_at = Some(at),
        }
    }

    /// Whether only its own people may know of it.
    pub fn is_private(&self) -> bool {
        self.id.series == Series::Private
    }

    /// Who sits in this chair.
    pub fn holder(&self, role: Role) -> Option<UserId> {
        self.roles.get(&role).map(|holder| holder.user)
    }

    /// Whether this person sits in any chair.
    pub fn holds_a_role(&self, user: UserId) -> bool {
        self.roles.values().any(|holder| holder.user == user)
    }

    /// The customer text of this number.
    pub fn update(&self, number: u32) -> Option<&StatusUpdate> {
        self.updates.iter().find(|update| update.number == number)
    }

    /// The page of this number.
    pub fn page(&self, number: u32) -> Option<&Page> {
        self.pages.iter().find(|page| page.number == number)
    }

    /// The follow-up of this number.
    pub fn action(&self, number: u32) -> Option<&ActionItem> {
        self.actions.iter().find(|action| action.number == number)
    }

    /// Everything that is to happen later, as the incident stands now.
    pub fn dues(&self) -> Vec<(DateTime<Utc>, Due)> {
        if !self.status.is_open() {
            return Vec::new();
        }
        let pages = self
            .pages
            .iter()
            .filter_map(|page| Some((page.repeat_at?, Due::RepeatPage(page.number))));
        let update = self
            .next_update
            .map(|next| (next.remind_at, Due::RemindUpdate));
        pages.chain(update).collect()
    }

    fn set_severity(&mut self, severity: Severity, at: DateTime<Utc>) {
        self.severity = severity;
        // Worse: customers are to hear sooner. Better: the promise that was made stands.
        if let Some(next) = &mut self.next_update {
            let sooner = at + cadence(severity);
            next.due_at = next.due_at.min(sooner);
            next.remind_at = next.remind_at.min(sooner);
        }
        for page in &mut self.pages {
            if let (Some(repeat_at), Some(wait)) = (page.repeat_at, repeat_after(severity)) {
                page.repeat_at = Some(repeat_at.min(at + wait));
            }
        }
    }

    fn wait_for_update(&mut self, from: DateTime<Utc>) {
        let due_at = from + cadence(self.severity);
        self.next_update = Some(NextUpdate {
            due_at,
            remind_at: due_at,
        });
    }

    fn stop_waiting(&mut self) {
        self.next_update = None;
        self.handoff_to = None;
        for page in &mut self.pages {
            page.repeat_at = None;
        }
    }

    fn seat(&mut self, role: Role, user: UserId, since: DateTime<Utc>) {
        self.roles.insert(role, Holder { user, since });
        if role == Role::Commander {
            self.handoff_to = None;
            reach(&mut self.milestones, Milestone::Acknowledged, since);
        }
        if self.is_private() {
            self.invited.insert(Mention::User(user));
        }
    }

    fn record_mitigation(
        &mut self,
        event: &TimelineEvent,
        number: u32,
        action: MitigationAction,
        outcome: Outcome,
    ) {
        let note = event.word(Field::Text).unwrap_or_default().to_owned();
        if let Some(known) = self.mitigations.iter_mut().find(|m| m.number == number) {
            known.outcome = outcome;
            if !note.is_empty() {
                known.note = note;
                known.note_seq = event.seq;
            }
        } else {
            self.mitigations.push(Mitigation {
                number,
                action,
                outcome,
                note,
                note_seq: event.seq,
                at: event.occurred_at,
            });
        }
        if outcome == Outcome::Fixed {
            reach(
                &mut self.milestones,
                Milestone::Mitigated,
                event.occurred_at,
            );
        }
    }

    fn update_mut(&mut self, number: u32) -> Option<&mut StatusUpdate> {
        self.updates
            .iter_mut()
            .find(|update| update.number == number)
    }

    fn page_mut(&mut self, number: u32) -> Option<&mut Page> {
        self.pages.iter_mut().find(|page| page.number == number)
    }
}

/// Notes that a milestone was reached. Two acts a breath apart may come in the other order than they
/// happened; then the later one takes the time of the one it cannot precede.
fn reach(milestones: &mut Milestones, milestone: Milestone, at: DateTime<Utc>) {
    let mut at = at;
    for _ in Milestone::ALL {
        match milestones.set_first(milestone, at) {
            Ok(_) => return,
            Err(out_of_order) => at = out_of_order.against_at,
        }
    }
}

/// Sets a milestone to a time whose order was checked when it was decided.
fn set(milestones: &mut Milestones, milestone: Milestone, at: DateTime<Utc>) {
    debug_assert!(
        milestones.clone().set_checked(milestone, at).is_ok(),
        "decided unchecked"
    );
    let _ = milestones.set_checked(milestone, at);
}

/// The services in a comma-separated list, each once, in the order typed.
pub fn split_services(list: &str) -> Vec<String> {
    let mut services: Vec<String> = Vec::new();
    for name in list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        if !services
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            services.push(name.to_owned());
        }
    }
    services
}
