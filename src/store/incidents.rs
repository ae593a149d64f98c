//! The present state of incidents. Every read here takes a viewer; what they may not see is as if
//! it were not there.

use sqlx::SqliteConnection;

use super::chain::Hash;
use super::{Result, StoreError, from_json};
use crate::domain::ids::{ChannelId, GuildId, IncidentId, IncidentKey};
use crate::domain::incident::Incident;
use crate::domain::visibility::Viewer;

#[derive(sqlx::FromRow)]
struct Row {
    state: String,
    length: i64,
    head: Vec<u8>,
}

/// An incident with the hash of its newest row.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The incident.
    pub incident: Incident,
    /// The hash that the next row follows.
    pub(super) head: Hash,
}

impl TryFrom<Row> for Stored {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let incident: Incident = from_json("incident.state", &row.state)?;
        if i64::from(incident.length) != row.length {
            return Err(StoreError::inconsistent(format!(
                "{} says it has {} rows, its column says {}",
                incident.id, incident.length, row.length
            )));
        }
        let head = row
            .head
            .try_into()
            .map_err(|_| StoreError::inconsistent("incident.head is not a SHA-256"))?;
        Ok(Self { incident, head })
    }
}

/// Which incidents a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Those whose response runs.
    #[default]
    Open,
    /// Resolved, not closed.
    Resolved,
    /// Closed, cancelled, merged.
    Closed,
    /// All.
    All,
}

impl Filter {
    /// Reads the choice of `/incident list status:`.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "resolved" => Some(Self::Resolved),
            "closed" => Some(Self::Closed),
            "all" => Some(Self::All),
            _ => None,
        }
    }
}

/// By its row.
pub async fn by_key(
    conn: &mut SqliteConnection,
    viewer: &Viewer,
    key: IncidentKey,
) -> Result<Option<Stored>> {
    let row: Option<Row> =
        sqlx::query_as("SELECT state, length, head FROM incident WHERE incident_id = $1")
            .bind(key.0)
            .fetch_optional(conn)
            .await?;
    visible(row, viewer)
}

/// By the name that people use, in this server. A former public number finds the incident that
/// became private, for those who may see it.
pub async fn by_id(
    conn: &mut SqliteConnection,
    viewer: &Viewer,
    guild: GuildId,
    id: IncidentId,
) -> Result<Option<Stored>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT state, length, head FROM incident
         WHERE guild_id = $1 AND (id = $2 OR former_id = $2)",
    )
    .bind(guild.to_db())
    .bind(id.to_string())
    .fetch_optional(conn)
    .await?;
    visible(row, viewer)
}

/// The incident whose own channel this is. Whoever speaks there can see it.
pub async fn at_channel(
    conn: &mut SqliteConnection,
    guild: GuildId,
    channel: ChannelId,
) -> Result<Option<Stored>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT i.state, i.length, i.head FROM view v JOIN incident i ON i.incident_id = v.incident_id
         WHERE v.target_id = $1 AND v.name = 'channel' AND v.guild_id = $2",
    )
    .bind(channel.to_db())
    .bind(guild.to_db())
    .fetch_optional(conn)
    .await?;
    row.map(TryInto::try_into).transpose()
}

/// What this viewer may see of a server's incidents, the newest first, at most `most`.
pub async fn list(
    conn: &mut SqliteConnection,
    viewer: &Viewer,
    guild: GuildId,
    filter: Filter,
    most: usize,
) -> Result<Vec<Incident>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT state, length, head FROM incident
         WHERE guild_id = $1
           AND CASE $2 WHEN 'open' THEN status IN ('investigating', 'identified', 'monitoring')
                       WHEN 'resolved' THEN status = 'resolved'
                       WHEN 'closed' THEN status IN ('closed', 'cancelled', 'merged')
                       ELSE 1 END
         ORDER BY incident_id DESC",
    )
    .bind(guild.to_db())
    .bind(match filter {
        Filter::Open => "open",
        Filter::Resolved => "resolved",
        Filter::Closed => "closed",
        Filter::All => "all",
    })
    .fetch_all(conn)
    .await?;
    let mut seen = Vec::new();
    for row in rows {
        let stored: Stored = row.try_into()?;
        if viewer.may_see(&stored.incident) {
            seen.push(stored.incident);
            if seen.len() == most {
                break;
            }
        }
    }
    Ok(seen)
}

/// The servers that have an incident of this name: for the terminal, which names no server.
pub async fn servers_with(conn: &mut SqliteConnection, id: IncidentId) -> Result<Vec<GuildId>> {
    let rows: Vec<i64> = sqlx::query_scalar(
        "SELECT guild_id FROM incident WHERE id = $1 OR former_id = $1 ORDER BY guild_id",
    )
    .bind(id.to_string())
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(GuildId::from_db).collect())
}

fn visible(row: Option<Row>, viewer: &Viewer) -> Result<Option<Stored>> {
    let stored: Option<Stored> = row.map(TryInto::try_into).transpose()?;
    Ok(stored.filter(|stored| viewer.may_see(&stored.incident)))
}
