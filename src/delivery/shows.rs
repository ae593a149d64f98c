//! Views that are to be brought in line now.

use chrono::TimeDelta;

use super::claim::{Claimer, Settled};
use super::holds::Hold;
use super::says::{NONCE_HOLDS, STILL_UNDER_WAY};
use super::task::{Show, Task};
use super::{places, render};
use crate::discord::api::Call;
use crate::discord::message::Message;
use crate::domain::ids::{ChannelId, GuildId, IncidentKey, InteractionId};
use crate::domain::incident::Incident;
use crate::store::views::{self, Name, View};
use crate::store::{Result, StoreError, interactions};

/// An answer may be edited for 15 minutes; the last one is left to clocks and the way there.
const TOKEN_HOLDS: TimeDelta = TimeDelta::minutes(14);
/// When the first answer has arrived or never will, if nobody says so: Discord waits 3 s for it.
const FIRST_ANSWER: TimeDelta = TimeDelta::seconds(3);
/// Clocks may differ a little: a category made so long before the attempt may still be ours.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(2);

/// Whether something that may have been made is there.
enum Fate {
    Found(ChannelId),
    NotThere,
    /// Not known yet.
    Open,
}

impl Claimer<'_> {
    pub(super) async fn show(&mut self, view: View) -> Result<()> {
        match (view.name, view.incident) {
            (Name::Category | Name::Incidents | Name::Updates, _) => self.show_place(view).await,
            (Name::Channel, Some(key)) => self.show_channel(view, key).await,
            (Name::Answer, Some(key)) => self.show_answer(view, key).await,
            (_, Some(key)) => self.show_message(view, key).await,
            (name, None) => Err(StoreError::inconsistent(format!(
                "a view {} of no incident",
                name.as_str()
            ))),
        }
    }

    /// A channel or category of the server. Once it stands, its name and place are people's.
    async fn show_place(&mut self, view: View) -> Result<()> {
        if view.target.is_some() {
            self.settle_shown(view, Vec::new());
            return Ok(());
        }
        let (kind, name) = render::server_channel(&view);
        let mut afresh = false;
        if view.unknown {
            match self.fate(&view, Some(&name)).await? {
                Fate::Found(channel) => {
                    self.out.settled.push(Settled::Found { view, channel });
                    return Ok(());
                }
                Fate::Open => return Ok(()),
                Fate::NotThere => afresh = true,
            }
        }
        // One of that name is used if nobody else has written in it.
        if !self.places.knows(view.guild) {
            self.list(view.guild);
            return Ok(());
        }
        for channel in self.places.named(view.guild, kind, &name) {
            if !views::by_target(self.conn, channel.0).await?.is_empty() {
                continue;
            }
            if view.name != Name::Category {
                if !self.is_held(Hold::Looking(channel)) {
                    self.claim(Task::Vet { view, channel });
                }
                return Ok(());
            }
            if self.holds_only_ours(view.guild, channel).await? {
                self.out.settled.push(Settled::Found { view, channel });
                return Ok(());
            }
        }
        let body = render::server_channel_body(&view);
        self.create_channel(view, body, None, afresh);
        Ok(())
    }

    /// An incident's channel. Nothing of it shows state, so it is only ever made.
    async fn show_channel(&mut self, view: View, key: IncidentKey) -> Result<()> {
        if view.target.is_some() {
            self.settle_shown(view, Vec::new());
            return Ok(());
        }
        let mut afresh = false;
        if view.unknown {
            match self.fate(&view, None).await? {
                Fate::Found(channel) => {
                    self.out.settled.push(Settled::Found { view, channel });
                    return Ok(());
                }
                Fate::Open => return Ok(()),
                Fate::NotThere => afresh = true,
            }
        }
        let incident = self.incident(key).await?;
        if self.is_kept_back(&view, &incident) {
            return Ok(());
        }
        let Some(category) = self.category_with_room(view.guild).await? else {
            return Ok(());
        };
        let body = render::incident_channel_body(&incident, &view.marker, category);
        self.create_channel(view, body, Some(category), afresh);
        Ok(())
    }

    fn create_channel(
        &mut self,
        view: View,
        body: serde_json::Value,
        place: Option<ChannelId>,
        afresh: bool,
    ) {
        if !self.may_go_into(view.guild.0) {
            return;
        }
        let hash = render::hash(&body);
        let call = Call::CreateChannel {
            guild: view.guild,
            body,
        };
        self.claim(Task::Show(Show {
            view,
            hash,
            place,
            afresh,
            call,
        }));
    }

    /// The first category that takes another channel. Where all are full, the next one is added,
    /// and this channel waits for it.
    async fn category_with_room(&mut self, guild: GuildId) -> Result<Option<ChannelId>> {
        let categories = views::categories(self.conn, guild).await?;
        for view in &categories {
            let Some(category) = view.as_channel() else {
                return Ok(None);
            };
            if self
                .places
                .has_room(guild, category, self.coming_into(category))
            {
                return Ok(Some(category));
            }
        }
        let next = (
            guild,
            categories.last().map_or(0, |view| view.reference) + 1,
        );
        if !self.out.categories.contains(&next) {
            self.out.categories.push(next);
        }
        Ok(None)
    }

    /// What became of a channel that may have been made. The gateway may have told; otherwise the
    /// server is asked, once a request that was still under way has had its time.
    async fn fate(&mut self, view: &View, category: Option<&str>) -> Result<Fate> {
        let Some(attempt_at) = view.attempt_at else {
            return Ok(Fate::NotThere);
        };
        if let Some(channel) = self.made(view, category).await? {
            return Ok(Fate::Found(channel));
        }
        let settled_at = attempt_at + STILL_UNDER_WAY;
        if !self.is_time(Some(settled_at)) {
            return Ok(Fate::Open);
        }
        if self
            .places
            .listed_at(view.guild)
            .is_some_and(|at| at >= settled_at)
        {
            return Ok(Fate::NotThere);
        }
        self.list(view.guild);
        Ok(Fate::Open)
    }

    /// By its marker; a category has no topic, so by name and time.
    async fn made(&mut self, view: &View, name: Option<&str>) -> Result<Option<ChannelId>> {
        if view.name != Name::Category {
            return Ok(self
                .places
                .marked(view.guild, &view.marker)
                .first()
                .copied());
        }
        let (Some(name), Some(attempt_at)) = (name, view.attempt_at) else {
            return Ok(None);
        };
        for channel in self.places.named(view.guild, places::CATEGORY, name) {
            if channel.time() >= attempt_at - CLOCKS_APART
                && views::by_target(self.conn, channel.0).await?.is_empty()
            {
                return Ok(Some(channel));
            }
        }
        Ok(None)
    }

    fn list(&mut self, guild: GuildId) {
        let free = !self.is_held(Hold::Listing(guild)) && self.has_capacity();
        if free && self.is_time(self.places.ask_again_at(guild)) {
            self.claim(Task::List {
                guild,
                asked_at: self.now,
            });
        }
    }

    async fn holds_only_ours(&mut self, guild: GuildId, category: ChannelId) -> Result<bool> {
        for channel in self.places.inside(guild, category) {
            if views::by_target(self.conn, channel.0).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A message that shows the present state: the card, an entry, a draft, a page.
    async fn show_message(&mut self, view: View, key: IncidentKey) -> Result<()> {
        let incident = self.incident(key).await?;
        if self.is_kept_back(&view, &incident) {
            return Ok(());
        }
        let Some(channel) = self.channel_of(key).await? else {
            return Ok(());
        };
        // An entry names the incident's channel, and where that will not come, stands without.
        let will_come = !channel.gone && channel.parked.is_none();
        let own = channel.as_channel().filter(|_| !channel.gone);
        if own.is_none() && will_come {
            return Ok(());
        }
        let place = match view.name {
            Name::Digest => self
                .server_channel(view.guild, Name::Incidents)
                .await?
                .and_then(|view| view.as_channel()),
            _ => own,
        };
        let Some(place) = view.channel.or(place) else {
            return Ok(());
        };
        if !self.may_go_into(place.0) {
            return Ok(());
        }
        let Some(message) = render::message(self.conn, &view, &incident, own).await? else {
            self.out.settled.push(Settled::Over { view });
            return Ok(());
        };
        // A view pings nobody: whoever is to be called was called when it was said.
        let message = Message {
            pings: Vec::new(),
            ..message
        };
        let body = message.body();
        let hash = render::hash(&body);
        let Some(target) = view.as_message() else {
            if let (true, Some(from)) = (view.unknown, view.attempt_at)
                && self.now - from >= NONCE_HOLDS
            {
                let sign = render::sign_of_view(&view, &incident);
                self.claim(Task::TraceView {
                    view,
                    channel: place,
                    from,
                    sign,
                });
                return Ok(());
            }
            let call = render::create(place, body, message.files, &view.marker);
            self.claim(Task::Show(Show {
                view,
                hash,
                place: Some(place),
                afresh: false,
                call,
            }));
            return Ok(());
        };
        // After an edit of unknown outcome nobody knows what stands there.
        let is_sure = !view.unknown && view.again_at.is_none_or(|at| at > self.now);
        if is_sure && view.shown_hash.as_ref() == Some(&hash) {
            self.settle_shown(view, hash);
            return Ok(());
        }
        let call = Call::EditMessage {
            channel: place,
            message: target,
            body,
        };
        self.claim(Task::Show(Show {
            view,
            hash,
            place: Some(place),
            afresh: false,
            call,
        }));
        Ok(())
    }

    /// The final answer to a declare, once its channel stands and the first answer is out.
    async fn show_answer(&mut self, view: View, key: IncidentKey) -> Result<()> {
        let interaction = InteractionId::from_db(view.reference);
        let answerable = interactions::answerable(self.conn, interaction).await?;
        let Some((answerable, token)) = answerable.and_then(|mut answerable| {
            let token = answerable.token.take()?;
            Some((answerable, token))
        }) else {
            self.out.settled.push(Settled::Over { view });
            return Ok(());
        };
        let ends_at = answerable.received_at + TOKEN_HOLDS;
        let channel = self.channel_of(key).await?;
        let will_come = channel.as_ref().is_some_and(|view| !view.gone);
        if self.is_time(Some(ends_at)) || !will_come {
            self.out.settled.push(Settled::Over { view });
            return Ok(());
        }
        let Some(channel) = channel.and_then(|view| view.as_channel()) else {
            return Ok(());
        };
        let is_out = answerable.confirmed || self.confirmed.contains(&interaction);
        if !is_out && !self.is_time(Some(answerable.received_at + FIRST_ANSWER)) {
            return Ok(());
        }
        let incident = self.incident(key).await?;
        let open = self.open_to(view.guild, answerable.user).await?;
        let body = render::answer(self.conn, &incident, channel, &open)
            .await?
            .body();
        let hash = render::hash(&body);
        let call = Call::EditAnswer {
            application: answerable.application,
            token,
            body,
        };
        self.claim(Task::Show(Show {
            view,
            hash,
            place: None,
            afresh: false,
            call,
        }));
        Ok(())
    }

    /// Private incidents are not shown anywhere before their channel can be closed to others.
    fn is_kept_back(&mut self, view: &View, incident: &Incident) -> bool {
        let private = incident.is_private();
        if private {
            let why = "Private incidents are not shown yet.".to_owned();
            self.out
                .settled
                .push(Settled::ViewParked { view: view.id, why });
        }
        private
    }

    fn settle_shown(&mut self, view: View, hash: Vec<u8>) {
        self.out.settled.push(Settled::Shown { view, hash });
    }
}
