//! Interactions that changed something: a repeat finds the first answer.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use super::{Result, StoreError, WriteTx, stamp};
use crate::domain::ids::{GuildId, IncidentKey, InteractionId, UserId};
use crate::domain::timeline::Seq;

/// The interaction that asks, as it is stored with the write.
#[derive(Clone, Debug)]
pub struct Asking {
    /// Its id.
    pub id: InteractionId,
    /// The server.
    pub guild: GuildId,
    /// Who asks.
    pub user: UserId,
    /// What they are called in that server.
    pub name: String,
    /// The verb, e.g. `escalate`.
    pub verb: &'static str,
    /// Everything that was typed, for comparison with a repetition; only a salted hash is kept.
    pub input: String,
    /// The application that the token belongs to.
    pub application: u64,
    /// The right to answer.
    pub token: SecretString,
}

/// What an earlier interaction came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The interaction that it came from.
    pub interaction: InteractionId,
    /// The incident it changed.
    pub incident: IncidentKey,
    /// The first row it filed.
    pub first: Seq,
    /// The last row it filed.
    pub last: Seq,
    /// When it was read.
    pub received_at: DateTime<Utc>,
}

/// How long a command equal to one whose answer was lost returns that one's result.
pub const SAME_COMMAND: TimeDelta = TimeDelta::minutes(2);

#[derive(sqlx::FromRow)]
struct Row {
    interaction_id: i64,
    incident_id: i64,
    first_seq: i64,
    last_seq: i64,
    input_salt: Vec<u8>,
    input_hash: Vec<u8>,
    received_at: String,
}

impl TryFrom<&Row> for Earlier {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self> {
        Ok(Self {
            interaction: InteractionId::from_db(row.interaction_id),
            incident: IncidentKey(row.incident_id),
            first: Seq::try_from(row.first_seq).map_err(StoreError::inconsistent)?,
            last: Seq::try_from(row.last_seq).map_err(StoreError::inconsistent)?,
            received_at: stamp::read(&row.received_at)?,
        })
    }
}

/// What this very interaction, or an equal command whose answer is unconfirmed, came to before.
pub async fn earlier(
    conn: &mut SqliteConnection,
    asking: &Asking,
    now: DateTime<Utc>,
) -> Result<Option<Earlier>> {
    let same: Option<Row> = sqlx::query_as(
        "SELECT interaction_id, incident_id, first_seq, last_seq, input_salt, input_hash, received_at FROM interaction
         WHERE interaction_id = $1",
    )
    .bind(asking.id.to_db())
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(row) = &same {
        return Ok(Some(row.try_into()?));
    }
    let candidates: Vec<Row> = sqlx::query_as(
        "SELECT interaction_id, incident_id, first_seq, last_seq, input_salt, input_hash, received_at FROM interaction
         WHERE answer = 'unconfirmed' AND user_id = $1 AND received_at >= $2 AND guild_id = $3
           AND verb = $4
         ORDER BY interaction_id DESC",
    )
    .bind(asking.user.to_db())
    .bind(stamp::write(now - SAME_COMMAND))
    .bind(asking.guild.to_db())
    .bind(asking.verb)
    .fetch_all(conn)
    .await?;
    candidates
        .iter()
        .find(|row| row.input_hash == input_hash(&row.input_salt, asking))
        .map(TryInto::try_into)
        .transpose()
}

/// Stores what this interaction came to, with the write itself.
pub async fn add(
    tx: &mut WriteTx,
    asking: &Asking,
    came_to: Earlier,
    now: DateTime<Utc>,
) -> Result<()> {
    let salt: [u8; 16] = rand::random();
    sqlx::query(
        "INSERT INTO interaction (interaction_id, guild_id, user_id, verb, incident_id, first_seq,
                                  last_seq, input_salt, input_hash, received_at, answer,
                                  application_id, token)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'unconfirmed', $11, $12)",
    )
    .bind(asking.id.to_db())
    .bind(asking.guild.to_db())
    .bind(asking.user.to_db())
    .bind(asking.verb)
    .bind(came_to.incident.0)
    .bind(i64::from(came_to.first))
    .bind(i64::from(came_to.last))
    .bind(salt.as_slice())
    .bind(input_hash(&salt, asking))
    .bind(stamp::write(now))
    .bind(asking.application.cast_signed())
    .bind(asking.token.expose_secret())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The answer of the first interaction was lost, and this one, equal to it, was given its result:
/// from now on it is this one's answer that is unconfirmed.
pub async fn supersede(
    tx: &mut WriteTx,
    asking: &Asking,
    earlier: Earlier,
    now: DateTime<Utc>,
) -> Result<()> {
    confirmed(tx, earlier.interaction).await?;
    add(tx, asking, earlier, now).await
}

/// Discord took the first answer. Where no other is to follow, the token is forgotten.
pub async fn confirmed(tx: &mut WriteTx, id: InteractionId) -> Result<()> {
    sqlx::query(
        "UPDATE interaction
         SET answer = 'confirmed',
             token = CASE WHEN EXISTS (SELECT 1 FROM view v
                                       WHERE v.incident_id = interaction.incident_id
                                         AND v.name = 'answer' AND v.ref = $1 AND v.gone = 0)
                          THEN token END
         WHERE interaction_id = $1",
    )
    .bind(id.to_db())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets the tokens of interactions read before `then`: they have run out at Discord.
pub async fn forget_old_tokens(tx: &mut WriteTx, then: DateTime<Utc>) -> Result<()> {
    sqlx::query("UPDATE interaction SET token = NULL WHERE token IS NOT NULL AND received_at < $1")
        .bind(stamp::write(then))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// No answer is to come any more: the token is forgotten.
pub async fn forget_token(tx: &mut WriteTx, id: InteractionId) -> Result<()> {
    sqlx::query("UPDATE interaction SET token = NULL WHERE interaction_id = $1")
        .bind(id.to_db())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What the courier needs to bring an answer up to date.
#[derive(Debug)]
pub struct Answerable {
    /// The application that the token belongs to.
    pub application: u64,
    /// The right to answer; none once it was forgotten.
    pub token: Option<SecretString>,
    /// When the interaction was read.
    pub received_at: DateTime<Utc>,
    /// Whether Discord is known to have the first answer.
    pub confirmed: bool,
    /// Who asked.
    pub user: UserId,
}

/// The answer to this interaction.
pub async fn answerable(
    conn: &mut SqliteConnection,
    id: InteractionId,
) -> Result<Option<Answerable>> {
    type Row = (i64, Option<String>, String, String, i64);
    let row: Option<Row> = sqlx::query_as(
        "SELECT application_id, token, received_at, answer, user_id FROM interaction
         WHERE interaction_id = $1",
    )
    .bind(id.to_db())
    .fetch_optional(conn)
    .await?;
    row.map(|(application, token, received_at, answer, user)| {
        Ok(Answerable {
            application: application.cast_unsigned(),
            token: token.map(SecretString::from),
            received_at: stamp::read(&received_at)?,
            confirmed: answer == "confirmed",
            user: UserId::from_db(user),
        })
    })
    .transpose()
}

fn input_hash(salt: &[u8], asking: &Asking) -> Vec<u8> {
    Sha256::new()
        .chain_update(salt)
        .chain_update(asking.verb)
        .chain_update([0])
        .chain_update(&asking.input)
        .finalize()
        .to_vec()
}
