//! An interaction's answer as the person sees it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::look::{Look, MessageLook, walk};
use super::scene::{FirstAnswer, Interaction, Ping};

/// What an interaction was answered with.
#[derive(Clone, Debug)]
pub struct Answer {
    look: Look,
    interaction: Arc<Interaction>,
}

impl Answer {
    pub(crate) fn of(look: &Look, interaction_id: u64) -> Option<Self> {
        let interaction = look.scene().interactions.get(&interaction_id)?.clone();
        interaction.first.is_some().then(|| Self {
            look: look.clone(),
            interaction,
        })
    }

    pub(crate) fn interaction(&self) -> &Interaction {
        &self.interaction
    }

    /// The message that answers; none for a form, choices or a deleted message.
    pub fn message(&self) -> Option<MessageLook> {
        self.interaction
            .original
            .and_then(|id| self.look.message(id))
    }

    /// The messages sent after the first answer.
    pub fn followups(&self) -> Vec<MessageLook> {
        self.interaction
            .followups
            .iter()
            .filter_map(|id| self.look.message(*id))
            .collect()
    }

    /// The message's text without its embeds.
    pub fn content(&self) -> String {
        self.message()
            .map(|message| message.content.clone())
            .unwrap_or_default()
    }

    /// All the text that the person sees, embeds included.
    pub fn text(&self) -> String {
        self.message()
            .map(|message| message.text())
            .unwrap_or_default()
    }

    /// Whether only the person sees it.
    pub fn ephemeral(&self) -> bool {
        match &self.interaction.first {
            Some(FirstAnswer::Deferred { ephemeral }) => *ephemeral,
            _ => self.message().is_some_and(|message| message.is_ephemeral()),
        }
    }

    /// Whether it still says "… is thinking".
    pub fn is_loading(&self) -> bool {
        self.message().is_some_and(|message| message.is_loading())
    }

    /// How the bot answered first.
    pub fn first(&self) -> Option<&FirstAnswer> {
        self.interaction.first.as_ref()
    }

    /// Whether the first answer was a deferral.
    pub fn was_deferred(&self) -> bool {
        matches!(
            self.interaction.first,
            Some(FirstAnswer::Deferred { .. } | FirstAnswer::DeferredUpdate)
        )
    }

    /// How often it was edited since.
    pub fn edits(&self) -> u32 {
        self.interaction.edits
    }

    /// Labels of its buttons.
    pub fn buttons(&self) -> Vec<String> {
        self.message()
            .map(|message| message.buttons())
            .unwrap_or_default()
    }

    /// The form, if it is one.
    pub fn modal(&self) -> Option<&Value> {
        match &self.interaction.first {
            Some(FirstAnswer::Modal(modal)) => Some(modal),
            _ => None,
        }
    }

    /// Labels of the form's fields.
    pub fn fields(&self) -> Vec<String> {
        self.inputs()
            .iter()
            .filter_map(|input| input["label"].as_str())
            .map(str::to_owned)
            .collect()
    }

    /// The form's text inputs, as sent.
    pub fn inputs(&self) -> Vec<Value> {
        let mut inputs = Vec::new();
        let rows = self
            .modal()
            .and_then(|modal| modal["components"].as_array())
            .map_or(&[][..], Vec::as_slice);
        walk(rows, &mut |component| {
            if component["type"] == 4 {
                inputs.push(component.clone());
            }
        });
        inputs
    }

    /// The choices for an option being typed: names and values.
    pub fn choices(&self) -> Vec<(String, Value)> {
        match &self.interaction.first {
            Some(FirstAnswer::Choices(choices)) => choices
                .iter()
                .map(|c| {
                    (
                        c["name"].as_str().unwrap_or_default().to_owned(),
                        c["value"].clone(),
                    )
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The pings that it caused.
    pub fn pings(&self) -> Vec<Ping> {
        self.message()
            .map(|message| message.pings())
            .unwrap_or_default()
    }

    /// For scripts.
    pub fn json(&self) -> Value {
        json!({
            "interaction_id": self.interaction.id.to_string(), "ephemeral": self.ephemeral(), "loading": self.is_loading(),
            "text": self.text(), "buttons": self.buttons(), "modal": self.modal(), "choices": self.choices(),
            "message": self.message().map(|message| message.json()),
        })
    }
}
