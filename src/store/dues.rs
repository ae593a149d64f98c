//! What is to happen later. The rows of an incident follow from its state and are rewritten with it.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::{Result, StoreError, WriteTx, stamp};
use crate::domain::ids::IncidentKey;
use crate::domain::incident::{Due, Incident};

/// Brings the due rows of an incident in line with its state.
pub(super) async fn replace(tx: &mut WriteTx, incident: &Incident) -> Result<()> {
    sqlx::query("DELETE FROM due WHERE incident_id = $1")
        .bind(incident.key.0)
        .execute(tx.conn())
        .await?;
    for (at, due) in incident.dues() {
        let (what, reference) = match due {
            Due::RepeatPage(page) => ("repeat_page", page),
            Due::RemindUpdate => ("remind_update", 0),
        };
        sqlx::query("INSERT INTO due (incident_id, what, ref, at) VALUES ($1, $2, $3, $4)")
            .bind(incident.key.0)
            .bind(what)
            .bind(i64::from(reference))
            .bind(stamp::write(at))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// What is due by `now`, the longest overdue first.
pub async fn due_by(
    conn: &mut SqliteConnection,
    now: DateTime<Utc>,
) -> Result<Vec<(IncidentKey, Due)>> {
    let rows: Vec<(i64, String, i64)> = sqlx::query_as(
        "SELECT incident_id, what, ref FROM due WHERE at <= $1 ORDER BY at, incident_id LIMIT 100",
    )
    .bind(stamp::write(now))
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(incident, what, reference)| {
            let due = match what.as_str() {
                "repeat_page" => {
                    Due::RepeatPage(u32::try_from(reference).map_err(StoreError::inconsistent)?)
                }
                "remind_update" => Due::RemindUpdate,
                other => return Err(StoreError::inconsistent(format!("due.what {other}"))),
            };
            Ok((IncidentKey(incident), due))
        })
        .collect()
}

/// When the next row is due.
pub async fn next(conn: &mut SqliteConnection) -> Result<Option<DateTime<Utc>>> {
    let at: Option<String> = sqlx::query_scalar("SELECT min(at) FROM due")
        .fetch_one(conn)
        .await?;
    stamp::read_optional(at)
}
