//! `/me zone`: the zone that somebody's times are read in.

use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{filled, zones};
use crate::discord::errors::Done;
use crate::discord::message::Message;
use crate::discord::views;
use crate::domain::zone::read_zone;

/// The time zone that the times you type are read in
#[poise::command(slash_command)]
pub async fn zone(
    ctx: Context<'_>,
    #[description = "Such as Europe/Berlin; without it you see the present one"]
    #[autocomplete = "zones"]
    zone: Option<String>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let now = front.house.clock.now();
    let message = match filled(zone).map(|typed| read_zone(&typed)) {
        Some(Ok(zone)) => {
            front.house.set_zone(asked.user, zone).await?;
            views::zone::saved(zone, now)
        }
        Some(Err(unknown)) => Message::text(unknown.to_string()),
        None => {
            let (own, server) = front.house.zones(&asked.request()).await?;
            views::zone::present(own, server, now)
        }
    };
    front.answer_private(&asked, message).await;
    Ok(())
}
