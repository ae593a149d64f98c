//! Captured messages, each once.

use sqlx::SqliteConnection;

use super::{Result, StoreError, WriteTx};
use crate::domain::ids::{IncidentKey, MessageId};
use crate::domain::timeline::Seq;

/// Where a message stands on a timeline, if it does.
pub async fn find(
    conn: &mut SqliteConnection,
    message: MessageId,
) -> Result<Option<(IncidentKey, Seq)>> {
    let row: Option<(i64, i64)> =
        sqlx::query_as("SELECT incident_id, seq FROM capture WHERE message_id = $1")
            .bind(message.to_db())
            .fetch_optional(conn)
            .await?;
    row.map(|(incident, seq)| {
        Ok((
            IncidentKey(incident),
            Seq::try_from(seq).map_err(StoreError::inconsistent)?,
        ))
    })
    .transpose()
}

/// Remembers it, with the event.
pub async fn add(
    tx: &mut WriteTx,
    message: MessageId,
    incident: IncidentKey,
    seq: Seq,
) -> Result<()> {
    sqlx::query("INSERT INTO capture (message_id, incident_id, seq) VALUES ($1, $2, $3)")
        .bind(message.to_db())
        .bind(incident.0)
        .bind(i64::from(seq))
        .execute(tx.conn())
        .await?;
    Ok(())
}
