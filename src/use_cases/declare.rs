//! `/incident declare`: say that it is an incident.

use super::house::remember;
use super::{House, Outcome, Recorded, Request};
use crate::domain::ids::{ChannelId, IncidentId};
use crate::domain::incident::split_services;
use crate::domain::look_alike::{Candidate, look_alikes};
use crate::domain::refusal::Refusal;
use crate::domain::verbs::declare::{self, Declare, UNSAID_SEVERITY};
use crate::domain::visibility::Viewer;
use crate::store::incidents::{self, Filter};
use crate::store::{Lane, decisions, forms, servers, views};

/// An open incident that may be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// What people call it.
    pub id: IncidentId,
    /// Its title.
    pub title: String,
    /// Its channel, once it stands.
    pub channel: Option<ChannelId>,
}

/// A declaration, with what may be the same incident.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The new incident.
    pub recorded: Recorded,
    /// Up to three, of those that the person may see.
    pub look_alikes: Vec<LookAlike>,
}

impl House {
    /// Declares an incident. Never asks first: look-alikes are named in the answer.
    pub async fn declare(&self, request: &Request, ask: Declare) -> Outcome<Declared> {
        self.declare_from(request, ask, None).await
    }

    /// Declares it; `form` is the kept declaration that it came from, which goes with the write.
    pub(super) async fn declare_from(
        &self,
        request: &Request,
        ask: Declare,
        form: Option<i64>,
    ) -> Outcome<Declared> {
        let mut tx = self.db.write(Lane::Actor).await?;
        if let Some(earlier) = self.earlier(&mut tx, request).await? {
            let recorded = self.repeat(&mut tx, request, earlier).await?;
            if let Some(asking) = &request.asking {
                let (key, answer) = (recorded.incident.key, asking.id.to_db());
                let name = views::Name::Answer;
                views::add(&mut tx, request.guild, Some(key), name, answer).await?;
            }
            tx.commit().await?;
            return Ok(Declared {
                recorded,
                look_alikes: Vec::new(),
            });
        }
        if ask.is_private() {
            return Err(Refusal::PrivateNotYet.into());
        }
        let services = split_services(ask.services.as_deref().unwrap_or_default());
        let (title, severity) = (ask.title.clone(), ask.severity.unwrap_or(UNSAID_SEVERITY));
        let declaration = declare::check(ask)?;
        let viewer = Viewer::of(&request.person);
        let open = incidents::list(tx.conn(), &viewer, request.guild, Filter::Open, 200).await?;
        let candidates: Vec<Candidate<usize>> = open
            .iter()
            .enumerate()
            .rev()
            .map(|(index, incident)| Candidate {
                id: index,
                title: incident.title.clone(),
                services: incident.services.clone(),
            })
            .collect();
        let mut alike = Vec::new();
        for index in look_alikes(&title, &services, &candidates) {
            let incident = &open[index];
            alike.push(LookAlike {
                id: incident.id,
                title: incident.title.clone(),
                channel: views::channel_of(tx.conn(), incident.key).await?,
            });
        }

        if let Some(form) = form
            && !forms::forget(&mut tx, form).await?
        {
            return Err(Refusal::FormGone.into());
        }
        servers::ensure(&mut tx, request.guild).await?;
        let settings = servers::settings(tx.conn(), request.guild).await?;
        let key = decisions::next_key(&mut tx).await?;
        let id = decisions::next_id(&mut tx, request.guild, false).await?;
        let act = self.act(request);
        let decision = declare::decide(
            key,
            request.guild,
            id,
            &act,
            declaration,
            &settings.pages_at(severity),
        )?;
        decisions::begin(&mut tx, &decision).await?;
        remember(
            &mut tx,
            request,
            &decision.incident,
            &decision.events,
            act.now,
        )
        .await?;
        if let Some(asking) = &request.asking {
            let answer = asking.id.to_db();
            views::add(
                &mut tx,
                request.guild,
                Some(key),
                views::Name::Answer,
                answer,
            )
            .await?;
        }
        tx.commit().await?;
        let recorded = Recorded {
            incident: decision.incident,
            events: decision.events,
            channel: None,
            echoed: false,
        };
        Ok(Declared {
            recorded,
            look_alikes: alike,
        })
    }
}
