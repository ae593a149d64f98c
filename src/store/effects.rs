//! The outbox: what is to be said once, or done until it is done.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::{Result, StoreError, WriteTx, from_json, stamp, to_json};
use crate::domain::effect::{Do, Effect};
use crate::domain::ids::{ChannelId, GuildId, IncidentKey, MessageId};
use crate::domain::incident::Incident;

/// The row of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId(pub i64);

/// An effect that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its row; in the order of decisions.
    pub id: EffectId,
    /// The server.
    pub guild: GuildId,
    /// The incident.
    pub incident: IncidentKey,
    /// What is to be said or done.
    pub effect: Effect,
    /// When it was decided.
    pub created_at: DateTime<Utc>,
    /// Until when it is worth saying.
    pub not_after: Option<DateTime<Utc>>,
    /// Makes a repeated message the same one at Discord, for a few minutes.
    pub nonce: String,
    /// The last attempt, committed before it was made; while outcomes are unknown, the first of
    /// those.
    pub attempt_at: Option<DateTime<Utc>>,
    /// Whether nobody knows how an attempt ended.
    pub unknown: bool,
    /// How often it was tried.
    pub tries: u32,
    /// Not before.
    pub retry_at: Option<DateTime<Utc>>,
}

/// Puts an effect into the outbox.
pub(super) async fn add(
    tx: &mut WriteTx,
    incident: &Incident,
    effect: &Effect,
    now: DateTime<Utc>,
    not_after: Option<String>,
) -> Result<()> {
    insert(tx, incident.guild, incident.key, effect, now, not_after).await
}

/// Puts into the outbox what follows from a delivery: a card that was made is to be pinned.
pub async fn follow_up(
    tx: &mut WriteTx,
    guild: GuildId,
    incident: IncidentKey,
    r#do: Do,
    now: DateTime<Utc>,
) -> Result<()> {
    insert(tx, guild, incident, &Effect::Do(r#do), now, None).await
}

async fn insert(
    tx: &mut WriteTx,
    guild: GuildId,
    incident: IncidentKey,
    effect: &Effect,
    now: DateTime<Utc>,
    not_after: Option<String>,
) -> Result<()> {
    let nonce = hex::encode(rand::random::<[u8; 12]>());
    sqlx::query(
        "INSERT INTO effect (guild_id, incident_id, what, created_at, not_after, nonce)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(guild.to_db())
    .bind(incident.0)
    .bind(to_json(effect)?)
    .bind(stamp::write(now))
    .bind(not_after)
    .bind(nonce)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts something into the outbox that follows from no decision, unless the very same waits there.
pub async fn add_once(
    tx: &mut WriteTx,
    incident: &Incident,
    effect: &Effect,
    now: DateTime<Utc>,
) -> Result<()> {
    let known: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM effect WHERE incident_id = $1 AND what = $2)",
    )
    .bind(incident.key.0)
    .bind(to_json(effect)?)
    .fetch_one(tx.conn())
    .await?;
    if known {
        return Ok(());
    }
    let not_after = match effect {
        Effect::Say(say) => say.not_after(incident, now),
        Effect::Do(_) => None,
    };
    add(tx, incident, effect, now, not_after.map(stamp::write)).await
}

#[derive(sqlx::FromRow)]
struct Row {
    effect_id: i64,
    guild_id: i64,
    incident_id: i64,
    what: String,
    created_at: String,
    not_after: Option<String>,
    nonce: String,
    attempt_at: Option<String>,
    unknown: i64,
    tries: i64,
    retry_at: Option<String>,
}

impl TryFrom<Row> for Waiting {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: EffectId(row.effect_id),
            guild: GuildId::from_db(row.guild_id),
            incident: IncidentKey(row.incident_id),
            effect: from_json("effect.what", &row.what)?,
            created_at: stamp::read(&row.created_at)?,
            not_after: stamp::read_optional(row.not_after)?,
            nonce: row.nonce,
            attempt_at: stamp::read_optional(row.attempt_at)?,
            unknown: row.unknown != 0,
            tries: u32::try_from(row.tries).map_err(StoreError::inconsistent)?,
            retry_at: stamp::read_optional(row.retry_at)?,
        })
    }
}

/// Everything that waits, in the order it was decided.
pub async fn waiting(conn: &mut SqliteConnection) -> Result<Vec<Waiting>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT effect_id, guild_id, incident_id, what, created_at, not_after, nonce, attempt_at,
                unknown, tries, retry_at
         FROM effect WHERE state = 'waiting' ORDER BY effect_id",
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many wait, and since when the oldest does.
pub async fn depth(conn: &mut SqliteConnection) -> Result<(u64, Option<DateTime<Utc>>)> {
    let (count, oldest): (i64, Option<String>) =
        sqlx::query_as("SELECT count(*), min(created_at) FROM effect WHERE state = 'waiting'")
            .fetch_one(conn)
            .await?;
    Ok((count.unsigned_abs(), stamp::read_optional(oldest)?))
}

/// How many wait for somebody to mend something.
pub async fn parked(conn: &mut SqliteConnection) -> Result<u64> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM effect WHERE state = 'parked'")
        .fetch_one(conn)
        .await?;
    Ok(count.unsigned_abs())
}

/// Commits that an attempt is about to be made: until it is known otherwise, its outcome is
/// unknown. While that of an earlier one is, the time of that one is kept: a nonce is remembered,
/// and a history is read, from then on.
pub async fn attempt(tx: &mut WriteTx, id: EffectId, at: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "UPDATE effect SET attempt_at = CASE unknown WHEN 1 THEN attempt_at ELSE $2 END, unknown = 1, tries = tries + 1, retry_at = NULL
         WHERE effect_id = $1",
    )
    .bind(id.0)
    .bind(stamp::write(at))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// It is said or done; where a message came of it, that is the one.
pub async fn done(
    tx: &mut WriteTx,
    id: EffectId,
    message: Option<(ChannelId, MessageId)>,
) -> Result<()> {
    sqlx::query(
        "UPDATE effect SET state = 'done', unknown = 0, channel_id = $2, message_id = $3
         WHERE effect_id = $1",
    )
    .bind(id.0)
    .bind(message.map(|(channel, _)| channel.to_db()))
    .bind(message.map(|(_, message)| message.to_db()))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// It is not said any more.
pub async fn lapsed(tx: &mut WriteTx, id: EffectId) -> Result<()> {
    sqlx::query("UPDATE effect SET state = 'lapsed', unknown = 0 WHERE effect_id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The attempt failed; `unknown`: perhaps it did not.
pub async fn failed(
    tx: &mut WriteTx,
    id: EffectId,
    unknown: bool,
    retry_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("UPDATE effect SET unknown = $2, retry_at = $3 WHERE effect_id = $1")
        .bind(id.0)
        .bind(i64::from(unknown))
        .bind(stamp::write(retry_at))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A limit: that was no attempt.
pub async fn postponed(
    tx: &mut WriteTx,
    id: EffectId,
    unknown: bool,
    retry_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "UPDATE effect SET unknown = $2, retry_at = $3, tries = max(tries - 1, 0)
         WHERE effect_id = $1",
    )
    .bind(id.0)
    .bind(i64::from(unknown))
    .bind(stamp::write(retry_at))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// It cannot be done until somebody mends something; `why` says what, without anybody's words.
/// `unknown`: an earlier attempt may have had an effect.
pub async fn park(tx: &mut WriteTx, id: EffectId, unknown: bool, why: &str) -> Result<()> {
    sqlx::query(
        "UPDATE effect SET state = 'parked', parked = $2, unknown = $3 WHERE effect_id = $1",
    )
    .bind(id.0)
    .bind(why)
    .bind(i64::from(unknown))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Tries everything parked in a server again. Gives how many there were.
pub async fn unpark(tx: &mut WriteTx, guild: GuildId) -> Result<u64> {
    let done = sqlx::query(
        "UPDATE effect SET state = 'waiting', parked = NULL, retry_at = NULL
         WHERE guild_id = $1 AND state = 'parked'",
    )
    .bind(guild.to_db())
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
