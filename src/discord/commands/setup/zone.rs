//! `/setup zone`: the zone of people who set none.

use super::view;
use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::zones;
use crate::discord::errors::Done;
use crate::discord::message::Message;
use crate::domain::policy;
use crate::domain::zone::read_zone;

/// The time zone of this server, for people who set none of their own
#[poise::command(slash_command)]
pub async fn zone(
    ctx: Context<'_>,
    #[description = "Such as Europe/Berlin"]
    #[autocomplete = "zones"]
    zone: String,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let request = asked.request();
    policy::may_setup(&request.person)?;
    let message = match read_zone(&zone) {
        Ok(zone) => view(
            &front
                .house
                .setup(&request, |settings| settings.zone = zone)
                .await?,
        ),
        Err(unknown) => Message::text(unknown.to_string()),
    };
    front.answer_private(&asked, message).await;
    Ok(())
}
