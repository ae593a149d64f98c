//! People's own settings.

use chrono_tz::Tz;
use sqlx::SqliteConnection;

use super::{Result, StoreError, WriteTx};
use crate::domain::ids::UserId;

/// The zone that this person set for themselves.
pub async fn zone(conn: &mut SqliteConnection, user: UserId) -> Result<Option<Tz>> {
    let zone: Option<String> = sqlx::query_scalar("SELECT zone FROM person WHERE user_id = $1")
        .bind(user.to_db())
        .fetch_optional(conn)
        .await?;
    zone.map(|zone| zone.parse().map_err(StoreError::inconsistent)).transpose()
}

/// Sets it.
pub async fn set_zone(tx: &mut WriteTx, user: UserId, zone: Tz) -> Result<()> {
    sqlx::query(
        "INSERT INTO person (user_id, zone) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET zone = excluded.zone",
    )
    .bind(user.to_db())
    .bind(zone.name())
    .execute(tx.conn())
    .await?;
    Ok(())
}
