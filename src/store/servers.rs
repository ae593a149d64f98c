//! Servers and their settings. Everything works without any.

use chrono_tz::Tz;
use sqlx::SqliteConnection;

use super::{Result, StoreError, WriteTx, views};
use crate::domain::ids::{GuildId, Mention, RoleId, UserId};
use crate::domain::policy::Narrowing;
use crate::domain::words::Severity;

/// What `/setup` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The zone that times are read in, for people without their own.
    pub zone: Tz,
    /// Where set, every verb but declare, list and help asks for this role.
    pub responders: Option<RoleId>,
    /// Those who speak to customers; reminded while nobody holds the chair.
    pub communications: Option<RoleId>,
    /// Those let into every private incident.
    pub security: Option<RoleId>,
    /// Who is called at which severity.
    pub pages: Vec<(Severity, Mention)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zone: Tz::UTC,
            responders: None,
            communications: None,
            security: None,
            pages: Vec::new(),
        }
    }
}

impl Settings {
    /// How the contract's table is narrowed.
    pub fn narrowing(&self) -> Narrowing {
        Narrowing {
            responders: self.responders,
        }
    }

    /// Who is called at this severity.
    pub fn pages_at(&self, severity: Severity) -> Vec<Mention> {
        self.pages
            .iter()
            .filter(|(at, _)| *at == severity)
            .map(|(_, who)| *who)
            .collect()
    }
}

/// Makes sure that a server is known, with the views every server has.
pub async fn ensure(tx: &mut WriteTx, guild: GuildId) -> Result<()> {
    let new = sqlx::query("INSERT INTO server (guild_id) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind(guild.to_db())
        .execute(tx.conn())
        .await?
        .rows_affected();
    if new == 1 {
        views::add(tx, guild, None, views::Name::Category, 1).await?;
        views::add(tx, guild, None, views::Name::Incidents, 0).await?;
        views::add(tx, guild, None, views::Name::Updates, 0).await?;
    }
    Ok(())
}

/// The settings of a server; the defaults for one that has none.
pub async fn settings(conn: &mut SqliteConnection, guild: GuildId) -> Result<Settings> {
    type Row = (String, Option<i64>, Option<i64>, Option<i64>);
    let row: Option<Row> = sqlx::query_as(
        "SELECT zone, responders_role, communications_role, security_role FROM server
         WHERE guild_id = $1",
    )
    .bind(guild.to_db())
    .fetch_optional(&mut *conn)
    .await?;
    let Some((zone, responders, communications, security)) = row else {
        return Ok(Settings::default());
    };
    let pages: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT severity, target, target_id FROM paged_at WHERE guild_id = $1
         ORDER BY severity, target, target_id",
    )
    .bind(guild.to_db())
    .fetch_all(conn)
    .await?;
    Ok(Settings {
        zone: zone.parse().map_err(StoreError::inconsistent)?,
        responders: responders.map(RoleId::from_db),
        communications: communications.map(RoleId::from_db),
        security: security.map(RoleId::from_db),
        pages: pages
            .into_iter()
            .map(|(severity, target, id)| {
                let severity = severity.parse().map_err(StoreError::inconsistent)?;
                let who = match target.as_str() {
                    "user" => Mention::User(UserId::from_db(id)),
                    _ => Mention::Role(RoleId::from_db(id)),
                };
                Ok((severity, who))
            })
            .collect::<Result<_>>()?,
    })
}

/// Replaces the settings of a server.
pub async fn save(tx: &mut WriteTx, guild: GuildId, settings: &Settings) -> Result<()> {
    sqlx::query(
        "UPDATE server SET zone = $2, responders_role = $3, communications_role = $4,
                           security_role = $5
         WHERE guild_id = $1",
    )
    .bind(guild.to_db())
    .bind(settings.zone.name())
    .bind(settings.responders.map(RoleId::to_db))
    .bind(settings.communications.map(RoleId::to_db))
    .bind(settings.security.map(RoleId::to_db))
    .execute(tx.conn())
    .await?;
    sqlx::query("DELETE FROM paged_at WHERE guild_id = $1")
        .bind(guild.to_db())
        .execute(tx.conn())
        .await?;
    for (severity, who) in &settings.pages {
        let (target, id) = match who {
            Mention::User(user) => ("user", user.to_db()),
            Mention::Role(role) => ("role", role.to_db()),
        };
        sqlx::query(
            "INSERT INTO paged_at (guild_id, severity, target, target_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
        )
        .bind(guild.to_db())
        .bind(severity.as_str())
        .bind(target)
        .bind(id)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Every server we know.
pub async fn all(conn: &mut SqliteConnection) -> Result<Vec<GuildId>> {
    let rows: Vec<i64> = sqlx::query_scalar("SELECT guild_id FROM server ORDER BY guild_id")
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(GuildId::from_db).collect())
}
