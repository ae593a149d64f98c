//! The boundary: whatever goes wrong becomes one sentence for the person who asked, and, where the
//! fault is ours, one entry in the log under the same id.

use std::fmt::Display;

use poise::FrameworkError;
use serenity::all::{CreateEmbed, ResolvedValue};

use super::answering::Answer;
use super::asking::Ticket;
use super::front::Front;
use super::message::Message;
use super::views;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::use_cases::Error;

/// What a command, a press or a form comes to, besides its answer.
pub type Done = Result<(), Error>;

const OUTDATED: &str = "Discord showed you a form of this command that I no longer have. Reload Discord (Ctrl+R) and type it again.";

/// Texts of a command from this length on are given back, as nobody likes to write them twice.
const LONG: usize = 60;

/// Longest text that comes back to the person, in characters; an embed takes 4,096.
const GIVEN_BACK: usize = 4_000;

impl Front {
    /// Answers what did not go well.
    pub async fn refuse(&self, ticket: &Ticket, error: Error) {
        let message = match error {
            Error::Refused(refusal) => views::answer::refusal(&refusal),
            Error::Internal(error) => self.fault(&error),
        };
        self.answer(ticket, Answer::private(message)).await;
    }

    /// The same for a form, whose text comes back: it stands nowhere else.
    pub async fn refuse_form(&self, ticket: &Ticket, error: Error, typed: &[&str]) {
        let mut message = match error {
            Error::Refused(refusal) => views::answer::refusal(&refusal),
            Error::Internal(error) => self.fault(&error),
        };
        give_back(&mut message, typed);
        self.answer(ticket, Answer::private(message)).await;
    }

    /// Logs a fault of ours; gives what the person reads.
    pub fn fault(&self, error: &(impl Display + ?Sized)) -> Message {
        let id = fault_id();
        tracing::error!(error.id = %id, %error, "something failed");
        views::answer::internal_error(&id)
    }
}

/// Puts what was typed under a refusal, so that it can be copied.
fn give_back(message: &mut Message, typed: &[&str]) {
    let typed: Vec<&str> = typed
        .iter()
        .map(|text| text.trim())
        .filter(|t| !t.is_empty())
        .collect();
    if typed.is_empty() {
        return;
    }
    let raw = text::shorten(&typed.join("\n\n"), GIVEN_BACK - 10).replace("```", "'''");
    let frame = CreateEmbed::new()
        .title("What you typed")
        .description(format!("```\n{raw}\n```"));
    message.embeds.push(frame);
}

/// The long texts among the options of a command.
fn long_texts<'a>(ctx: poise::Context<'a, Front, Error>) -> Vec<&'a str> {
    let poise::Context::Application(ctx) = ctx else {
        return Vec::new();
    };
    let texts = ctx.args.iter().filter_map(|option| match option.value {
        ResolvedValue::String(text) => Some(text),
        _ => None,
    });
    texts.filter(|text| text.chars().count() >= LONG).collect()
}

/// Names one entry of the log.
fn fault_id() -> String {
    hex::encode(rand::random::<[u8; 4]>())
}

/// Every way in which poise can end a command without its answer.
pub async fn boundary(error: FrameworkError<'_, Front, Error>) {
    let front = match &error {
        FrameworkError::Setup { error, .. } => {
            return tracing::error!(%error, "the framework did not start");
        }
        FrameworkError::EventHandler { framework, .. }
        | FrameworkError::UnknownInteraction { framework, .. }
        | FrameworkError::UnknownCommand { framework, .. }
        | FrameworkError::NonCommandMessage { framework, .. } => framework.user_data,
        FrameworkError::DynamicPrefix { ctx, .. } => ctx.framework.user_data,
        other => match other.ctx() {
            Some(ctx) => ctx.framework().user_data,
            None => return tracing::error!("an error without a context"),
        },
    };
    let ticket = match &error {
        FrameworkError::UnknownInteraction { interaction, .. } => Some(*interaction),
        other => other.ctx().and_then(|ctx| match ctx {
            poise::Context::Application(ctx) => Some(ctx.interaction),
            poise::Context::Prefix(_) => None,
        }),
    }
    .map(|interaction| Ticket::new(interaction.id.get(), &interaction.token));
    let message = match error {
        FrameworkError::Command { error, ctx, .. }
        | FrameworkError::CommandCheckFailed {
            error: Some(error),
            ctx,
            ..
        } => {
            let mut message = match error {
                Error::Refused(refusal) => views::answer::refusal(&refusal),
                Error::Internal(error) => front.fault(&error),
            };
            give_back(&mut message, &long_texts(ctx));
            message
        }
        FrameworkError::CommandPanic { payload, .. } => front.fault(&format!(
            "a command panicked: {}",
            payload.as_deref().unwrap_or("?")
        )),
        FrameworkError::ArgumentParse { error, .. } => {
            tracing::debug!(%error, "an option could not be read");
            Message::text(
                "I could not read one of the options. Choose from what Discord offers while you type.",
            )
        }
        FrameworkError::CommandStructureMismatch { description, .. } => {
            tracing::warn!(description, "Discord shows another form of a command");
            Message::text(OUTDATED)
        }
        FrameworkError::UnknownInteraction { interaction, .. } => {
            tracing::warn!(
                command = interaction.data.name,
                "Discord shows a command that is not there"
            );
            Message::text(OUTDATED)
        }
        FrameworkError::SubcommandRequired { .. } => {
            Message::text("Choose one of the commands that Discord offers under this name.")
        }
        FrameworkError::CooldownHit {
            remaining_cooldown, ..
        } => Message::text(format!(
            "Wait {} s, then type it again.",
            remaining_cooldown.as_secs().max(1)
        )),
        FrameworkError::MissingBotPermissions {
            missing_permissions,
            ..
        } => Message::text(format!(
            "I need the permission {missing_permissions} here. Ask a server manager to give it to me."
        )),
        FrameworkError::MissingUserPermissions { .. } | FrameworkError::NotAnOwner { .. } => {
            Message::text("You may not use this command. Ask a server manager.")
        }
        FrameworkError::PermissionFetchFailed { .. } => {
            Message::text("Discord did not tell me what you may do. Type it again.")
        }
        FrameworkError::GuildOnly { .. } => views::answer::refusal(&Refusal::OnlyInAServer),
        FrameworkError::DmOnly { .. } => Message::text("This works in a direct message only."),
        FrameworkError::NsfwOnly { .. } => {
            Message::text("This works in an age-restricted channel only.")
        }
        FrameworkError::CommandCheckFailed { error: None, .. } => {
            Message::text("That cannot be done right now. Type it again.")
        }
        FrameworkError::EventHandler { error, event, .. } => {
            return tracing::error!(%error, event = event.snake_case_name(), "an event failed");
        }
        FrameworkError::Setup { .. }
        | FrameworkError::DynamicPrefix { .. }
        | FrameworkError::UnknownCommand { .. }
        | FrameworkError::NonCommandMessage { .. } => return,
        FrameworkError::__NonExhaustive(never) => match never {},
    };
    if let Some(ticket) = ticket {
        front.answer(&ticket, Answer::private(message)).await;
    }
}
