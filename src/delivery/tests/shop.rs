//! A shop with an incident: database, clock, world, and the courier between them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use secrecy::SecretString;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::world::World;
use crate::clock::Clock;
use crate::delivery::places::seen_in;
use crate::delivery::{Courier, CourierHandle};
use crate::discord::events::Told;
use crate::domain::actor::Actor;
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::{GuildId, IncidentKey, InteractionId, Mention, RoleId, UserId};
use crate::domain::incident::Incident;
use crate::domain::timeline::TimelineEvent;
use crate::domain::verbs::declare::{self, Declare};
use crate::domain::visibility::Viewer;
use crate::domain::words::Severity;
use crate::store::interactions::{Asking, Earlier};
use crate::store::views::{Name, View};
use crate::store::{
    Db, Lane, Schema, decisions, incidents, interactions, servers, timeline, views,
};

pub(super) const GUILD: GuildId = GuildId(10);
/// Whoever is called, where somebody is.
pub(super) const ON_CALL: Mention = Mention::Role(RoleId(7));
const INTERACTION: InteractionId = InteractionId(5_000);

/// See the module's first line.
pub(super) struct Shop {
    pub(super) world: World,
    pub(super) clock: Clock,
    pub(super) db: Db,
    pub(super) courier: CourierHandle,
    running: Option<(JoinHandle<()>, CancellationToken)>,
    folder: PathBuf,
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Shop {
    /// A fresh server, with the courier at rest.
    pub(super) async fn open() -> Self {
        let folder = std::env::temp_dir().join(format!("warbell-{:016x}", rand::random::<u64>()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite://{}", folder.join("w.db").display());
        let db = Db::open(&url, Schema::Migrate).await.unwrap();
        let clock = Clock::starting_at(DateTime::from_timestamp(1_784_030_400, 0).unwrap());
        let world = World::new(clock.clone());
        let courier = Self::courier(&db, &world, &clock).handle();
        let mut shop = Self {
            world,
            clock,
            db,
            courier,
            running: None,
            folder,
        };
        shop.start();
        shop
    }

    /// A server that has all its channels.
    pub(super) async fn known() -> Self {
        let shop = Self::open().await;
        let mut tx = shop.db.write(Lane::Actor).await.unwrap();
        servers::ensure(&mut tx, GUILD).await.unwrap();
        tx.commit().await.unwrap();
        shop.settled().await;
        assert_eq!(shop.world.count("create channel"), 3);
        shop.world.forget_log();
        shop
    }

    fn courier(db: &Db, world: &World, clock: &Clock) -> Courier {
        let review = Arc::new(|_: &Incident, _: &[TimelineEvent], _: &_| Ok(Vec::new()));
        Courier::new(db.clone(), Arc::new(world.clone()), clock.clone(), review)
    }

    /// Starts a courier; the gateway tells it of the server.
    pub(super) fn start(&mut self) {
        let courier = Self::courier(&self.db, &self.world, &self.clock);
        self.courier = courier.handle();
        self.tell_channels();
        let stop = CancellationToken::new();
        self.running = Some((tokio::spawn(courier.run(stop.clone())), stop));
    }

    /// Whatever the courier is doing, it does not come to the next line.
    pub(super) fn kill(&mut self) {
        if let Some((running, _)) = self.running.take() {
            running.abort();
        }
    }

    /// Asks the courier to stop, and waits for it.
    pub(super) async fn stop(&mut self) {
        let (running, stop) = self.running.take().unwrap();
        stop.cancel();
        timeout(Duration::from_secs(10), running)
            .await
            .unwrap()
            .unwrap();
    }

    /// What GUILD_CREATE tells.
    pub(super) fn tell_channels(&self) {
        let list = self.world.list();
        let channels = list
            .as_array()
            .unwrap()
            .iter()
            .filter_map(seen_in)
            .collect();
        self.courier.guild_seen(GUILD, channels);
    }

    pub(super) async fn settled(&self) {
        timeout(Duration::from_secs(20), self.courier.settled())
            .await
            .expect("never settles");
    }

    /// Lets time pass until nothing waits for it any more, within so many seconds.
    pub(super) async fn wait(&self, seconds: u64) {
        self.settled().await;
        for _ in 0..seconds.div_ceil(5) {
            self.clock.advance(Duration::from_secs(5));
            self.settled().await;
        }
    }

    fn act(&self) -> Act {
        let now = self.clock.now();
        Act {
            actor: Actor::Member(UserId(1)),
            occurred_at: now,
            now,
        }
    }

    /// Declares an incident as the command does, and has its first answer confirmed.
    pub(super) async fn declare(&self, pages: &[Mention]) -> IncidentKey {
        let key = self.declare_unanswered(pages).await;
        self.courier
            .answer_confirmed(InteractionId(INTERACTION.0 + key.0.cast_unsigned()));
        key
    }

    pub(super) async fn declare_unanswered(&self, pages: &[Mention]) -> IncidentKey {
        let mut tx = self.db.write(Lane::Actor).await.unwrap();
        servers::ensure(&mut tx, GUILD).await.unwrap();
        let key = decisions::next_key(&mut tx).await.unwrap();
        let id = decisions::next_id(&mut tx, GUILD, false).await.unwrap();
        let title = format!("Checkout errors {}", key.0);
        let ask = Declare {
            title,
            severity: Some(Severity::Major),
            ..Declare::default()
        };
        let act = self.act();
        let declaration = declare::check(ask).unwrap();
        let decision = declare::decide(key, GUILD, id, &act, declaration, pages).unwrap();
        decisions::begin(&mut tx, &decision).await.unwrap();
        let asking = Asking {
            id: InteractionId(INTERACTION.0 + key.0.cast_unsigned()),
            guild: GUILD,
            user: UserId(1),
            name: "Ana".to_owned(),
            verb: "declare",
            input: String::new(),
            application: 98,
            token: SecretString::from("t0ken"),
        };
        let came_to = Earlier {
            interaction: InteractionId(INTERACTION.0 + key.0.cast_unsigned()),
            received_at: act.now,
            incident: key,
            first: 1,
            last: 1,
        };
        interactions::add(&mut tx, &asking, came_to, act.now)
            .await
            .unwrap();
        let answer = asking.id.to_db();
        views::add(&mut tx, GUILD, Some(key), Name::Answer, answer)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        key
    }

    /// Changes an incident.
    pub(super) async fn change(
        &self,
        key: IncidentKey,
        decide: impl FnOnce(&Incident, &Act) -> Decided,
    ) -> Decision {
        let mut tx = self.db.write(Lane::Actor).await.unwrap();
        let stored = incidents::by_key(tx.conn(), &Viewer::Operator, key)
            .await
            .unwrap()
            .unwrap();
        let decision = decide(&stored.incident, &self.act()).unwrap();
        decisions::record(&mut tx, &stored, &decision)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        decision
    }

    pub(super) async fn incident(&self, key: IncidentKey) -> Incident {
        let mut conn = self.db.read().await.unwrap();
        let stored = incidents::by_key(&mut conn, &Viewer::Operator, key)
            .await
            .unwrap();
        stored.unwrap().incident
    }

    /// The kinds of an incident's timeline.
    pub(super) async fn kinds(&self, key: IncidentKey) -> Vec<&'static str> {
        let mut conn = self.db.read().await.unwrap();
        let events = timeline::all(&mut conn, key).await.unwrap();
        events.iter().map(|event| event.fact.kind()).collect()
    }

    pub(super) async fn view(&self, key: IncidentKey, name: Name, reference: i64) -> View {
        let mut conn = self.db.read().await.unwrap();
        views::of_incident(&mut conn, key, name, reference)
            .await
            .unwrap()
            .unwrap()
    }

    pub(super) async fn token(&self, key: IncidentKey) -> Option<SecretString> {
        let mut conn = self.db.read().await.unwrap();
        let id = InteractionId(INTERACTION.0 + key.0.cast_unsigned());
        interactions::answerable(&mut conn, id)
            .await
            .unwrap()
            .unwrap()
            .token
    }

    /// One of everything a declare makes, and nothing twice.
    pub(super) async fn assert_whole(&self, key: IncidentKey) {
        let channel = self.world.messages(&format!("inc-{}-", key.0));
        let cards: Vec<_> = channel
            .iter()
            .filter(|(_, m)| !m.body["embeds"][0].is_null())
            .collect();
        assert_eq!(cards.len(), 1, "{channel:?}");
        assert!(cards[0].1.pinned);
        assert_eq!(self.world.messages("incidents").len(), key.0 as usize);
        assert_eq!(self.world.channels("Incidents").len(), 1);
        assert_eq!(self.world.channels("status-updates").len(), 1);
        let mentions = format!("<#{}>", self.world.channel(&format!("inc-{}-", key.0)).0);
        let answers = self.world.answers();
        let last = answers.last().unwrap()["content"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(last.contains(&mentions), "{last}");
        assert!(self.token(key).await.is_none(), "the token is kept");
        let mut conn = self.db.read().await.unwrap();
        let due = views::due(&mut conn).await.unwrap();
        assert!(due.iter().all(|view| view.again_at.is_some()), "{due:#?}");
    }
}
