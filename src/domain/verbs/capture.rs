//! Capture: put a message on the timeline, at the message's own time.

use super::LONG;
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::effect::Do;
use crate::domain::ids::{ChannelId, MessageId, UserId};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::domain::timeline::{CaptureVia, Fact, Field, Seq, words};

/// The message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// Where it stands.
    pub channel: ChannelId,
    /// Which one.
    pub message: MessageId,
    /// Who wrote it.
    pub author: UserId,
    /// How it was captured.
    pub via: CaptureVia,
    /// Its text, where Discord gives it.
    pub text: Option<String>,
    /// The names of its attachments.
    pub attachments: Vec<String>,
}

/// What the bot answers a 📌 with once the message is stored.
pub const STORED: &str = "✅";

/// Captures a message once; `already` is the row of an earlier capture of the same message.
pub fn decide(incident: &Incident, act: &Act, ask: Capture, already: Option<Seq>) -> Decided {
    if let Some(seq) = already {
        return Err(Refusal::AlreadyCaptured {
            id: incident.id,
            seq,
        });
    }
    let names: Vec<String> = ask
        .attachments
        .iter()
        .map(|name| text::clean_line(name, 200))
        .collect();
    let mut decision = Decision::on(incident);
    decision.record_at(
        act,
        ask.message.time(),
        Fact::MessageCaptured {
            channel: ask.channel,
            message: ask.message,
            author: ask.author,
            via: ask.via,
        },
        words([
            (
                Field::Text,
                ask.text.map(|text| text::clean_block(&text, LONG)),
            ),
            (Field::Attachments, Some(names.join("\n"))),
        ]),
    );
    decision.r#do(Do::React {
        channel: ask.channel,
        message: ask.message,
        emoji: STORED.to_owned(),
    });
    decision.done()
}
