//! 📌 on a message of an incident's channel puts it on the timeline.
//!
//! A reaction cannot be answered: what is stored is shown by ✅, and a refusal by nothing.

use std::time::Duration;

use serde_json::Value;
use serenity::all::{Reaction, ReactionType};

use crate::discord::api::{Call, Failure};
use crate::discord::asking::person;
use crate::discord::commands::capture::text_of;
use crate::discord::front::Front;
use crate::domain::ids::{ChannelId, GuildId, MessageId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::timeline::CaptureVia;
use crate::domain::verbs::capture::Capture;
use crate::use_cases::{Error, Outcome, Request, Target};

/// How long is waited before a message that could not be read is asked for again.
const AGAIN: [Duration; 3] = [
    Duration::from_millis(300),
    Duration::from_secs(2),
    Duration::from_secs(8),
];

/// U+1F4CC, with or without the sign that asks for a picture.
fn is_pin(emoji: &ReactionType) -> bool {
    matches!(emoji, ReactionType::Unicode(emoji) if matches!(emoji.as_str(), "📌" | "📌\u{FE0F}"))
}

/// Somebody reacted.
pub async fn added(front: &Front, reaction: &Reaction) {
    if !is_pin(&reaction.emoji) {
        return;
    }
    let (Some(user), Some(guild), Some(member)) =
        (reaction.user_id, reaction.guild_id, &reaction.member)
    else {
        return;
    };
    let user = UserId(user.get());
    if user == front.bot || member.user.bot {
        return;
    }
    let request = Request {
        person: person(user, member),
        guild: GuildId(guild.get()),
        channel: Some(ChannelId(reaction.channel_id.get())),
        // A reaction has no id that tells its time.
        at: front.skew.discord_now(),
        asking: None,
    };
    let message = MessageId(reaction.message_id.get());
    let author = reaction
        .message_author_id
        .map(|author| UserId(author.get()));
    match capture(front, &request, message, author).await {
        Ok(()) => {}
        Err(Error::Refused(refusal)) => {
            tracing::debug!(%refusal, "a reaction was not captured");
        }
        Err(Error::Internal(error)) => {
            tracing::error!(%error, "a reaction could not be captured");
        }
    }
}

async fn capture(
    front: &Front,
    request: &Request,
    message: MessageId,
    author: Option<UserId>,
) -> Outcome<()> {
    // Most channels are no incident's: nothing is asked of Discord for them.
    front.house.show(request, &Target::Here).await?;
    let Some(channel) = request.channel else {
        return Err(Refusal::OnlyInAnIncident.into());
    };
    let mut ask = Capture {
        channel,
        message,
        author: UserId(0),
        via: CaptureVia::Reaction,
        text: None,
        attachments: Vec::new(),
    };
    let mut author_name = None;
    match (read(front, channel, message).await, author) {
        (Ok(found), author) => {
            let Some(author) = found.author.or(author) else {
                return Ok(());
            };
            author_name = found.author_name;
            ask = Capture {
                author,
                text: found.text,
                attachments: found.attachments,
                ..ask
            };
        }
        // Author, time and place are worth keeping without the text.
        (Err(failure), Some(author)) if !is_gone(&failure) => {
            tracing::warn!(error = %failure, "a captured message could not be read");
            ask.author = author;
        }
        (Err(failure), _) => {
            tracing::warn!(error = %failure, "a message could not be captured");
            return Ok(());
        }
    }
    front
        .house
        .capture(request, ask, author_name.as_deref())
        .await?;
    Ok(())
}

fn is_gone(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused { status: 404, .. })
}

struct Found {
    author: Option<UserId>,
    author_name: Option<String>,
    text: Option<String>,
    attachments: Vec<String>,
}

async fn read(front: &Front, channel: ChannelId, message: MessageId) -> Result<Found, Failure> {
    let mut pauses = AGAIN.iter();
    loop {
        let failure = match front.api.call(Call::ReadMessage { channel, message }).await {
            Ok(reply) => return Ok(found(&reply.body)),
            Err(failure) => failure,
        };
        let passes = match &failure {
            Failure::Refused { status, .. } => *status >= 500 || *status == 429,
            Failure::Held { .. } | Failure::NotSent(_) | Failure::Unknown(_) => true,
        };
        match pauses.next() {
            Some(pause) if passes => tokio::time::sleep(*pause).await,
            _ => return Err(failure),
        }
    }
}

/// Read from the JSON itself: what a client library does not know is still there.
fn found(body: &Value) -> Found {
    let list = |name: &str| body[name].as_array().map_or(&[][..], Vec::as_slice);
    let embeds = list("embeds")
        .iter()
        .map(|it| (it["title"].as_str(), it["description"].as_str()));
    Found {
        author: body["author"]["id"].as_str().and_then(|id| id.parse().ok()),
        author_name: ["global_name", "username"]
            .into_iter()
            .find_map(|name| body["author"][name].as_str().map(str::to_owned)),
        text: text_of(body["content"].as_str().unwrap_or_default(), embeds),
        attachments: list("attachments")
            .iter()
            .filter_map(|it| it["filename"].as_str().map(str::to_owned))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_pin_files_a_message() {
        for (emoji, pins) in [
            ("📌", true),
            ("📌\u{FE0F}", true),
            ("📍", false),
            ("✅", false),
        ] {
            assert_eq!(
                is_pin(&ReactionType::Unicode(emoji.to_owned())),
                pins,
                "{emoji}"
            );
        }
    }

    #[test]
    fn an_alert_in_an_embed_keeps_its_words() {
        let found = found(&json!({
            "author": {"id": "7"}, "content": "",
            "embeds": [{"title": "CPU high", "description": "98 % on all hosts"}],
            "attachments": [{"filename": "graph.png"}],
        }));
        assert_eq!(found.author, Some(UserId(7)));
        assert_eq!(found.text.as_deref(), Some("CPU high\n98 % on all hosts"));
        assert_eq!(found.attachments, ["graph.png"]);
    }

    #[test]
    fn without_the_intent_there_is_no_text() {
        let found =
            found(&json!({"author": {"id": "7"}, "content": "", "embeds": [], "attachments": []}));
        assert_eq!(found.text, None);
    }
}
