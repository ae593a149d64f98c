//! Declarations that wait for a severity: what was typed is kept until a button is pressed.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::{Result, WriteTx, stamp};
use crate::domain::ids::{GuildId, UserId};

/// Keeps what was typed until `expires_at`; gives its number. Old ones go.
pub async fn hold(
    tx: &mut WriteTx,
    guild: GuildId,
    user: UserId,
    typed: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<i64> {
    sqlx::query("DELETE FROM held_form WHERE expires_at < $1")
        .bind(stamp::write(now))
        .execute(tx.conn())
        .await?;
    Ok(sqlx::query_scalar(
        "INSERT INTO held_form (guild_id, user_id, typed, expires_at) VALUES ($1, $2, $3, $4)
         RETURNING form_id",
    )
    .bind(guild.to_db())
    .bind(user.to_db())
    .bind(typed)
    .bind(stamp::write(expires_at))
    .fetch_one(tx.conn())
    .await?)
}

/// What this person typed in this server, if it is still kept.
pub async fn find(
    conn: &mut SqliteConnection,
    form: i64,
    guild: GuildId,
    user: UserId,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar(
        "SELECT typed FROM held_form WHERE form_id = $1 AND guild_id = $2 AND user_id = $3",
    )
    .bind(form)
    .bind(guild.to_db())
    .bind(user.to_db())
    .fetch_optional(conn)
    .await?)
}

/// It is declared now. Says whether it was still there: the first press has it.
pub async fn forget(tx: &mut WriteTx, form: i64) -> Result<bool> {
    let gone = sqlx::query("DELETE FROM held_form WHERE form_id = $1")
        .bind(form)
        .execute(tx.conn())
        .await?;
    Ok(gone.rows_affected() == 1)
}
