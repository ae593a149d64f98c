//! 📌 and `Add to timeline`: put a message on the timeline.

use super::house::{load, remember};
use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::{self, Verb};
use crate::domain::refusal::Refusal;
use crate::domain::verbs::capture::{self, Capture};
use crate::domain::visibility::Viewer;
use crate::store::{Lane, captures, decisions, incidents, servers};

impl House {
    /// Captures a message of an incident's channel, once.
    pub async fn capture(&self, request: &Request, ask: Capture) -> Outcome<Recorded> {
        let mut tx = self.db.write(Lane::Actor).await?;
        if let Some(earlier) = self.earlier(&mut tx, request).await? {
            return self.repeat(&mut tx, request, earlier).await;
        }
        let (person, stored, channel) =
            load(tx.conn(), request, &Target::Here)
                .await
                .map_err(|error| match error {
                    super::Error::Refused(Refusal::NoIncidentHere) => {
                        Refusal::OnlyInAnIncident.into()
                    }
                    other => other,
                })?;
        let settings = servers::settings(tx.conn(), request.guild).await?;
        policy::may(
            Verb::Capture,
            &person,
            &stored.incident,
            settings.narrowing(),
        )?;
        let message = ask.message;
        let already = captures::find(tx.conn(), message).await?;
        if let Some((incident, seq)) = already
            && incident != stored.incident.key
        {
            let other = incidents::by_key(tx.conn(), &Viewer::of(&person), incident).await?;
            let id = other.map_or(stored.incident.id, |other| other.incident.id);
            return Err(Refusal::AlreadyCaptured { id, seq }.into());
        }
        let act = self.act(request);
        let decision = capture::decide(&stored.incident, &act, ask, already.map(|(_, seq)| seq))?;
        decisions::record(&mut tx, &stored, &decision).await?;
        captures::add(
            &mut tx,
            message,
            stored.incident.key,
            decision.incident.length,
        )
        .await?;
        remember(
            &mut tx,
            request,
            &decision.incident,
            &decision.events,
            act.now,
        )
        .await?;
        tx.commit().await?;
        Ok(Recorded {
            incident: decision.incident,
            events: decision.events,
            channel,
            echoed: false,
        })
    }
}
