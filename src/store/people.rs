//! People's own settings, and the names they were last seen under (for documents, which are read
//! without Discord).

use std::collections::BTreeMap;

use chrono_tz::Tz;
use sqlx::SqliteConnection;

use super::{Result, StoreError, WriteTx};
use crate::domain::ids::UserId;

/// The zone that this person set for themselves.
pub async fn zone(conn: &mut SqliteConnection, user: UserId) -> Result<Option<Tz>> {
    let zone: Option<Option<String>> =
        sqlx::query_scalar("SELECT zone FROM person WHERE user_id = $1")
            .bind(user.to_db())
            .fetch_optional(conn)
            .await?;
    zone.flatten()
        .map(|zone| zone.parse().map_err(StoreError::inconsistent))
        .transpose()
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

/// Remembers what this person is called.
pub async fn seen(tx: &mut WriteTx, user: UserId, name: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO person (user_id, name) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET name = excluded.name
         WHERE person.name IS NOT excluded.name",
    )
    .bind(user.to_db())
    .bind(name)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The names of all who were seen.
pub async fn names(conn: &mut SqliteConnection) -> Result<BTreeMap<UserId, String>> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT user_id, name FROM person WHERE name IS NOT NULL")
            .fetch_all(conn)
            .await?;
    Ok(rows
        .into_iter()
        .map(|(user, name)| (UserId::from_db(user), name))
        .collect())
}
