//! Rows of the timeline and their bodies.

use sqlx::SqliteConnection;

use super::chain::{self, Hash};
use super::{Result, StoreError, WriteTx, from_json, stamp, to_json};
use crate::domain::ids::IncidentKey;
use crate::domain::timeline::{Seq, TimelineEvent, Words};

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    occurred_at: String,
    recorded_at: String,
    actor: String,
    facts: String,
    body: Option<String>,
}

impl TryFrom<Row> for TimelineEvent {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            seq: Seq::try_from(row.seq).map_err(StoreError::inconsistent)?,
            occurred_at: stamp::read(&row.occurred_at)?,
            recorded_at: stamp::read(&row.recorded_at)?,
            actor: from_json("timeline.actor", &row.actor)?,
            fact: from_json("timeline.facts", &row.facts)?,
            words: match row.body {
                Some(body) => from_json("timeline_body.body", &body)?,
                None => Words::new(),
            },
        })
    }
}

/// The whole timeline in the order of its sequence: what folds to the incident.
pub async fn all(conn: &mut SqliteConnection, incident: IncidentKey) -> Result<Vec<TimelineEvent>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT t.seq, t.occurred_at, t.recorded_at, t.actor, t.facts, b.body
         FROM timeline t LEFT JOIN timeline_body b ON b.incident_id = t.incident_id AND b.seq = t.seq
         WHERE t.incident_id = $1 ORDER BY t.seq",
    )
    .bind(incident.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Rows `first..=last` by sequence.
pub async fn range(
    conn: &mut SqliteConnection,
    incident: IncidentKey,
    first: Seq,
    last: Seq,
) -> Result<Vec<TimelineEvent>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT t.seq, t.occurred_at, t.recorded_at, t.actor, t.facts, b.body
         FROM timeline t LEFT JOIN timeline_body b ON b.incident_id = t.incident_id AND b.seq = t.seq
         WHERE t.incident_id = $1 AND t.seq BETWEEN $2 AND $3 ORDER BY t.seq",
    )
    .bind(incident.0)
    .bind(i64::from(first))
    .bind(i64::from(last))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The newest rows of the timeline as people read it: by the time things happened, oldest first.
/// Also says whether there are older ones.
pub async fn newest(
    conn: &mut SqliteConnection,
    incident: IncidentKey,
    size: u32,
) -> Result<(Vec<TimelineEvent>, bool)> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT t.seq, t.occurred_at, t.recorded_at, t.actor, t.facts, b.body
         FROM timeline t LEFT JOIN timeline_body b ON b.incident_id = t.incident_id AND b.seq = t.seq
         WHERE t.incident_id = $1 ORDER BY t.occurred_at DESC, t.seq DESC LIMIT $2",
    )
    .bind(incident.0)
    .bind(i64::from(size) + 1)
    .fetch_all(conn)
    .await?;
    let (mut events, older) = cut(rows, size)?;
    events.reverse();
    Ok((events, older))
}

/// The rows just before the row `from`, as people read it; oldest first. Also says whether there
/// are older ones.
pub async fn before(
    conn: &mut SqliteConnection,
    incident: IncidentKey,
    from: Seq,
    size: u32,
) -> Result<(Vec<TimelineEvent>, bool)> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT t.seq, t.occurred_at, t.recorded_at, t.actor, t.facts, b.body
         FROM timeline t LEFT JOIN timeline_body b ON b.incident_id = t.incident_id AND b.seq = t.seq
         WHERE t.incident_id = $1 AND (t.occurred_at, t.seq) <
               (SELECT f.occurred_at, f.seq FROM timeline f WHERE f.incident_id = $1 AND f.seq = $2)
         ORDER BY t.occurred_at DESC, t.seq DESC LIMIT $3",
    )
    .bind(incident.0)
    .bind(i64::from(from))
    .bind(i64::from(size) + 1)
    .fetch_all(conn)
    .await?;
    let (mut events, older) = cut(rows, size)?;
    events.reverse();
    Ok((events, older))
}

/// The rows just after the row `from`, as people read it; oldest first. Also says whether there
/// are newer ones.
pub async fn after(
    conn: &mut SqliteConnection,
    incident: IncidentKey,
    from: Seq,
    size: u32,
) -> Result<(Vec<TimelineEvent>, bool)> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT t.seq, t.occurred_at, t.recorded_at, t.actor, t.facts, b.body
         FROM timeline t LEFT JOIN timeline_body b ON b.incident_id = t.incident_id AND b.seq = t.seq
         WHERE t.incident_id = $1 AND (t.occurred_at, t.seq) >
               (SELECT f.occurred_at, f.seq FROM timeline f WHERE f.incident_id = $1 AND f.seq = $2)
         ORDER BY t.occurred_at, t.seq LIMIT $3",
    )
    .bind(incident.0)
    .bind(i64::from(from))
    .bind(i64::from(size) + 1)
    .fetch_all(conn)
    .await?;
    cut(rows, size)
}

fn cut(rows: Vec<Row>, size: u32) -> Result<(Vec<TimelineEvent>, bool)> {
    let mut events: Vec<TimelineEvent> = rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_>>()?;
    let more = events.len() > size as usize;
    events.truncate(size as usize);
    Ok((events, more))
}

/// Appends events after the row whose hash is `head`; gives the new head.
pub(super) async fn append(
    tx: &mut WriteTx,
    incident: IncidentKey,
    mut head: Hash,
    events: &[TimelineEvent],
) -> Result<Hash> {
    for event in events {
        let (facts, actor) = (to_json(&event.fact)?, to_json(&event.actor)?);
        let (occurred_at, recorded_at) = (
            stamp::write(event.occurred_at),
            stamp::write(event.recorded_at),
        );
        let salt: [u8; 16] = rand::random();
        let body = to_json(&event.words)?;
        let body_hash = chain::body_hash(&salt, &body);
        head = chain::hash(
            chain::Row {
                incident: incident.0,
                seq: event.seq,
                kind: event.fact.kind(),
                occurred_at: &occurred_at,
                recorded_at: &recorded_at,
                actor: &actor,
                facts: &facts,
                body_hash: &body_hash,
            },
            &head,
        );
        sqlx::query(
            "INSERT INTO timeline (incident_id, seq, version, kind, occurred_at, recorded_at,
                                   actor, facts, body_hash, hash)
             VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(incident.0)
        .bind(i64::from(event.seq))
        .bind(event.fact.kind())
        .bind(&occurred_at)
        .bind(&recorded_at)
        .bind(&actor)
        .bind(&facts)
        .bind(body_hash.as_slice())
        .bind(head.as_slice())
        .execute(tx.conn())
        .await?;
        sqlx::query(
            "INSERT INTO timeline_body (incident_id, seq, salt, body) VALUES ($1, $2, $3, $4)",
        )
        .bind(incident.0)
        .bind(i64::from(event.seq))
        .bind(salt.as_slice())
        .bind(&body)
        .execute(tx.conn())
        .await?;
    }
    Ok(head)
}
