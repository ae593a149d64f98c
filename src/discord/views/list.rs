//! A list of incidents.

use serenity::builder::CreateEmbed;

use super::{DESCRIPTION_MAX, Shown, inert, standing, tag};
use crate::discord::message::Message;
use crate::domain::ids::ChannelId;
use crate::domain::incident::Incident;

/// Room for the last line.
const LAST_LINE: usize = 100;

/// The incidents that the reader may see, in the order given. `filter`: `open`, `resolved`,
/// `closed` or `all`; `more`: how many others there are.
pub fn list(incidents: &[(Incident, Option<ChannelId>)], filter: &str, more: usize) -> Message {
    if incidents.is_empty() {
        return Message::text(match filter {
            "open" => "No open incidents. `/incident declare` begins one.".to_owned(),
            "all" => "No incidents yet. `/incident declare` begins one.".to_owned(),
            _ => format!("No {filter} incidents. `/incident list status:all` shows every one."),
        });
    }
    let mut text = String::new();
    let mut room = DESCRIPTION_MAX - LAST_LINE;
    let mut left_out = more;
    for (incident, channel) in incidents {
        let entry = entry(incident, *channel);
        let length = entry.chars().count();
        if length > room || left_out > more {
            left_out += 1;
            continue;
        }
        room -= length;
        text.push_str(&entry);
    }
    if left_out > 0 {
        text.push_str(&format!(
            "… and {left_out} more. `/incident show` takes any number."
        ));
    }
    let title = if filter == "all" {
        "All incidents".to_owned()
    } else {
        format!("Incidents: {filter}")
    };
    let frame = CreateEmbed::new().title(title).description(text.trim_end());
    Message {
        embeds: vec![frame],
        ..Message::default()
    }
}

fn entry(incident: &Incident, channel: Option<ChannelId>) -> String {
    let place = channel
        .map(|channel| format!(" · <#{channel}>"))
        .unwrap_or_default();
    format!(
        "**{} · {}**\n{} · {}{place}\n",
        incident.id,
        inert(&incident.title, 100),
        standing(incident),
        tag(incident.declared_at, Shown::Relative)
    )
}

#[cfg(test)]
mod tests {
    use super::super::samples::{body, prime_day, resolved};
    use super::*;

    #[test]
    fn a_list_takes_two_short_lines_for_each() {
        let both = [(prime_day().0, Some(ChannelId(77))), (resolved().0, None)];
        let message = list(&both, "all", 3);
        let text = body(&message)["embeds"][0]["description"]
            .as_str()
            .unwrap()
            .to_owned();
        insta::assert_snapshot!(text, @r"
        **INC-7 · Checkout errors for all customers**
        Critical · Investigating · <t:1752580800:R> · <#77>
        **INC-7 · Checkout errors for all customers**
        Critical · Resolved · <t:1752580800:R>
        … and 3 more. `/incident show` takes any number.
        ");
    }

    #[test]
    fn an_empty_list_says_what_next() {
        insta::assert_snapshot!(list(&[], "open", 0).content, @"No open incidents. `/incident declare` begins one.");
        insta::assert_snapshot!(list(&[], "closed", 0).content, @"No closed incidents. `/incident list status:all` shows every one.");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let many: Vec<_> = (0..100)
            .map(|_| (prime_day().0, Some(ChannelId(77))))
            .collect();
        let text = body(&list(&many, "open", 5)).to_string();
        let shown = text.matches("**INC-7").count();
        assert!(
            text.contains(&format!("… and {} more", 105 - shown)),
            "{text}"
        );
    }
}
