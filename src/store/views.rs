//! What stands at Discord and must show the present state: one row per view.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::{Result, StoreError, WriteTx, stamp};
use crate::domain::effect::Show;
use crate::domain::ids::{ChannelId, GuildId, IncidentKey, MessageId};

/// The row of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewId(pub i64);

/// Which view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// A category `Incidents`; `reference` counts them from 1.
    Category,
    /// `#incidents`
    Incidents,
    /// `#status-updates`
    Updates,
    /// An incident's channel.
    Channel,
    /// Its pinned card.
    Card,
    /// Its entry in `#incidents`.
    Digest,
    /// The message of the customer text of this number.
    Draft,
    /// The message of a page: ten times its number plus its round.
    Page,
    /// The answer to the interaction of this id.
    Answer,
}

impl Name {
    const ALL: [Self; 9] = [
        Self::Category,
        Self::Incidents,
        Self::Updates,
        Self::Channel,
        Self::Card,
        Self::Digest,
        Self::Draft,
        Self::Page,
        Self::Answer,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Incidents => "incidents",
            Self::Updates => "updates",
            Self::Channel => "channel",
            Self::Card => "card",
            Self::Digest => "digest",
            Self::Draft => "draft",
            Self::Page => "page",
            Self::Answer => "answer",
        }
    }

    fn read(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|name| name.as_str() == text)
            .ok_or_else(|| StoreError::inconsistent(format!("view.name {text}")))
    }
}

/// A view as the courier sees it.
#[derive(Clone, Debug)]
pub struct View {
    /// Its row.
    pub id: ViewId,
    /// The server.
    pub guild: GuildId,
    /// The incident, for those of one.
    pub incident: Option<IncidentKey>,
    /// Which view.
    pub name: Name,
    /// Which of its name; see [`Name`].
    pub reference: i64,
    /// How many changes it is to show.
    pub wanted: i64,
    /// How many it shows.
    pub shown: i64,
    /// SHA-256 of the body that stands there.
    pub shown_hash: Option<Vec<u8>>,
    /// Discord's id of it, once it exists: a channel or a message.
    pub target: Option<u64>,
    /// The channel of a message.
    pub channel: Option<ChannelId>,
    /// Random; in a channel's topic, and the nonce of a message.
    pub marker: String,
    /// The last attempt, committed before it was made; while outcomes are unknown, the first of
    /// those.
    pub attempt_at: Option<DateTime<Utc>>,
    /// Whether nobody knows how an attempt ended.
    pub unknown: bool,
    /// How often it was tried since it last went well.
    pub tries: u32,
    /// Not before.
    pub retry_at: Option<DateTime<Utc>>,
    /// Sent once more then: an older edit may have overtaken the one that was shown.
    pub again_at: Option<DateTime<Utc>>,
    /// Since when Discord refuses edits of this old message.
    pub lagging_since: Option<DateTime<Utc>>,
    /// What somebody has to mend first.
    pub parked: Option<String>,
    /// Deleted by hand, and to stay so.
    pub gone: bool,
}

impl View {
    /// The channel that this view is.
    pub fn as_channel(&self) -> Option<ChannelId> {
        self.target.map(ChannelId)
    }

    /// The message that this view is.
    pub fn as_message(&self) -> Option<MessageId> {
        self.target.map(MessageId)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    view_id: i64,
    guild_id: i64,
    incident_id: Option<i64>,
    name: String,
    #[sqlx(rename = "ref")]
    reference: i64,
    wanted: i64,
    shown: i64,
    shown_hash: Option<Vec<u8>>,
    target_id: Option<i64>,
    channel_id: Option<i64>,
    marker: String,
    attempt_at: Option<String>,
    unknown: i64,
    tries: i64,
    retry_at: Option<String>,
    again_at: Option<String>,
    lagging_since: Option<String>,
    parked: Option<String>,
    gone: i64,
}

impl TryFrom<Row> for View {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: ViewId(row.view_id),
            guild: GuildId::from_db(row.guild_id),
            incident: row.incident_id.map(IncidentKey),
            name: Name::read(&row.name)?,
            reference: row.reference,
            wanted: row.wanted,
            shown: row.shown,
            shown_hash: row.shown_hash,
            target: row.target_id.map(i64::cast_unsigned),
            channel: row.channel_id.map(ChannelId::from_db),
            marker: row.marker,
            attempt_at: stamp::read_optional(row.attempt_at)?,
            unknown: row.unknown != 0,
            tries: u32::try_from(row.tries).map_err(StoreError::inconsistent)?,
            retry_at: stamp::read_optional(row.retry_at)?,
            again_at: stamp::read_optional(row.again_at)?,
            lagging_since: stamp::read_optional(row.lagging_since)?,
            parked: row.parked,
            gone: row.gone != 0,
        })
    }
}

fn new_marker() -> String {
    hex::encode(rand::random::<[u8; 12]>())
}

/// Adds a view that is to be shown; one that is known already stays as it is.
pub async fn add(
    tx: &mut WriteTx,
    guild: GuildId,
    incident: Option<IncidentKey>,
    name: Name,
    reference: i64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO view (guild_id, incident_id, name, ref, marker) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(guild.to_db())
    .bind(incident.map(|key| key.0))
    .bind(name.as_str())
    .bind(reference)
    .bind(new_marker())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Adds the view of a message that was just said, so that it follows the state from now on.
pub async fn add_standing(
    tx: &mut WriteTx,
    guild: GuildId,
    incident: IncidentKey,
    name: Name,
    reference: i64,
    message: (ChannelId, MessageId),
    shown_hash: &[u8],
) -> Result<()> {
    sqlx::query(
        "INSERT INTO view (guild_id, incident_id, name, ref, marker, channel_id, target_id, shown_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(guild.to_db())
    .bind(incident.0)
    .bind(name.as_str())
    .bind(reference)
    .bind(new_marker())
    .bind(message.0.to_db())
    .bind(message.1.to_db())
    .bind(shown_hash)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The state that a view shows has changed.
pub async fn touch(tx: &mut WriteTx, incident: IncidentKey, show: Show) -> Result<()> {
    let (name, low, high) = match show {
        Show::Channel => (Name::Channel, 0, 0),
        Show::Card => (Name::Card, 0, 0),
        Show::Digest => (Name::Digest, 0, 0),
        Show::Draft(update) => (Name::Draft, i64::from(update), i64::from(update)),
        Show::Page(page) => (Name::Page, i64::from(page) * 10, i64::from(page) * 10 + 9),
    };
    sqlx::query(
        "UPDATE view SET wanted = wanted + 1
         WHERE incident_id = $1 AND name = $2 AND ref BETWEEN $3 AND $4",
    )
    .bind(incident.0)
    .bind(name.as_str())
    .bind(low)
    .bind(high)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Makes a view due again, whatever it shows.
pub async fn want(tx: &mut WriteTx, id: ViewId) -> Result<()> {
    sqlx::query("UPDATE view SET wanted = wanted + 1 WHERE view_id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT view_id, guild_id, incident_id, name, ref, wanted, shown, shown_hash, target_id,
                    channel_id, marker, attempt_at, unknown, tries, retry_at, again_at,
                    lagging_since, parked, gone
             FROM view ",
            $rest
        )
    };
}

/// Every view that shows less than it should, or is to be sent once more, and is not parked or
/// gone; the oldest first.
pub async fn due(conn: &mut SqliteConnection) -> Result<Vec<View>> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE (wanted > shown OR again_at IS NOT NULL) AND parked IS NULL AND gone = 0
         ORDER BY view_id"
    ))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A view of an incident.
pub async fn of_incident(
    conn: &mut SqliteConnection,
    incident: IncidentKey,
    name: Name,
    reference: i64,
) -> Result<Option<View>> {
    let row: Option<Row> =
        sqlx::query_as(select!("WHERE incident_id = $1 AND name = $2 AND ref = $3"))
            .bind(incident.0)
            .bind(name.as_str())
            .bind(reference)
            .fetch_optional(conn)
            .await?;
    row.map(TryInto::try_into).transpose()
}

/// A view of a server: its category of this number, `#incidents`, `#status-updates`.
pub async fn of_server(
    conn: &mut SqliteConnection,
    guild: GuildId,
    name: Name,
    reference: i64,
) -> Result<Option<View>> {
    let row: Option<Row> = sqlx::query_as(select!(
        "WHERE guild_id = $1 AND incident_id IS NULL AND name = $2 AND ref = $3"
    ))
    .bind(guild.to_db())
    .bind(name.as_str())
    .bind(reference)
    .fetch_optional(conn)
    .await?;
    row.map(TryInto::try_into).transpose()
}

/// All categories of a server, in their order.
pub async fn categories(conn: &mut SqliteConnection, guild: GuildId) -> Result<Vec<View>> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE guild_id = $1 AND incident_id IS NULL AND name = 'category' ORDER BY ref"
    ))
    .bind(guild.to_db())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The views that a channel or message of this id is.
pub async fn by_target(conn: &mut SqliteConnection, target: u64) -> Result<Vec<View>> {
    let rows: Vec<Row> = sqlx::query_as(select!("WHERE target_id = $1 ORDER BY view_id"))
        .bind(target.cast_signed())
        .fetch_all(conn)
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The view that carries this marker.
pub async fn by_marker(conn: &mut SqliteConnection, marker: &str) -> Result<Option<View>> {
    let row: Option<Row> = sqlx::query_as(select!("WHERE marker = $1"))
        .bind(marker)
        .fetch_optional(conn)
        .await?;
    row.map(TryInto::try_into).transpose()
}

/// An incident's channel, once it stands.
pub async fn channel_of(
    conn: &mut SqliteConnection,
    incident: IncidentKey,
) -> Result<Option<ChannelId>> {
    Ok(of_incident(conn, incident, Name::Channel, 0)
        .await?
        .filter(|view| !view.gone)
        .and_then(|view| view.as_channel()))
}

/// The messages that stand in a channel.
pub async fn in_channel(conn: &mut SqliteConnection, channel: ChannelId) -> Result<Vec<View>> {
    let rows: Vec<Row> = sqlx::query_as(select!("WHERE channel_id = $1 ORDER BY view_id"))
        .bind(channel.to_db())
        .fetch_all(conn)
        .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many views wait for somebody to mend something.
pub async fn parked(conn: &mut SqliteConnection) -> Result<u64> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM view WHERE parked IS NOT NULL")
        .fetch_one(conn)
        .await?;
    Ok(count.unsigned_abs())
}

/// Commits that an attempt is about to be made. While the outcome of an earlier one is unknown, the
/// time of that one is kept: a nonce is remembered, and a history is read, from then on.
pub async fn attempt(tx: &mut WriteTx, id: ViewId, at: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "UPDATE view SET attempt_at = CASE unknown WHEN 1 THEN attempt_at ELSE $2 END, unknown = 1, tries = tries + 1, retry_at = NULL
         WHERE view_id = $1",
    )
    .bind(id.0)
    .bind(stamp::write(at))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Somebody looked: what was attempted did not come to be.
pub async fn not_there(tx: &mut WriteTx, id: ViewId) -> Result<()> {
    sqlx::query("UPDATE view SET unknown = 0, retry_at = NULL WHERE view_id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// It exists now, as this.
pub async fn created(
    tx: &mut WriteTx,
    id: ViewId,
    target: u64,
    channel: Option<ChannelId>,
) -> Result<()> {
    sqlx::query(
        "UPDATE view SET target_id = $2, channel_id = $3, unknown = 0, tries = 0, retry_at = NULL,
                         parked = NULL, gone = 0
         WHERE view_id = $1",
    )
    .bind(id.0)
    .bind(target.cast_signed())
    .bind(channel.map(ChannelId::to_db))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// It shows the first `version` changes, as a body with this hash.
pub async fn shown(tx: &mut WriteTx, id: ViewId, version: i64, hash: &[u8]) -> Result<()> {
    sqlx::query(
        "UPDATE view SET shown = max(shown, $2), shown_hash = $3, unknown = 0, tries = 0,
                         retry_at = NULL, lagging_since = NULL
         WHERE view_id = $1",
    )
    .bind(id.0)
    .bind(version)
    .bind(hash)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// When it is to be sent once more, or that it was.
pub async fn again(tx: &mut WriteTx, id: ViewId, at: Option<DateTime<Utc>>) -> Result<()> {
    sqlx::query("UPDATE view SET again_at = $2 WHERE view_id = $1")
        .bind(id.0)
        .bind(at.map(stamp::write))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The attempt failed; `unknown`: perhaps it did not.
pub async fn failed(
    tx: &mut WriteTx,
    id: ViewId,
    unknown: bool,
    retry_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("UPDATE view SET unknown = $2, retry_at = $3 WHERE view_id = $1")
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
    id: ViewId,
    unknown: bool,
    retry_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "UPDATE view SET unknown = $2, retry_at = $3, tries = max(tries - 1, 0) WHERE view_id = $1",
    )
    .bind(id.0)
    .bind(i64::from(unknown))
    .bind(stamp::write(retry_at))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Discord refuses edits of this old message, from `since` on at the latest.
pub async fn lags(
    tx: &mut WriteTx,
    id: ViewId,
    since: DateTime<Utc>,
    unknown: bool,
    retry_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "UPDATE view SET lagging_since = coalesce(lagging_since, $2), unknown = $3, retry_at = $4,
                         tries = max(tries - 1, 0)
         WHERE view_id = $1",
    )
    .bind(id.0)
    .bind(stamp::write(since))
    .bind(i64::from(unknown))
    .bind(stamp::write(retry_at))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// It no longer exists and is to be made anew, under a new marker.
pub async fn lost(tx: &mut WriteTx, id: ViewId) -> Result<()> {
    released(tx, id).await?;
    want(tx, id).await
}

/// It no longer exists, and is made anew, under a new marker, only once there is news to show.
pub async fn released(tx: &mut WriteTx, id: ViewId) -> Result<()> {
    sqlx::query(
        "UPDATE view SET target_id = NULL, channel_id = NULL, shown_hash = NULL, unknown = 0,
                         tries = 0, retry_at = NULL, again_at = NULL, lagging_since = NULL,
                         attempt_at = NULL, marker = $2
         WHERE view_id = $1",
    )
    .bind(id.0)
    .bind(new_marker())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// It no longer exists and is to stay so.
pub async fn gone(tx: &mut WriteTx, id: ViewId) -> Result<()> {
    sqlx::query("UPDATE view SET gone = 1, unknown = 0 WHERE view_id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// It cannot be shown until somebody mends something; `unknown`: an earlier attempt may have had
/// an effect.
pub async fn park(tx: &mut WriteTx, id: ViewId, unknown: bool, why: &str) -> Result<()> {
    sqlx::query("UPDATE view SET parked = $2, unknown = $3 WHERE view_id = $1")
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
        "UPDATE view SET parked = NULL, retry_at = NULL, tries = 0
         WHERE guild_id = $1 AND parked IS NOT NULL",
    )
    .bind(guild.to_db())
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Moves a view to a channel that somebody named.
pub async fn point_at(tx: &mut WriteTx, id: ViewId, channel: ChannelId) -> Result<()> {
    sqlx::query(
        "UPDATE view SET target_id = $2, unknown = 0, shown = wanted, parked = NULL, gone = 0
         WHERE view_id = $1",
    )
    .bind(id.0)
    .bind(channel.to_db())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The digest entries of a server's open incidents are to stand in another channel: they are made
/// anew there. Those of incidents that ended stay where they are.
pub async fn restart_digests(tx: &mut WriteTx, guild: GuildId, channel: ChannelId) -> Result<()> {
    let rows: Vec<i64> = sqlx::query_scalar(
        "SELECT v.view_id FROM view v JOIN incident i ON i.incident_id = v.incident_id
         WHERE v.guild_id = $1 AND v.name = 'digest' AND v.channel_id IS NOT NULL
           AND v.channel_id <> $2
           AND i.status IN ('investigating', 'identified', 'monitoring')",
    )
    .bind(guild.to_db())
    .bind(channel.to_db())
    .fetch_all(tx.conn())
    .await?;
    for row in rows {
        lost(tx, ViewId(row)).await?;
    }
    Ok(())
}
