//! `Add to timeline` in a message's menu.

use serenity::all::Message as DiscordMessage;

use super::Context;
use crate::discord::answering::Answer;
use crate::discord::asking::Asked;
use crate::discord::errors::Done;
use crate::discord::message::Message;
use crate::discord::views;
use crate::domain::ids::{ChannelId, MessageId, UserId};
use crate::domain::timeline::CaptureVia;
use crate::domain::verbs::capture::Capture;
use crate::use_cases::Target;

/// What a captured message says. Alerts of other bots often stand in embeds alone.
pub fn text_of<'a>(
    content: &str,
    embeds: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)>,
) -> Option<String> {
    let mut parts = vec![content];
    for (title, description) in embeds {
        parts.extend(title);
        parts.extend(description);
    }
    parts.retain(|part| !part.trim().is_empty());
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// Puts a message of an incident's channel on its timeline.
#[poise::command(context_menu_command = "Add to timeline", guild_only)]
pub async fn add_to_timeline(ctx: Context<'_>, message: DiscordMessage) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let embeds = message
        .embeds
        .iter()
        .map(|it| (it.title.as_deref(), it.description.as_deref()));
    let ask = Capture {
        channel: ChannelId(message.channel_id.get()),
        message: MessageId(message.id.get()),
        author: UserId(message.author.id.get()),
        via: CaptureVia::Menu,
        text: text_of(&message.content, embeds),
        attachments: message
            .attachments
            .iter()
            .map(|it| it.filename.clone())
            .collect(),
    };
    let id = ask.message.to_string();
    let request = asked.change("capture", &Target::Here, &[("message", Some(&id))]);
    let recorded = front
        .house
        .capture(&request, ask, Some(message.author.display_name()))
        .await?;
    match recorded.events.last() {
        Some(event) => {
            let message = views::answer::captured(&recorded.incident, event);
            front.answer_change(&asked, &request, message, true).await;
        }
        None => {
            let message: Message = front.fault("a capture filed no row");
            front.answer(&asked.ticket, Answer::private(message)).await;
        }
    }
    Ok(())
}
