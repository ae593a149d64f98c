//! What was asked of the bot, and waiting for its answer.

use std::time::Duration;

use super::answer::Answer;
use super::{DriveError, Look, Sandbox};

/// Something that a person asked of the bot.
#[derive(Clone)]
pub struct Asked {
    sandbox: Sandbox,
    interaction: u64,
}

impl Asked {
    pub(crate) fn new(sandbox: &Sandbox, interaction: u64) -> Self {
        Self {
            sandbox: sandbox.clone(),
            interaction,
        }
    }

    /// The interaction's id.
    pub fn interaction_id(&self) -> u64 {
        self.interaction
    }

    /// Waits for the first answer. Like Discord's client it gives up after the time the bot has.
    pub async fn answer(&self) -> Result<Answer, DriveError> {
        let wait = self.sandbox.answer_timeout();
        let found = self
            .sandbox
            .wait(wait, |look| Answer::of(look, self.interaction))
            .await;
        found
            .map_err(|look| DriveError(format!("the application did not respond\n{}", look.dump())))
    }

    /// Whether there is no answer yet.
    pub fn is_unanswered(&self) -> bool {
        self.now().is_none()
    }

    fn now(&self) -> Option<Answer> {
        Answer::of(&self.sandbox.look(), self.interaction)
    }

    /// The answer as it now stands, edits included.
    pub async fn current(&self) -> Result<Answer, DriveError> {
        match self.now() {
            Some(answer) => Ok(answer),
            None => self.answer().await,
        }
    }

    /// Waits until the answer is as wanted.
    pub async fn until(&self, wanted: impl Fn(&Answer) -> bool) -> Result<Answer, DriveError> {
        let wait = self.sandbox.wait_timeout();
        let found = self
            .sandbox
            .wait(wait, |look: &Look| {
                Answer::of(look, self.interaction).filter(|a| wanted(a))
            })
            .await;
        found.map_err(|look| {
            let answer = Answer::of(&look, self.interaction).map(|answer| answer.json());
            DriveError(format!(
                "the answer never became so; it is {answer:?}\n{}",
                look.dump()
            ))
        })
    }

    /// The same interaction is delivered again, as Discord does on RESUME.
    pub fn replay(&self) {
        self.sandbox.shared.change(|world| {
            let known = world
                .scene
                .interactions
                .get(&self.interaction)
                .map(|i| (i.server_id, i.payload.clone()));
            if let Some((server_id, payload)) = known {
                world.tell("INTERACTION_CREATE", 0, server_id, &payload);
            }
        });
    }

    /// Waits for the first answer, this long at most (real time).
    pub async fn answered_within(&self, wait: Duration) -> Result<Answer, DriveError> {
        let found = self
            .sandbox
            .wait(wait, |look| Answer::of(look, self.interaction))
            .await;
        found.map_err(|_| DriveError("the application did not respond".to_owned()))
    }
}
