//! What a verb comes to: new state, timeline events and effects, or a [`Refusal`].

use chrono::{DateTime, Utc};

use super::actor::Actor;
use super::effect::{Do, Effect, Say};
use super::incident::Incident;
use super::refusal::Refusal;
use super::timeline::{Fact, Seq, TimelineEvent, Words};

/// Who does it, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Who stands behind it.
    pub actor: Actor,
    /// When it happened: the snowflake's time of what came through Discord.
    pub occurred_at: DateTime<Utc>,
    /// Our clock.
    pub now: DateTime<Utc>,
}

/// What a verb changes, as data: written whole, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The incident as it then stands.
    pub incident: Incident,
    /// What the timeline gains, in order.
    pub events: Vec<TimelineEvent>,
    /// What is to happen outside.
    pub effects: Vec<Effect>,
}

/// What a verb comes to.
pub type Decided = Result<Decision, Refusal>;

impl Decision {
    /// Begins a decision on an incident as it stands.
    pub fn on(incident: &Incident) -> Self {
        Self {
            incident: incident.clone(),
            events: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// Records that `fact` happened at the act's time.
    pub fn record(&mut self, act: &Act, fact: Fact, words: Words) -> Seq {
        self.record_at(act, act.occurred_at, fact, words)
    }

    /// Records that `fact` happened at a time that somebody named.
    pub fn record_at(
        &mut self,
        act: &Act,
        occurred_at: DateTime<Utc>,
        fact: Fact,
        words: Words,
    ) -> Seq {
        let event = TimelineEvent {
            seq: self.incident.length + 1,
            occurred_at,
            recorded_at: act.now,
            actor: act.actor.clone(),
            fact,
            words,
        };
        self.incident.apply(&event);
        let seq = event.seq;
        self.events.push(event);
        seq
    }

    /// Has something said once.
    pub fn say(&mut self, say: Say) {
        self.effects.push(Effect::Say(say));
    }

    /// Has something done.
    pub fn r#do(&mut self, r#do: Do) {
        self.effects.push(Effect::Do(r#do));
    }

    /// The decision, made.
    pub fn done(self) -> Decided {
        Ok(self)
    }
}
