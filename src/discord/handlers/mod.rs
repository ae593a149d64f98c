//! Buttons, forms and reactions: from a `custom_id` to the verb it names. What a `custom_id` says
//! is asked for; whether the person may is the use case's business.

mod acknowledge;
mod approve;
mod discard;
mod edit_draft;
pub mod reaction;
mod take_command;

use serenity::all::{ActionRowComponent, ComponentInteraction, ModalInteraction};

use super::answering::Answer;
use super::asking::Asked;
use super::commands::incident::{declare, escalate, note, resolve, timeline, update};
use super::components::{Button, Form};
use super::errors::Done;
use super::front::Front;
use super::views;

/// What was filled into a form.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Of a form as serenity reads it.
    fn of(it: &ModalInteraction) -> Self {
        let mut fields = Vec::new();
        for row in &it.data.components {
            for component in &row.components {
                if let ActionRowComponent::InputText(input) = component {
                    let value = input.value.clone().unwrap_or_default();
                    fields.push((input.custom_id.clone(), value));
                }
            }
        }
        Self(fields)
    }

    /// What stands in the field of this name, unless it is blank.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(id, _)| id == name)?;
        Some(value.as_str()).filter(|value| !value.trim().is_empty())
    }

    fn values(&self) -> Vec<&str> {
        self.0.iter().map(|(_, value)| value.as_str()).collect()
    }
}

/// Somebody pressed a button.
pub async fn pressed(front: &Front, it: &ComponentInteraction, asked: &Asked) {
    let Some(button) = Button::parse(&it.data.custom_id) else {
        return stale(front, asked).await;
    };
    if let Err(error) = press(front, asked, button).await {
        front.refuse(&asked.ticket, error).await;
    }
}

async fn press(front: &Front, asked: &Asked, button: Button) -> Done {
    match button {
        Button::TakeCommand { incident } => take_command::button(front, asked, incident).await,
        Button::AddNote { incident } => note::button(front, asked, incident).await,
        Button::UpdateStatus { incident } => update::button(front, asked, incident).await,
        Button::SetStatus { incident, status } => {
            update::chosen(front, asked, incident, status).await
        }
        Button::Escalate { incident } => escalate::button(front, asked, incident).await,
        Button::Resolve { incident } => resolve::button(front, asked, incident).await,
        Button::ApproveUpdate {
            incident,
            update,
            fingerprint,
        } => approve::button(front, asked, incident, update, &fingerprint).await,
        Button::EditDraft { incident, update } => {
            edit_draft::button(front, asked, incident, update).await
        }
        Button::DiscardDraft { incident, update } => {
            discard::button(front, asked, incident, update).await
        }
        Button::Acknowledge { incident, page } => {
            acknowledge::button(front, asked, incident, page).await
        }
        Button::TimelinePage {
            incident,
            from,
            direction,
        } => timeline::turn(front, asked, incident, from, direction).await,
        Button::DeclareSeverity { form, severity } => {
            declare::severity_chosen(front, asked, form, severity).await
        }
        // Of a verb that this version has no command for.
        Button::AcceptHandoff { .. } => {
            stale(front, asked).await;
            Ok(())
        }
    }
}

/// Somebody sent a form.
pub async fn filled(front: &Front, it: &ModalInteraction, asked: &Asked) {
    let Some(form) = Form::parse(&it.data.custom_id) else {
        return stale(front, asked).await;
    };
    let fields = Fields::of(it);
    if let Err(error) = fill(front, asked, form, &fields).await {
        front
            .refuse_form(&asked.ticket, error, &fields.values())
            .await;
    }
}

async fn fill(front: &Front, asked: &Asked, form: Form, fields: &Fields) -> Done {
    match form {
        Form::Declare {
            started_at,
            private,
        } => declare::form(front, asked, fields, started_at, private).await,
        Form::Note { incident } => note::form(front, asked, fields, incident).await,
        Form::Resolve { incident } => resolve::form(front, asked, fields, incident).await,
        Form::Escalate { incident, to, page } => {
            escalate::form(front, asked, fields, incident, to, page).await
        }
        Form::EditDraft { incident, update } => {
            edit_draft::form(front, asked, fields, incident, update).await
        }
        // Of verbs that this version has no command for.
        Form::Downgrade { .. }
        | Form::Reopen { .. }
        | Form::Cancel { .. }
        | Form::Impact { .. }
        | Form::CorrectUpdate { .. }
        | Form::ApproveAlone { .. }
        | Form::ReviewSection { .. }
        | Form::AddAction { .. } => {
            stale(front, asked).await;
            Ok(())
        }
    }
}

async fn stale(front: &Front, asked: &Asked) {
    front
        .answer(
            &asked.ticket,
            Answer::private(views::answer::stale_button()),
        )
        .await;
}

/// What people call a button: for those who pressed it while nobody could answer. `None` where
/// nothing would have been recorded.
pub fn button_name(custom_id: &str) -> Option<&'static str> {
    Some(match Button::parse(custom_id)? {
        Button::TakeCommand { .. } => "Take command",
        Button::SetStatus { .. } => "Update status",
        Button::ApproveUpdate { .. } => "Approve & publish",
        Button::DiscardDraft { .. } => "Discard",
        Button::Acknowledge { .. } => "Acknowledge",
        Button::AcceptHandoff { .. } => "I have command",
        Button::AddNote { .. }
        | Button::UpdateStatus { .. }
        | Button::Escalate { .. }
        | Button::Resolve { .. }
        | Button::EditDraft { .. }
        | Button::TimelinePage { .. }
        | Button::DeclareSeverity { .. } => return None,
    })
}

/// The command that a form belongs to.
pub fn form_name(custom_id: &str) -> Option<&'static str> {
    Some(match Form::parse(custom_id)? {
        Form::Declare { .. } => "/incident declare",
        Form::Note { .. } => "/incident note",
        Form::Resolve { .. } => "/incident resolve",
        Form::Escalate { .. } => "/incident escalate",
        Form::Downgrade { .. } => "/incident downgrade",
        Form::Reopen { .. } => "/incident reopen",
        Form::Cancel { .. } => "/incident cancel",
        Form::Impact { .. } => "/incident impact",
        Form::EditDraft { .. } => "a new text of a draft",
        Form::CorrectUpdate { .. } => "/status correct",
        Form::ApproveAlone { .. } => "Approve & publish",
        Form::ReviewSection { .. } => "/review edit",
        Form::AddAction { .. } => "/action add",
    })
}
