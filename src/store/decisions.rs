//! Writing a decision: state, events, effects and due rows, together or not at all.

use super::incidents::Stored;
use super::{Result, StoreError, WriteTx, chain, dues, effects, stamp, timeline, to_json, views};
use crate::domain::decision::Decision;
use crate::domain::effect::{Effect, Show, shown_by};
use crate::domain::ids::{GuildId, IncidentId, IncidentKey};
use crate::domain::timeline::Fact;

/// Counts the next number of a series in a server. Without gaps, as it rolls back with its write.
pub async fn next_id(tx: &mut WriteTx, guild: GuildId, private: bool) -> Result<IncidentId> {
    let number: i64 = if private {
        sqlx::query_scalar(
            "UPDATE server SET last_private = last_private + 1 WHERE guild_id = $1
             RETURNING last_private",
        )
    } else {
        sqlx::query_scalar(
            "UPDATE server SET last_public = last_public + 1 WHERE guild_id = $1
             RETURNING last_public",
        )
    }
    .bind(guild.to_db())
    .fetch_one(tx.conn())
    .await?;
    let number = u32::try_from(number).map_err(StoreError::inconsistent)?;
    Ok(if private {
        IncidentId::private(number)
    } else {
        IncidentId::public(number)
    })
}

/// The row that the next incident will have. Good within this transaction.
pub async fn next_key(tx: &mut WriteTx) -> Result<IncidentKey> {
    let last: Option<i64> = sqlx::query_scalar("SELECT max(incident_id) FROM incident")
        .fetch_one(tx.conn())
        .await?;
    Ok(IncidentKey(last.unwrap_or(0) + 1))
}

/// Writes the decision that begins an incident, with the views that it is seen through.
pub async fn begin(tx: &mut WriteTx, decision: &Decision) -> Result<()> {
    let incident = &decision.incident;
    let head = timeline::append(tx, incident.key, chain::GENESIS, &decision.events).await?;
    sqlx::query(
        "INSERT INTO incident (incident_id, guild_id, state, length, head)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(incident.key.0)
    .bind(incident.guild.to_db())
    .bind(to_json(incident)?)
    .bind(i64::from(incident.length))
    .bind(head.as_slice())
    .execute(tx.conn())
    .await?;
    for name in [views::Name::Channel, views::Name::Card, views::Name::Digest] {
        views::add(tx, incident.guild, Some(incident.key), name, 0).await?;
    }
    follow(tx, decision).await
}

/// Writes a decision on the incident that was read in this very transaction.
pub async fn record(tx: &mut WriteTx, before: &Stored, decision: &Decision) -> Result<()> {
    let incident = &decision.incident;
    let head = timeline::append(tx, incident.key, before.head, &decision.events).await?;
    let updated = sqlx::query(
        "UPDATE incident SET state = $1, length = $2, head = $3
         WHERE incident_id = $4 AND length = $5",
    )
    .bind(to_json(incident)?)
    .bind(i64::from(incident.length))
    .bind(head.as_slice())
    .bind(incident.key.0)
    .bind(i64::from(before.incident.length))
    .execute(tx.conn())
    .await?
    .rows_affected();
    if updated != 1 {
        return Err(StoreError::inconsistent(format!(
            "{} changed under a write",
            incident.id
        )));
    }
    follow(tx, decision).await
}

/// What follows from any decision: views to bring in line, effects, due rows.
async fn follow(tx: &mut WriteTx, decision: &Decision) -> Result<()> {
    let incident = &decision.incident;
    let mut shows: Vec<Show> = decision
        .events
        .iter()
        .flat_map(|e| shown_by(&e.fact))
        .collect();
    shows.sort_unstable();
    shows.dedup();
    for event in &decision.events {
        if let Fact::UpdateDrafted { update, .. } = event.fact {
            views::add(
                tx,
                incident.guild,
                Some(incident.key),
                views::Name::Draft,
                update.into(),
            )
            .await?;
        }
    }
    for show in shows {
        views::touch(tx, incident.key, show).await?;
    }
    let now = decision.events.last().map(|event| event.recorded_at);
    for effect in &decision.effects {
        let now = now.ok_or_else(|| StoreError::inconsistent("an effect without an event"))?;
        let not_after = match effect {
            Effect::Say(say) => say.not_after(incident, now),
            Effect::Do(_) => None,
        };
        effects::add(tx, incident, effect, now, not_after.map(stamp::write)).await?;
    }
    dues::replace(tx, incident).await
}
