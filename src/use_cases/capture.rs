//! 📌 and `Add to timeline`: put a message on the timeline.

use super::house::{load, remember};
use super::{House, Outcome, Recorded, Request, Target};
use crate::domain::policy::{self, Verb};
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::domain::verbs::capture::{self, Capture};
use crate::domain::visibility::Viewer;
use crate::store::{Lane, captures, decisions, incidents, people, servers};

impl House {
    /// Captures a message of an incident's channel, once. `author_name`: what its author is called.
    pub async fn capture(
        &self,
        request: &Request,
        ask: Capture,
        author_name: Option<&str>,
    ) -> Outcome<Recorded> {
        let mut tx = self.db.write(Lane::Actor).await?;
        if let Some(earlier) = self.earlier(&mut tx, request).await? {
            let recorded = self.repeat(&mut tx, request, earlier).await?;
            tx.commit().await?;
            return Ok(recorded);
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
        let (message, author) = (ask.message, ask.author);
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
        if let Some(name) = author_name {
            people::seen(&mut tx, author, &text::clean_line(name, 100)).await?;
        }
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
