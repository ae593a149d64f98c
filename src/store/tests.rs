//! The store as use cases meet it.

use std::path::PathBuf;
use std::sync::Arc;

use secrecy::SecretString;
use sqlx::Connection;

use super::interactions::Asking;
use super::{Db, Lane, Schema, chain, incidents, interactions, servers, timeline};
use crate::clock::Clock;
use crate::domain::actor::Person;
use crate::domain::ids::{GuildId, IncidentId, InteractionId, UserId};
use crate::domain::incident::Incident;
use crate::domain::verbs::declare::Declare;
use crate::domain::verbs::escalate::Escalate;
use crate::domain::verbs::note::Note;
use crate::domain::visibility::Viewer;
use crate::domain::words::Severity;
use crate::use_cases::{Error, House, Request, Target};

/// A house on a file of its own, gone with the test.
struct Fixture {
    house: House,
    dir: PathBuf,
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl Fixture {
    async fn new() -> Self {
        let dir = std::env::temp_dir().join(format!("warbell-{:016x}", rand::random::<u64>()));
        std::fs::create_dir_all(&dir).unwrap();
        let url = format!("sqlite://{}", dir.join("w.db").display());
        let db = Db::open(&url, Schema::Migrate).await.unwrap();
        Self {
            house: House::new(db, Clock::system()),
            dir,
        }
    }
}

const SHOP: GuildId = GuildId(77);

fn request(house: &House, user: u64, interaction: Option<u64>) -> Request {
    let person = Person {
        manager: true,
        ..Person::member(UserId(user))
    };
    let asking = interaction.map(|id| {
        Arc::new(Asking {
            id: InteractionId(id),
            guild: SHOP,
            user: UserId(user),
            name: "Ana".to_owned(),
            verb: "escalate",
            input: "INC-1".to_owned(),
            application: 1,
            token: SecretString::from("canary"),
        })
    });
    Request {
        person,
        guild: SHOP,
        channel: None,
        at: house.clock.now(),
        asking,
    }
}

fn titled(title: &str) -> Declare {
    Declare {
        title: title.to_owned(),
        severity: Some(Severity::Minor),
        ..Declare::default()
    }
}

#[tokio::test]
async fn numbers_have_neither_gaps_nor_doubles_when_many_declare_at_once() {
    let fixture = Fixture::new().await;
    let mut declaring = tokio::task::JoinSet::new();
    for n in 0..60u64 {
        let house = fixture.house.clone();
        declaring.spawn(async move {
            let title = if n % 3 == 0 {
                String::new()
            } else {
                format!("Outage {n}")
            };
            let declared = house
                .declare(&request(&house, n, None), titled(&title))
                .await;
            declared
                .ok()
                .map(|declared| declared.recorded.incident.id.number)
        });
    }
    let mut numbers: Vec<u32> = declaring.join_all().await.into_iter().flatten().collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<u32>>());
}

#[tokio::test]
async fn a_repeated_interaction_finds_the_first_answer_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let house = &fixture.house;
    house
        .declare(&request(house, 1, None), titled("Checkout down"))
        .await
        .unwrap();
    let inc_1 = Target::Named("INC-1".to_owned());
    let asked = request(house, 1, Some(500));
    let first = house
        .escalate(&asked, &inc_1, Escalate::default())
        .await
        .unwrap();
    let again = house
        .escalate(&asked, &inc_1, Escalate::default())
        .await
        .unwrap();
    assert_eq!(first.events, again.events);
    assert_eq!(again.incident.severity, Severity::Major);

    // The same command typed again because its answer was lost is the same command.
    let retyped = request(house, 1, Some(501));
    let same = house
        .escalate(&retyped, &inc_1, Escalate::default())
        .await
        .unwrap();
    assert_eq!(same.events, first.events);

    // Once the answer is known to have arrived, it is a new one.
    let mut tx = house.db.write(Lane::Courier).await.unwrap();
    interactions::confirmed(&mut tx, InteractionId(501))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let meant = request(house, 1, Some(502));
    let second = house
        .escalate(&meant, &inc_1, Escalate::default())
        .await
        .unwrap();
    assert_eq!(second.incident.severity, Severity::Critical);
}

#[tokio::test]
async fn the_timeline_refuses_to_be_changed_and_its_chain_holds() {
    let fixture = Fixture::new().await;
    let house = &fixture.house;
    house
        .declare(&request(house, 1, None), titled("Checkout down"))
        .await
        .unwrap();
    let inc_1 = Target::Named("1".to_owned());
    for text in ["one", "two"] {
        let note = Note {
            text: text.to_owned(),
            at: None,
        };
        house
            .note(&request(house, 1, None), &inc_1, note)
            .await
            .unwrap();
    }
    let mut tx = house.db.write(Lane::Actor).await.unwrap();
    for forbidden in [
        "UPDATE timeline SET facts = '{}'",
        "DELETE FROM timeline",
        "DELETE FROM timeline_body",
        "UPDATE timeline_body SET body = '{}'",
        "INSERT INTO timeline SELECT incident_id, 9, 2, kind, occurred_at, recorded_at, actor, facts,
            body_hash, hash FROM timeline LIMIT 1",
    ] {
        let refused = sqlx::query(forbidden).execute(&mut *tx.conn()).await;
        assert!(refused.is_err(), "{forbidden}");
    }

    type Row = (
        i64,
        i64,
        String,
        String,
        String,
        String,
        String,
        Vec<u8>,
        Vec<u8>,
        Vec<u8>,
        String,
    );
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT t.incident_id, t.seq, t.kind, t.occurred_at, t.recorded_at, t.actor, t.facts,
                t.body_hash, t.hash, b.salt, b.body
         FROM timeline t JOIN timeline_body b USING (incident_id, seq) ORDER BY seq",
    )
    .fetch_all(&mut *tx.conn())
    .await
    .unwrap();
    let mut head = chain::GENESIS;
    for (incident, seq, kind, occurred, recorded, actor, facts, body_hash, hash, salt, body) in
        &rows
    {
        assert_eq!(chain::body_hash(salt, body).as_slice(), body_hash);
        head = chain::hash(
            chain::Row {
                incident: *incident,
                seq: u32::try_from(*seq).unwrap(),
                kind,
                occurred_at: occurred,
                recorded_at: recorded,
                actor,
                facts,
                body_hash,
            },
            &head,
        );
        assert_eq!(head.as_slice(), hash);
    }
    let (length, stored): (i64, Vec<u8>) = sqlx::query_as("SELECT length, head FROM incident")
        .fetch_one(tx.conn())
        .await
        .unwrap();
    assert_eq!(
        (usize::try_from(length).unwrap(), stored),
        (rows.len(), head.to_vec())
    );
}

#[tokio::test]
async fn the_stored_incident_is_the_fold_of_its_stored_timeline() {
    let fixture = Fixture::new().await;
    let house = &fixture.house;
    house
        .declare(&request(house, 1, None), titled("Checkout down"))
        .await
        .unwrap();
    let inc_1 = Target::Named("INC-1".to_owned());
    house
        .escalate(&request(house, 1, None), &inc_1, Escalate::default())
        .await
        .unwrap();
    let mut conn = house.db.read().await.unwrap();
    let id = IncidentId::public(1);
    let stored = incidents::by_id(&mut conn, &Viewer::Operator, SHOP, id)
        .await
        .unwrap()
        .unwrap();
    let events = timeline::all(&mut conn, stored.incident.key).await.unwrap();
    let folded = Incident::fold(stored.incident.key, SHOP, &events).unwrap();
    assert_eq!(folded, stored.incident);
}

#[tokio::test]
async fn a_write_that_is_dropped_leaves_nothing() {
    let fixture = Fixture::new().await;
    let mut tx = fixture.house.db.write(Lane::Actor).await.unwrap();
    servers::ensure(&mut tx, SHOP).await.unwrap();
    drop(tx);
    let mut conn = fixture.house.db.read().await.unwrap();
    assert!(servers::all(&mut conn).await.unwrap().is_empty());
    // And the next one finds the connection free.
    let tx = fixture.house.db.write(Lane::Courier).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn people_write_before_the_courier() {
    let fixture = Fixture::new().await;
    let db = &fixture.house.db;
    let held = db.write(Lane::Actor).await.unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let spawn = |lane| {
        let (db, order) = (db.clone(), Arc::clone(&order));
        tokio::spawn(async move {
            let tx = db.write(lane).await.unwrap();
            order.lock().unwrap().push(lane);
            tx.commit().await.unwrap();
        })
    };
    let actors = [spawn(Lane::Actor), spawn(Lane::Actor)];
    tokio::task::yield_now().await;
    let courier = spawn(Lane::Courier);
    tokio::task::yield_now().await;
    let late = spawn(Lane::Actor);
    tokio::task::yield_now().await;
    held.commit().await.unwrap();
    for task in actors.into_iter().chain([courier, late]) {
        task.await.unwrap();
    }
    assert_eq!(order.lock().unwrap().last(), Some(&Lane::Courier));
}

#[tokio::test]
async fn another_server_does_not_know_this_ones_incidents() {
    let fixture = Fixture::new().await;
    let house = &fixture.house;
    house
        .declare(&request(house, 1, None), titled("Checkout down"))
        .await
        .unwrap();
    let elsewhere = Request {
        guild: GuildId(78),
        ..request(house, 1, None)
    };
    for target in [
        Target::Named("INC-1".to_owned()),
        Target::Key(crate::domain::ids::IncidentKey(1)),
    ] {
        let refused = house
            .escalate(&elsewhere, &target, Escalate::default())
            .await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{target:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new().await;
    let mode = std::fs::metadata(fixture.house.db.path())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_file_of_another_schema_is_refused_by_all_who_may_not_change_it() {
    let fixture = Fixture::new().await;
    let path = fixture.house.db.path().to_owned();
    let url = format!("sqlite://{}", path.display());
    Db::open(&url, Schema::MustMatch).await.unwrap();
    fixture.house.db.close().await;
    let mut conn = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    let refused = Db::open(&url, Schema::MustMatch).await.unwrap_err();
    assert!(refused.to_string().contains("schema 9999"), "{refused}");
    Db::open(&url, Schema::Migrate).await.unwrap_err();
}
