//! `/setup channels`: existing channels to use.

use serenity::all::PartialChannel;

use super::view;
use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::errors::Done;
use crate::domain::ids::ChannelId;
use crate::use_cases::setup::Channels;

/// Existing channels to use in place of #incidents and #status-updates
#[poise::command(slash_command)]
pub async fn channels(
    ctx: Context<'_>,
    #[description = "Where the list of incidents stands"]
    #[channel_types("Text")]
    incidents: Option<PartialChannel>,
    #[description = "Where customers read what was approved"]
    #[channel_types("Text", "News")]
    status_updates: Option<PartialChannel>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let named = Channels {
        incidents: incidents.map(|channel| ChannelId(channel.id.get())),
        updates: status_updates.map(|channel| ChannelId(channel.id.get())),
    };
    let standing = front.house.setup_channels(&asked.request(), named).await?;
    front.answer_private(&asked, view(&standing)).await;
    Ok(())
}
