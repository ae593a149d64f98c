//! The gateway session, and the way of each of its events to what handles it.
//!
//! poise reads commands and their options; this calls it, so that lateness, autocomplete and panics
//! are dealt with in one place, and every answer goes out the same way.

use std::any::Any;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use poise::{CommandInteractionType, FrameworkContext, FrameworkOptions};
use secrecy::{ExposeSecret, SecretString};
use serenity::all::{
    Client, CommandInteraction, Context as Session, FullEvent, GatewayIntents, HttpBuilder,
    Interaction, ResolvedValue, ShardManager,
};
use serenity::client::ClientBuilder;
use serenity::framework::Framework;
use tokio::sync::Mutex;

use super::answering::Answer;
use super::asking::{Asked, Ticket};
use super::commands;
use super::errors::boundary;
use super::events::{self, Unread};
use super::front::Front;
use super::handlers;
use crate::use_cases::Error;

/// An interaction older than this when it is read is not executed: the answer could no longer
/// reach the person, who was told that we did not respond and will type it again.
pub const TOO_LATE: Duration = Duration::from_millis(2_500);

/// A client that is ready to start. The gateway is the one that the server at `base` names.
///
/// # Errors
/// If serenity cannot be set up.
pub async fn client(
    front: Front,
    token: &SecretString,
    base: &str,
    intents: GatewayIntents,
) -> serenity::Result<Client> {
    // The limiter would hold other calls while it sleeps, and would ignore the base.
    let http = HttpBuilder::new(token.expose_secret())
        .proxy(base)
        .ratelimiter_disabled(true)
        .build();
    ClientBuilder::new_with_http(http, intents)
        .framework(Doors::new(front.clone()))
        .raw_event_handler(Unread::new(front))
        .await
}

/// Every event comes through here.
struct Doors(Arc<Inside>);

struct Inside {
    front: Front,
    options: FrameworkOptions<Front, Error>,
    shards: OnceLock<Arc<ShardManager>>,
}

impl Doors {
    fn new(front: Front) -> Self {
        let mut commands = commands::all();
        poise::set_qualified_names(&mut commands);
        let options = FrameworkOptions {
            commands,
            on_error: |error| Box::pin(boundary(error)),
            allowed_mentions: Some(serenity::all::CreateAllowedMentions::new()),
            manual_cooldowns: true,
            initialize_owners: false,
            ..FrameworkOptions::default()
        };
        Self(Arc::new(Inside {
            front,
            options,
            shards: OnceLock::new(),
        }))
    }
}

#[serenity::async_trait]
impl Framework for Doors {
    async fn init(&mut self, client: &Client) {
        if self.0.shards.set(client.shard_manager.clone()).is_err() {
            tracing::warn!("one framework was given two clients");
        }
    }

    async fn dispatch(&self, session: Session, event: FullEvent) {
        let ticket = match &event {
            FullEvent::InteractionCreate { interaction } => Ticket::of(interaction),
            _ => None,
        };
        let inside = self.0.clone();
        // A task of its own: a panic ends it and nothing else, and a stop waits for it.
        let work = self
            .0
            .front
            .tasks
            .spawn(async move { inside.handle(&session, &event).await });
        let Err(lost) = work.await else { return };
        if lost.is_panic() {
            let message = self
                .0
                .front
                .fault(&format!("a panic: {}", said(lost.into_panic())));
            if let Some(ticket) = ticket {
                self.0.front.answer(&ticket, Answer::private(message)).await;
            }
        }
    }
}

/// What a panic said.
fn said(payload: Box<dyn Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload
            .downcast_ref::<&str>()
            .map_or("?", |text| text)
            .to_owned(),
    }
}

impl Inside {
    async fn handle(&self, session: &Session, event: &FullEvent) {
        let FullEvent::InteractionCreate { interaction } = event else {
            return events::handle(&self.front, event).await;
        };
        let Some(context) = self.context(session) else {
            return;
        };
        match interaction {
            Interaction::Autocomplete(it) => self.complete(context, it).await,
            Interaction::Command(it) => {
                let asked = Asked::command(it);
                let name = full_name(it);
                let changes = commands::changes_an_incident(&name);
                let said = changes.then(|| match it.data.target_id {
                    Some(_) => name,
                    None => format!("/{name}"),
                });
                if self
                    .in_time(Ticket::new(it.id.get(), &it.token), asked, said)
                    .await
                    .is_some()
                {
                    self.command(context, it).await;
                }
            }
            Interaction::Component(it) => {
                let said = handlers::button_name(&it.data.custom_id).map(str::to_owned);
                let ticket = Ticket::new(it.id.get(), &it.token);
                if let Some(asked) = self.in_time(ticket, Asked::component(it), said).await {
                    handlers::pressed(&self.front, it, &asked).await;
                }
            }
            Interaction::Modal(it) => {
                let said = handlers::form_name(&it.data.custom_id).map(str::to_owned);
                let ticket = Ticket::new(it.id.get(), &it.token);
                if let Some(asked) = self.in_time(ticket, Asked::form(it), said).await {
                    handlers::filled(&self.front, it, &asked).await;
                }
            }
            _ => {}
        }
    }

    fn context<'a>(&'a self, session: &'a Session) -> Option<FrameworkContext<'a, Front, Error>> {
        Some(FrameworkContext {
            serenity_context: session,
            bot_id: serenity::all::UserId::new(self.front.bot.0.max(1)),
            options: &self.options,
            user_data: &self.front,
            shard_manager: self.shards.get()?,
        })
    }

    /// Who asks, if it is not too late to do it and it came from a server. `said`: what is to be
    /// called not recorded, if anything.
    async fn in_time(
        &self,
        ticket: Ticket,
        asked: Result<Asked, crate::domain::refusal::Refusal>,
        said: Option<String>,
    ) -> Option<Asked> {
        let front = &self.front;
        let late = front.age(&ticket) > TOO_LATE;
        if late {
            front.metrics.too_late.inc();
            tracing::warn!(
                interaction.id = ticket.interaction.0,
                age = ?front.age(&ticket),
                "an interaction came too late to be executed"
            );
        }
        match (asked, late) {
            (Ok(asked), false) => Some(asked),
            (Err(refusal), false) => {
                front.refuse(&ticket, refusal.into()).await;
                None
            }
            (Ok(asked), true) => {
                if let Some(said) = said
                    && let Err(error) = front
                        .house
                        .not_recorded(&asked.request(), asked.user, said)
                        .await
                {
                    tracing::error!(%error, "a late command could not be named");
                }
                None
            }
            (Err(_), true) => None,
        }
    }

    async fn command(&self, context: FrameworkContext<'_, Front, Error>, it: &CommandInteraction) {
        let nothing: Mutex<Box<dyn Any + Send + Sync>> = Mutex::new(Box::new(()));
        let (answered, options, mut tree) = (AtomicBool::new(false), it.data.options(), Vec::new());
        let done =
            poise::dispatch_interaction(context, it, &answered, &nothing, &options, &mut tree);
        if let Err(error) = done.await {
            boundary(error).await;
        }
    }

    /// Choices for the option that is being typed. Late or broken ones are not answered: the person
    /// types on.
    async fn complete(&self, context: FrameworkContext<'_, Front, Error>, it: &CommandInteraction) {
        let ticket = Ticket::new(it.id.get(), &it.token);
        if self.front.age(&ticket) > TOO_LATE {
            return;
        }
        let nothing: Mutex<Box<dyn Any + Send + Sync>> = Mutex::new(Box::new(()));
        let (answered, options, mut tree) = (AtomicBool::new(false), it.data.options(), Vec::new());
        let kind = CommandInteractionType::Autocomplete;
        let found = poise::extract_command_and_run_checks(
            context, it, kind, &answered, &nothing, &options, &mut tree,
        );
        let Ok(found) = found.await else { return };
        let typed = found.args.iter().find_map(|option| match option.value {
            ResolvedValue::Autocomplete { value, .. } => Some((option.name, value)),
            _ => None,
        });
        let Some((name, so_far)) = typed else { return };
        let option = found
            .command()
            .parameters
            .iter()
            .find(|option| option.name == name);
        let Some(suggest) = option.and_then(|option| option.autocomplete_callback) else {
            return;
        };
        match serde_json::to_value(suggest(found, so_far).await) {
            Ok(choices) => {
                self.front.answer(&ticket, Answer::Choices(choices)).await;
            }
            Err(error) => tracing::error!(%error, "choices could not be written"),
        }
    }
}

/// `incident declare`, `Add to timeline`.
fn full_name(it: &CommandInteraction) -> String {
    let mut name = it.data.name.clone();
    for option in it.data.options() {
        if let ResolvedValue::SubCommand(_) | ResolvedValue::SubCommandGroup(_) = option.value {
            name.push(' ');
            name.push_str(option.name);
        }
    }
    name
}
