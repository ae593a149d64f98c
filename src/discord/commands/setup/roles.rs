//! `/setup roles`: who responds, who speaks to customers, who sees private incidents.

use serenity::all::Role;

use super::view;
use crate::discord::asking::Asked;
use crate::discord::commands::Context;
use crate::discord::commands::args::{Choice, Word};
use crate::discord::errors::Done;
use crate::domain::ids::RoleId;

/// A setting that names a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Responders,
    Communications,
    Security,
}

impl Word for Named {
    const ALL: &'static [Self] = &[Self::Responders, Self::Communications, Self::Security];
    fn word(self) -> &'static str {
        match self {
            Self::Responders => "responders",
            Self::Communications => "communications",
            Self::Security => "security",
        }
    }
}

/// Who may respond, who speaks to customers, who sees private incidents
#[poise::command(slash_command)]
pub async fn roles(
    ctx: Context<'_>,
    #[description = "Only they may respond; anyone may still declare"] responders: Option<Role>,
    #[description = "Those who speak to customers"] communications: Option<Role>,
    #[description = "Those who see every private incident"] security: Option<Role>,
    #[description = "Which of the three to unset"] clear: Option<Choice<Named>>,
) -> Done {
    let (front, asked) = (ctx.framework.user_data, Asked::command(ctx.interaction)?);
    let id = |role: Option<Role>| role.map(|role| RoleId(role.id.get()));
    let (responders, communications, security) = (id(responders), id(communications), id(security));
    let standing = front
        .house
        .setup(&asked.request(), |settings| {
            match clear.map(|clear| clear.0) {
                Some(Named::Responders) => settings.responders = None,
                Some(Named::Communications) => settings.communications = None,
                Some(Named::Security) => settings.security = None,
                None => {}
            }
            settings.responders = responders.or(settings.responders);
            settings.communications = communications.or(settings.communications);
            settings.security = security.or(settings.security);
        })
        .await?;
    front.answer_private(&asked, view(&standing)).await;
    Ok(())
}
