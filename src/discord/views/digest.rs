//! One incident's entry in `#incidents`.

use super::{Shown, heading, standing, tag};
use crate::discord::message::Message;
use crate::domain::ids::ChannelId;
use crate::domain::incident::Incident;
use crate::domain::status::Status;
use crate::domain::words::Role;

/// The entry: short, edited in place. `channel`: the incident's own, once it stands.
pub fn entry(incident: &Incident, channel: Option<ChannelId>) -> Message {
    let mut second = vec![standing(incident)];
    second.extend(channel.map(|channel| format!("<#{channel}>")));
    let third = match &incident.status {
        Status::Resolved { at, .. }
        | Status::Closed { at, .. }
        | Status::Cancelled { at, .. }
        | Status::Merged { at, .. } => {
            format!("{} {}", incident.status.name(), tag(*at, Shown::Date))
        }
        _ => {
            let commander = incident.holder(Role::Commander).map_or_else(
                || "nobody has command".to_owned(),
                |user| format!("<@{user}> has command"),
            );
            format!(
                "Declared {} · {commander}",
                tag(incident.declared_at, Shown::Relative)
            )
        }
    };
    Message::text(format!(
        "**{}**\n{}\n{third}",
        heading(incident),
        second.join(" · ")
    ))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{prime_day, resolved};
    use super::*;

    #[test]
    fn an_entry_says_where_it_stands_and_where_it_is_handled() {
        let (incident, _) = prime_day();
        insta::assert_snapshot!(entry(&incident, Some(ChannelId(77))).content, @r"
        **INC-7 · Checkout errors for all customers**
        Critical · Investigating · <#77>
        Declared <t:1752580800:R> · <@1> has command
        ");
        let (incident, _) = resolved();
        insta::assert_snapshot!(entry(&incident, None).content, @r"
        **INC-7 · Checkout errors for all customers**
        Critical · Resolved
        Resolved <t:1752584220:f>
        ");
    }
}
