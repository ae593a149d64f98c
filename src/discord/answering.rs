//! The one place that answers interactions.
//!
//! An answer is at once and whole: never deferred, never through the courier or its limits.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use super::api::{Call, Failure};
use super::asking::{Asked, Ticket};
use super::front::Front;
use super::message::Message;
use super::modals::Modal;
use super::views;
use crate::use_cases::{Recorded, Request};

/// How long Discord waits for the first answer.
/// <https://discord.com/developers/docs/interactions/receiving-and-responding>
pub const PATIENCE: Duration = Duration::from_secs(3);
/// How long one attempt may take, so that a second fits in.
const ATTEMPT: Duration = Duration::from_millis(1_200);

/// Discord's code for a second first answer.
const ALREADY_ANSWERED: u64 = 40060;

/// A first answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A new message, for all or for the person alone.
    Say { message: Message, ephemeral: bool },
    /// The message whose button was pressed becomes this one.
    Replace(Message),
    /// A form opens.
    Form(Modal),
    /// Choices for an option that is being typed: Discord's `choices`.
    Choices(Value),
}

impl Answer {
    /// A message that only the person who asked sees.
    pub fn private(message: Message) -> Self {
        Self::Say {
            message,
            ephemeral: true,
        }
    }

    /// <https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type>
    pub fn body(&self) -> Value {
        match self {
            Self::Say { message, ephemeral } => {
                json!({"type": 4, "data": message.answer_body(*ephemeral)})
            }
            Self::Replace(message) => json!({"type": 7, "data": message.answer_body(true)}),
            Self::Form(modal) => json!({"type": 9, "data": modal.body()}),
            Self::Choices(choices) => json!({"type": 8, "data": choices}),
        }
    }
}

impl Front {
    /// Answers, and says whether the answer stands at Discord. Why not is logged, once.
    pub async fn answer(&self, ticket: &Ticket, answer: Answer) -> bool {
        let call = Call::Answer {
            interaction: ticket.interaction,
            token: ticket.token.clone(),
            body: answer.body(),
        };
        let deadline = self.deadline(ticket);
        let Err(first) = self.attempt(call.clone(), deadline).await else {
            return self.stands(ticket);
        };
        let again = may_be_mended(&first) && Instant::now() < deadline;
        let failure = if again {
            match self.attempt(call, deadline).await {
                Ok(()) => return self.stands(ticket),
                // The first attempt did arrive; only its reply was lost.
                Err(Failure::Refused {
                    code: ALREADY_ANSWERED,
                    ..
                }) if matches!(first, Failure::Unknown(_)) => {
                    return self.stands(ticket);
                }
                Err(second) => second,
            }
        } else {
            first
        };
        tracing::warn!(
            interaction.id = ticket.interaction.0,
            error = %failure,
            "an answer did not reach Discord"
        );
        false
    }

    /// Answers only the person who asked.
    pub async fn answer_private(&self, asked: &Asked, message: Message) {
        self.answer(&asked.ticket, Answer::private(message)).await;
    }

    /// Opens a form.
    pub async fn open_form(&self, asked: &Asked, modal: Modal) {
        self.answer(&asked.ticket, Answer::Form(modal)).await;
    }

    /// Answers a verb that changed an incident: in its own channel for all, as its only echo there;
    /// elsewhere for the person alone.
    pub async fn answer_recorded(&self, asked: &Asked, request: &Request, recorded: &Recorded) {
        let message = views::answer::recorded(&recorded.incident, &recorded.events);
        self.answer_change(asked, request, message, recorded.echoed)
            .await;
    }

    /// Answers a verb that changed something. Once Discord has the answer, an equal command is a
    /// new one.
    pub async fn answer_change(
        &self,
        asked: &Asked,
        request: &Request,
        message: Message,
        ephemeral: bool,
    ) {
        let stands = self
            .answer(&asked.ticket, Answer::Say { message, ephemeral })
            .await;
        if let (true, Some(asking)) = (stands, &request.asking) {
            self.courier.answer_confirmed(asking.id);
        }
    }

    async fn attempt(&self, call: Call, deadline: Instant) -> Result<(), Failure> {
        let room = deadline
            .saturating_duration_since(Instant::now())
            .min(ATTEMPT);
        match timeout(room, self.api.call(call)).await {
            Ok(outcome) => outcome.map(|_| ()),
            Err(_) => Err(Failure::Unknown(format!("no answer within {room:?}"))),
        }
    }

    fn stands(&self, ticket: &Ticket) -> bool {
        self.metrics.answered.inc();
        self.metrics
            .ack_seconds
            .observe(ticket.read_at.elapsed().as_secs_f64());
        true
    }

    /// When Discord gives up on this interaction.
    fn deadline(&self, ticket: &Ticket) -> Instant {
        let left = PATIENCE.saturating_sub(self.age(ticket));
        // Clocks that disagree a little must not keep an answer from being tried at all.
        Instant::now() + left.max(Duration::from_millis(300))
    }

    /// How long ago Discord made this interaction.
    pub(super) fn age(&self, ticket: &Ticket) -> Duration {
        self.skew
            .age(ticket.interaction)
            .to_std()
            .unwrap_or_default()
    }
}

/// Whether a second attempt could go better than the first.
fn may_be_mended(failure: &Failure) -> bool {
    match failure {
        Failure::Refused { status, .. } => *status >= 500,
        Failure::NotSent(_) | Failure::Unknown(_) => true,
        Failure::Held { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::discord::fixtures::front;
    use crate::domain::ids::InteractionId;

    fn refused(status: u16, code: u64) -> Failure {
        Failure::Refused {
            status,
            code,
            message: String::new(),
            body: Value::Null,
            retry_after: None,
            scope: None,
            rate: None,
        }
    }

    fn ticket() -> Ticket {
        Ticket::new(InteractionId::earliest_at(Clock::system().now()).0, "t0ken")
    }

    async fn answered(failures: Vec<Failure>) -> (bool, usize) {
        let (front, api, _) = front().await;
        api.failures.lock().unwrap().extend(failures);
        let stands = front
            .answer(&ticket(), Answer::private(Message::text("Done.")))
            .await;
        (stands, api.answers().len())
    }

    #[tokio::test]
    async fn an_answer_is_tried_once_more_where_that_may_help() {
        let unknown = || Failure::Unknown("reset".to_owned());
        assert_eq!(answered(vec![]).await, (true, 1));
        assert_eq!(answered(vec![unknown()]).await, (true, 2));
        assert_eq!(
            answered(vec![Failure::NotSent("dns".to_owned())]).await,
            (true, 2)
        );
        assert_eq!(answered(vec![refused(502, 0)]).await, (true, 2));
        assert_eq!(answered(vec![unknown(), unknown()]).await, (false, 2));
        // Too late, or answered by another: never again.
        assert_eq!(answered(vec![refused(404, 10062)]).await, (false, 1));
        assert_eq!(answered(vec![refused(400, 40060)]).await, (false, 1));
        // The first attempt took effect and its reply was lost.
        assert_eq!(
            answered(vec![unknown(), refused(400, 40060)]).await,
            (true, 2)
        );
        assert_eq!(
            answered(vec![refused(502, 0), refused(400, 40060)]).await,
            (false, 2)
        );
    }

    #[tokio::test]
    async fn every_answer_names_whom_it_may_ping() {
        let message = || Message::text("<@7> @everyone");
        for answer in [Answer::private(message()), Answer::Replace(message())] {
            let body = answer.body();
            assert_eq!(body["data"]["flags"], 64);
            assert_eq!(body["data"]["allowed_mentions"]["parse"], json!([]));
        }
        let body = Answer::Say {
            message: message(),
            ephemeral: false,
        }
        .body();
        assert_eq!(
            (&body["type"], &body["data"]["flags"]),
            (&json!(4), &Value::Null)
        );
    }

    #[tokio::test]
    async fn a_fault_is_told_by_its_id_alone() {
        let (front, ..) = front().await;
        let message = front.fault("no such table: incident");
        assert!(message.content.contains("error ") && !message.content.contains("table"));
    }
}
