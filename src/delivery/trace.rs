//! Finding again what was sent and never confirmed.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::task::Failed;
use crate::discord::api::{Call, DiscordApi, Failure, Reply};
use crate::domain::ids::{ChannelId, MessageId, UserId};

/// Discord's clock and ours are a little apart: a history is read from so long before the attempt.
const CLOCKS_APART: TimeDelta = TimeDelta::seconds(5);
/// <https://discord.com/developers/docs/resources/message#get-channel-messages>: 100 at a time.
const PAGE: usize = 100;
/// Nobody writes 10,000 messages while we wait; more is not read.
const PAGES: usize = 100;

/// How one of our messages is told from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// It has a button with this `custom_id`.
    Button(String),
    /// Its text begins like this.
    Begins(String),
    /// This readable id is in the last line of its text.
    Named(String),
    /// This is its text: what names no incident.
    Reads(String),
}

impl Sign {
    fn is_on(&self, message: &Value) -> bool {
        let content = message["content"].as_str().unwrap_or_default();
        match self {
            Self::Button(custom_id) => {
                let rows = message["components"].as_array().into_iter().flatten();
                rows.filter_map(|row| row["components"].as_array())
                    .flatten()
                    .any(|part| part["custom_id"].as_str() == Some(custom_id))
            }
            Self::Begins(beginning) => content.starts_with(beginning),
            Self::Named(id) => names(content.lines().next_back().unwrap_or_default(), id),
            Self::Reads(text) => content == text,
        }
    }
}

/// Whether `id` stands in `line` as a whole: `INC-4` is not in `INC-42`, and `INC-4 · page 1` not
/// in `INC-4 · page 1, call 2`.
fn names(line: &str, id: &str) -> bool {
    let goes_on = |rest: &str| {
        rest.starts_with(char::is_alphanumeric)
            || rest.starts_with(", call ")
            || rest.starts_with(" returned")
    };
    line.match_indices(id).any(|(at, _)| {
        let joined = |before: char| before.is_alphanumeric() || before == '-';
        !line[..at].ends_with(joined) && !goes_on(&line[at + id.len()..])
    })
}

/// Asks Discord, and keeps what it says of ourselves.
#[derive(Clone)]
pub(super) struct Asker {
    api: Arc<dyn DiscordApi>,
    me: Arc<OnceCell<UserId>>,
}

impl Asker {
    pub(super) fn new(api: Arc<dyn DiscordApi>) -> Self {
        Self {
            api,
            me: Arc::default(),
        }
    }

    /// One attempt.
    pub(super) async fn call(&self, call: Call) -> Result<Reply, Failed> {
        self.api
            .call(call.clone())
            .await
            .map_err(|failure| Failed { call, failure })
    }

    /// Our own user.
    async fn me(&self) -> Result<UserId, Failed> {
        let learn = async {
            let reply = self.call(Call::CurrentApplication).await?;
            // Applications older than 2018 have a bot user with an id of its own.
            let id = [&reply.body["bot"]["id"], &reply.body["id"]]
                .into_iter()
                .find_map(|id| id.as_str()?.parse().ok());
            id.ok_or_else(|| Failed {
                call: Call::CurrentApplication,
                failure: Failure::Unknown("the application has no id".to_owned()),
            })
        };
        self.me.get_or_try_init(|| learn).await.copied()
    }

    /// Our message with this sign, if it was sent at `attempt_at` or later.
    pub(super) async fn find(
        &self,
        channel: ChannelId,
        attempt_at: DateTime<Utc>,
        sign: &Sign,
    ) -> Result<Option<MessageId>, Failed> {
        let me = self.me().await?;
        let mut after = MessageId::earliest_at(attempt_at - CLOCKS_APART);
        for _ in 0..PAGES {
            let reply = self
                .call(Call::ListMessages {
                    channel,
                    after: Some(after),
                })
                .await?;
            let messages = reply.body.as_array().map(Vec::as_slice).unwrap_or_default();
            let found = messages
                .iter()
                .filter(|message| author(message) == Some(me) && sign.is_on(message))
                .filter_map(id)
                .min();
            if found.is_some() {
                return Ok(found);
            }
            match messages.iter().filter_map(id).max() {
                Some(last) if messages.len() >= PAGE && last > after => after = last,
                _ => break,
            }
        }
        Ok(None)
    }

    /// Whether nobody but us has written in this channel, by its newest messages.
    pub(super) async fn only_ours(&self, channel: ChannelId) -> Result<bool, Failed> {
        let reply = self
            .call(Call::ListMessages {
                channel,
                after: None,
            })
            .await?;
        let messages = reply.body.as_array().map(Vec::as_slice).unwrap_or_default();
        if messages.is_empty() {
            return Ok(true);
        }
        let me = self.me().await?;
        Ok(messages.iter().all(|message| author(message) == Some(me)))
    }
}

fn author(message: &Value) -> Option<UserId> {
    message["author"]["id"].as_str()?.parse().ok()
}

fn id(message: &Value) -> Option<MessageId> {
    message["id"].as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_is_found_as_a_whole_only() {
        for line in ["-# INC-4", "INC-4", "a — <@1> · INC-4", "**INC-4 · x**"] {
            assert!(names(line, "INC-4"), "{line}");
        }
        for line in ["INC-42", "XINC-4", "A-INC-4", "PRV-4"] {
            assert!(!names(line, "INC-4"), "{line}");
        }
        assert!(names("-# INC-4 · page 1", "INC-4 · page 1"));
        assert!(!names("-# INC-4 · page 1, call 2", "INC-4 · page 1"));
        assert!(!names("-# INC-4 · update 3 returned", "INC-4 · update 3"));
        assert!(names(
            "-# INC-4 · update 3 · corrects update 2",
            "INC-4 · update 3"
        ));
    }

    #[test]
    fn what_people_typed_is_no_sign() {
        let note = json!({"content": "see INC-4 #2\nand more · INC-4 #7"});
        assert!(Sign::Named("INC-4 #7".into()).is_on(&note));
        assert!(!Sign::Named("INC-4 #2".into()).is_on(&note));
        let card =
            json!({"content": "", "components": [{"components": [{"custom_id": "wb1:take:4"}]}]});
        assert!(Sign::Button("wb1:take:4".into()).is_on(&card));
        assert!(!Sign::Button("wb1:take:41".into()).is_on(&card));
    }
}
