//! `/setup`: what a server may set. Everything works without it.

pub mod channels;
pub mod pages;
pub mod roles;
pub mod show;
pub mod zone;

use super::Context;
use crate::discord::errors::Done;
use crate::discord::message::Message;
use crate::discord::views;
use crate::domain::status_update::cadence;
use crate::domain::words::Severity;
use crate::use_cases::setup::Standing;

/// Channels, roles, pages and the zone of this server; everything works without it
#[poise::command(
    slash_command,
    guild_only,
    subcommand_required,
    default_member_permissions = "MANAGE_GUILD",
    subcommands(
        "channels::channels",
        "roles::roles",
        "pages::pages",
        "zone::zone",
        "show::show"
    )
)]
pub async fn setup(_: Context<'_>) -> Done {
    Ok(())
}

/// The settings as they stand.
fn view(standing: &Standing) -> Message {
    let Standing { settings, channels } = standing;
    views::setup::settings(&views::setup::Settings {
        incidents: channels.incidents,
        status_updates: channels.updates,
        responders: settings.responders,
        communications: settings.communications,
        security: settings.security,
        pages: Severity::ALL
            .iter()
            .map(|at| (*at, settings.pages_at(*at)))
            .collect(),
        cadences: Severity::ALL.iter().map(|at| (*at, cadence(*at))).collect(),
        zone: settings.zone,
        retention_days: None,
    })
}
