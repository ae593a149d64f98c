//! What every use case works with, and the sequence that every change goes through.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use crate::clock::Clock;
use crate::domain::actor::Person;
use crate::domain::decision::{Act, Decided};
use crate::domain::effect::Say;
use crate::domain::ids::{ChannelId, GuildId, IncidentId, IncidentKey};
use crate::domain::incident::Incident;
use crate::domain::policy::{self, Verb};
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::domain::timeline::TimelineEvent;
use crate::domain::visibility::Viewer;
use crate::store::incidents::{self, Stored};
use crate::store::interactions::{self, Asking, Earlier};
use crate::store::servers::{self, Settings};
use crate::store::{Db, Lane, StoreError, WriteTx, decisions, people, timeline, views};

/// How long a first answer may take to arrive.
/// <https://discord.com/developers/docs/interactions/receiving-and-responding>
const FIRST_ANSWER: TimeDelta = TimeDelta::seconds(3);

/// The store and the clock.
#[derive(Clone, Debug)]
pub struct House {
    /// Where everything is kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
}

/// Somebody asks for something.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who, with the facts of this very interaction.
    pub person: Person,
    /// In which server.
    pub guild: GuildId,
    /// In which channel, for what comes through Discord.
    pub channel: Option<ChannelId>,
    /// When: the snowflake's time of what comes through Discord.
    pub at: DateTime<Utc>,
    /// The interaction, if it is one, so that a repeat finds the first answer.
    pub asking: Option<Arc<Asking>>,
}

/// Which incident is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The one in whose channel it was typed.
    Here,
    /// The one that was named, as typed.
    Named(String),
    /// The one of this row: what a button or form carries.
    Key(IncidentKey),
}

impl Target {
    /// The named one, or the one here.
    pub fn named_or_here(named: Option<String>) -> Self {
        named.map_or(Self::Here, Self::Named)
    }
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An expected no, for the person.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A fault of ours, for the log.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// What a use case comes to.
pub type Outcome<T> = Result<T, Error>;

/// What was written.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The incident as it stands now.
    pub incident: Incident,
    /// The rows that were filed.
    pub events: Vec<TimelineEvent>,
    /// The incident's channel, once it stands.
    pub channel: Option<ChannelId>,
    /// It was asked from elsewhere: a line in the incident's channel tells of it.
    pub echoed: bool,
}

impl House {
    /// Opens nothing: takes what is open.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Load, authorise, decide, one write, answer. `verb` may depend on the incident.
    pub(super) async fn change(
        &self,
        request: &Request,
        target: &Target,
        verb: Verb,
        decide: impl FnOnce(&Incident, &Act, &Settings) -> Decided,
    ) -> Outcome<Recorded> {
        let mut tx = self.db.write(Lane::Actor).await?;
        if let Some(earlier) = self.earlier(&mut tx, request).await? {
            let recorded = self.repeat(&mut tx, request, earlier).await?;
            tx.commit().await?;
            return Ok(recorded);
        }
        let (person, stored, channel) = load(tx.conn(), request, target).await?;
        let settings = servers::settings(tx.conn(), request.guild).await?;
        policy::may(verb, &person, &stored.incident, settings.narrowing())?;
        let act = self.act(request);
        let mut decision = decide(&stored.incident, &act, &settings)?;
        let echoed = !person.inside || request.channel.is_none();
        if let (true, Some(first)) = (echoed, decision.events.first()) {
            let seq = first.seq;
            decision.say(Say::Echo { seq });
        }
        decisions::record(&mut tx, &stored, &decision).await?;
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
            echoed,
        })
    }

    /// Refuses what could not be done anyway, before the person writes anything.
    pub(super) async fn before(
        &self,
        request: &Request,
        target: &Target,
        verb: Verb,
        check: impl FnOnce(&Incident) -> Result<(), Refusal>,
    ) -> Outcome<Incident> {
        let mut conn = self.db.read().await?;
        let (person, stored, _) = load(&mut conn, request, target).await?;
        let settings = servers::settings(&mut conn, request.guild).await?;
        policy::may(verb, &person, &stored.incident, settings.narrowing())?;
        check(&stored.incident)?;
        Ok(stored.incident)
    }

    /// Who acts, and when.
    pub(super) fn act(&self, request: &Request) -> Act {
        Act {
            actor: request.person.actor.clone(),
            occurred_at: request.at,
            now: self.clock.now(),
        }
    }

    /// What this interaction, or one equal to it whose answer was lost, came to before.
    pub(super) async fn earlier(
        &self,
        tx: &mut WriteTx,
        request: &Request,
    ) -> Outcome<Option<Earlier>> {
        match &request.asking {
            Some(asking) => {
                let now = self.clock.now();
                let earlier = interactions::earlier(tx.conn(), asking, now).await?;
                if let Some(earlier) = earlier
                    && earlier.interaction != asking.id
                {
                    interactions::supersede(tx, asking, earlier, now).await?;
                }
                Ok(earlier)
            }
            None => Ok(None),
        }
    }

    /// Whether the first answer may still be on its way: of two presses at once one is said for
    /// all, the other for the person alone.
    fn is_in_flight(&self, request: &Request, earlier: &Earlier) -> bool {
        let is_another = |asking: &Arc<Asking>| asking.id != earlier.interaction;
        request.asking.as_ref().is_some_and(is_another)
            && self.clock.now() - earlier.received_at < FIRST_ANSWER
    }

    /// Answers a repeat with the first result; nothing is changed.
    pub(super) async fn repeat(
        &self,
        tx: &mut WriteTx,
        request: &Request,
        earlier: Earlier,
    ) -> Outcome<Recorded> {
        let stored = incidents::by_key(tx.conn(), &Viewer::Operator, earlier.incident)
            .await?
            .ok_or_else(|| StoreError::Inconsistent("an answer to no incident".to_owned()))?;
        let events =
            timeline::range(tx.conn(), earlier.incident, earlier.first, earlier.last).await?;
        let channel = views::channel_of(tx.conn(), earlier.incident).await?;
        Ok(Recorded {
            incident: stored.incident,
            events,
            channel,
            echoed: channel.is_none()
                || request.channel != channel
                || self.is_in_flight(request, &earlier),
        })
    }
}

/// Finds the incident that is meant, and whether the person speaks from inside its channel.
/// What they may not see answers like what is not there.
pub(super) async fn load(
    conn: &mut SqliteConnection,
    request: &Request,
    target: &Target,
) -> Outcome<(Person, Stored, Option<ChannelId>)> {
    let viewer = Viewer::of(&request.person);
    let here = match request.channel {
        Some(channel) => incidents::at_channel(conn, request.guild, channel).await?,
        None => None,
    };
    let is_here = |stored: &Stored| {
        here.as_ref()
            .is_some_and(|here| here.incident.key == stored.incident.key)
    };
    let unknown = |asked: &str| {
        // Said as ids are written, so that `2` and `INC-2` are answered alike.
        let asked = match asked.parse::<IncidentId>() {
            Ok(id) => id.to_string(),
            Err(_) => text::clean_line(asked, 40),
        };
        Refusal::UnknownIncident { asked }
    };
    let stored = match target {
        Target::Here => here.clone().ok_or(Refusal::NoIncidentHere)?,
        Target::Named(typed) => {
            let id: IncidentId = typed.parse().map_err(|_| unknown(typed))?;
            let found = incidents::by_id(conn, &Viewer::Operator, request.guild, id).await?;
            found
                .filter(|stored| is_here(stored) || viewer.may_see(&stored.incident))
                .ok_or_else(|| unknown(typed))?
        }
        Target::Key(key) => {
            let found = incidents::by_key(conn, &Viewer::Operator, *key).await?;
            found
                .filter(|stored| stored.incident.guild == request.guild)
                .filter(|stored| is_here(stored) || viewer.may_see(&stored.incident))
                .ok_or(Refusal::NoIncidentHere)?
        }
    };
    let channel = views::channel_of(conn, stored.incident.key).await?;
    let mut person = request.person.clone();
    person.inside = is_here(&stored);
    Ok((person, stored, channel))
}

/// Stores what an interaction came to, so that a repeat finds it.
pub(super) async fn remember(
    tx: &mut WriteTx,
    request: &Request,
    incident: &Incident,
    events: &[TimelineEvent],
    now: DateTime<Utc>,
) -> Outcome<()> {
    if let (Some(asking), Some(first), Some(last)) =
        (&request.asking, events.first(), events.last())
    {
        let came_to = Earlier {
            interaction: asking.id,
            received_at: now,
            incident: incident.key,
            first: first.seq,
            last: last.seq,
        };
        interactions::add(tx, asking, came_to, now).await?;
        people::seen(tx, asking.user, &asking.name).await?;
    }
    Ok(())
}
