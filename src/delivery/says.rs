//! What is to be said now, what not any more, and in which order.

use chrono::TimeDelta;

use super::claim::{Claimer, Settled, Unsaid};
use super::holds::Hold;
use super::render;
use super::task::{Saying, Task, Tracing};
use crate::domain::effect::Say;
use crate::domain::incident::Incident;
use crate::domain::timeline::{Fact, Lapse};
use crate::store::effects::Waiting;
use crate::store::views::{Name, View};
use crate::store::{Result, timeline};

/// Discord remembers nonces "for a few minutes"; this long it may be trusted to.
pub(super) const NONCE_HOLDS: TimeDelta = TimeDelta::minutes(3);
/// A request whose answer was lost may still be executing this long after it was sent.
pub(super) const STILL_UNDER_WAY: TimeDelta = TimeDelta::seconds(10);

impl Claimer<'_> {
    /// One channel's *says* go one after the other, in the order of their decisions. One that waits
    /// holds back the later ones; one that is parked or lapsed does not.
    pub(super) async fn say(&mut self, effect: Waiting, say: Say) -> Result<()> {
        let Some(place) = self.place_of(&effect, &say).await? else {
            return Ok(());
        };
        if self.is_held(Hold::Effect(effect.id)) {
            self.spoken.insert(place.id);
            return Ok(());
        }
        let incident = self.incident(effect.incident).await?;
        let lapse = self.judge(&effect, &say, &incident, &place).await?;
        // An echo lapses in its turn, so that all that lapse are told in one line.
        let in_turn = !matches!(say, Say::Echo { .. }) || !self.spoken.contains(&place.id);
        if !effect.unknown
            && in_turn
            && let Some(why) = lapse
        {
            self.out.lapses.push(Unsaid {
                effect,
                say,
                why,
                nowhere: place.gone,
            });
            return Ok(());
        }
        if let Some(not_after) = effect.not_after.filter(|at| *at >= self.now) {
            self.wake_at(not_after + TimeDelta::microseconds(1));
        }
        if !self.spoken.insert(place.id) || self.is_held(Hold::Says(place.id)) {
            return Ok(());
        }
        let Some(channel) = place.as_channel() else {
            // It was sent into a channel that is no more, and there is nothing to read it in.
            if let (true, true, Some(why)) = (effect.unknown, place.gone, lapse) {
                self.out.lapses.push(Unsaid {
                    effect,
                    say,
                    why,
                    nowhere: true,
                });
            }
            return Ok(());
        };
        if !self.is_time(effect.retry_at) || !self.has_capacity() {
            return Ok(());
        }
        let Some(message) = render::say(self.conn, &incident, &say, self.review).await? else {
            self.out.settled.push(Settled::Done { effect: effect.id });
            return Ok(());
        };
        if let (true, Some(attempt_at)) = (effect.unknown, effect.attempt_at) {
            // With the nonce Discord gives the message that is there. Not for what is no longer
            // true: that is only looked for, once it cannot arrive any more.
            let again = lapse.is_none() && self.now - attempt_at < NONCE_HOLDS;
            if !again {
                if !self.is_time(Some(attempt_at + STILL_UNDER_WAY)) {
                    return Ok(());
                }
                let sign = render::sign_of_say(&incident, &say, &message);
                let (order, from) = (place.id, attempt_at);
                let tracing = Tracing {
                    effect,
                    say,
                    order,
                    channel,
                    from,
                    sign,
                };
                self.claim(Task::TraceSay(tracing));
                return Ok(());
            }
        }
        let body = message.body();
        let hash = render::hash(&body);
        let call = render::create(channel, body, message.files, &effect.nonce);
        self.claim(Task::Say(Saying {
            effect,
            say,
            order: place.id,
            channel,
            hash,
            call,
        }));
        Ok(())
    }

    /// The view of the channel that it is said in.
    async fn place_of(&mut self, effect: &Waiting, say: &Say) -> Result<Option<View>> {
        match say {
            Say::Publish { .. } => self.server_channel(effect.guild, Name::Updates).await,
            _ => self.channel_of(effect.incident).await,
        }
    }

    /// Why it is not to be said, if it is not.
    async fn judge(
        &mut self,
        effect: &Waiting,
        say: &Say,
        incident: &Incident,
        place: &View,
    ) -> Result<Option<Lapse>> {
        if place.gone {
            return Ok(Some(Lapse::NoLongerTrue));
        }
        if let Err(why) = say.still_if(incident) {
            return Ok(Some(why));
        }
        if effect.not_after.is_none_or(|at| at >= self.now) {
            return Ok(None);
        }
        if let Say::Echo { seq } = say {
            // The line that stands for lapsed ones does not lapse itself: it would breed others.
            let event = timeline::range(self.conn, incident.key, *seq, *seq).await?;
            if event
                .iter()
                .any(|event| matches!(event.fact, Fact::EchoesLapsed { .. }))
            {
                return Ok(None);
            }
        }
        Ok(Some(Lapse::TooLate))
    }
}
