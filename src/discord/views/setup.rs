//! `/setup`: the settings as they are.

use chrono::TimeDelta;
use chrono_tz::Tz;
use serenity::builder::CreateEmbed;

use super::cut;
use super::show::in_words;
use crate::discord::message::Message;
use crate::domain::ids::{ChannelId, Mention, RoleId};
use crate::domain::words::Severity;

/// Longest value of an embed's field, with room to spare.
const VALUE_MAX: usize = 1_000;

/// What this server has set; everything works without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where the digest stands.
    pub incidents: Option<ChannelId>,
    /// Where customers read.
    pub status_updates: Option<ChannelId>,
    /// Who alone may respond, if that is narrowed.
    pub responders: Option<RoleId>,
    /// Who speaks to customers.
    pub communications: Option<RoleId>,
    /// Who sees private incidents.
    pub security: Option<RoleId>,
    /// Who is called, by severity.
    pub pages: Vec<(Severity, Vec<Mention>)>,
    /// How often customers hear, by severity.
    pub cadences: Vec<(Severity, TimeDelta)>,
    /// The zone for those who set none.
    pub zone: Tz,
    /// After how many days the channel of a closed incident goes, if ever.
    pub retention_days: Option<u32>,
}

/// The settings, with what holds where nothing is set.
pub fn settings(settings: &Settings) -> Message {
    let channel = |id: Option<ChannelId>, name: &str| {
        id.map_or_else(
            || format!("#{name}, made when needed"),
            |id| format!("<#{id}>"),
        )
    };
    let role = |id: Option<RoleId>, unset: &str| {
        id.map_or_else(|| unset.to_owned(), |id| format!("<@&{id}>"))
    };
    let lines = [
        format!("Incidents: {}", channel(settings.incidents, "incidents")),
        format!(
            "Customer updates: {}",
            channel(settings.status_updates, "status-updates")
        ),
        format!(
            "Responders: {}",
            role(settings.responders, "anybody in the channel")
        ),
        format!(
            "Communications: {}",
            role(settings.communications, "no role")
        ),
        format!("Security: {}", role(settings.security, "no role")),
        format!("Zone: {}", settings.zone),
        match settings.retention_days {
            Some(days) => format!("Channels of closed incidents go after {days} days"),
            None => "Channels of closed incidents stay".to_owned(),
        },
    ];
    let pages: Vec<String> = settings
        .pages
        .iter()
        .map(|(severity, who)| {
            let names: Vec<String> = who.iter().map(Mention::to_string).collect();
            let names = if names.is_empty() {
                "nobody".to_owned()
            } else {
                names.join(", ")
            };
            format!("{severity}: {names}")
        })
        .collect();
    let cadences: Vec<String> = settings
        .cadences
        .iter()
        .map(|(severity, every)| format!("{severity}: every {}", in_words(*every)))
        .collect();
    let mut frame = CreateEmbed::new()
        .title("Settings")
        .description(lines.join("\n"));
    for (name, lines) in [
        ("Called when declared or escalated", pages),
        ("Customers hear", cadences),
    ] {
        if !lines.is_empty() {
            frame = frame.field(name, cut(&lines.join("\n"), VALUE_MAX), false);
        }
    }
    Message {
        embeds: vec![frame],
        ..Message::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::body;
    use super::*;

    #[test]
    fn settings_say_what_holds_without_them() {
        let unset = Settings {
            incidents: None,
            status_updates: Some(ChannelId(8)),
            responders: None,
            communications: Some(RoleId(5)),
            security: None,
            pages: vec![(Severity::Critical, vec![Mention::Role(RoleId(5))])],
            cadences: vec![(Severity::Critical, TimeDelta::minutes(20))],
            zone: Tz::UTC,
            retention_days: None,
        };
        let message = settings(&unset);
        let embed = &body(&message)["embeds"][0];
        insta::assert_snapshot!(embed["description"].as_str().unwrap(), @r"
        Incidents: #incidents, made when needed
        Customer updates: <#8>
        Responders: anybody in the channel
        Communications: <@&5>
        Security: no role
        Zone: UTC
        Channels of closed incidents stay
        ");
        insta::assert_snapshot!(embed["fields"][0]["value"].as_str().unwrap(), @"Critical: <@&5>");
        insta::assert_snapshot!(embed["fields"][1]["value"].as_str().unwrap(), @"Critical: every 20 min");
    }
}
