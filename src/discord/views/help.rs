//! `/incident help`: what there is, who may, what next.

use serenity::builder::CreateEmbed;

use crate::discord::message::Message;

/// A heading, who may, and its commands with what they do.
type Group = (&'static str, &'static [(&'static str, &'static str)]);

const GROUPS: &[Group] = &[
    (
        "Begin · anybody",
        &[
            (
                "/incident declare",
                "says that it is an incident and opens its channel",
            ),
            ("/incident list", "the ones you can see"),
            ("/incident show", "where one stands"),
            ("/incident timeline", "what happened, row by row"),
        ],
    ),
    (
        "Record · anyone in the channel",
        &[
            (
                "/incident note",
                "writes a row; 📌 on a message files that message",
            ),
            ("Add to timeline", "the same, in a message's menu"),
            ("/incident mitigate", "what is tried, and what it did"),
            (
                "/incident impact",
                "what customers notice, how many, since when",
            ),
            ("/incident edit", "mends title, summary, service or kind"),
            (
                "/incident milestone",
                "sets when something was really reached",
            ),
        ],
    ),
    (
        "Move · anyone in the channel",
        &[
            (
                "/incident update",
                "Investigating, Identified or Monitoring",
            ),
            ("/incident escalate", "raises the severity and calls people"),
            ("/incident page", "calls a person or a role now"),
        ],
    ),
    (
        "Decide · role holders, and whoever declared it while nobody has command",
        &[
            ("/incident assign", "gives somebody a role"),
            ("/incident handoff", "offers your command to somebody"),
            ("/incident downgrade", "lowers the severity"),
            ("/incident resolve", "ends the response"),
            ("/incident reopen", "it is back"),
            ("/incident cancel", "it was none; final"),
            ("/incident merge", "it was another one; final"),
            ("/incident invite", "lets somebody into a private incident"),
        ],
    ),
    (
        "Tell customers · anyone drafts; the commander or the communications lead approves",
        &[
            (
                "/status draft",
                "writes an update; it goes out once approved",
            ),
            ("/status list", "what was told"),
            ("/status correct", "mends what was told"),
        ],
    ),
    (
        "Learn · role holders",
        &[
            (
                "/review generate",
                "makes the review from the timeline; anyone in the channel",
            ),
            ("/review edit", "writes a section"),
            ("/review publish", "shows it to everybody"),
            ("/action add", "notes a follow-up; anyone in the channel"),
            ("/action done", "also its owner"),
            ("/action list", "what is left to do"),
            ("/incident close", "nothing is left to write"),
        ],
    ),
    (
        "Settings",
        &[
            ("/me zone", "the zone you type times in"),
            (
                "/setup",
                "channels, roles, pages, cadences; server managers",
            ),
        ],
    ),
];

/// The help. `is_there` says whether a command is registered, by its full name, e.g.
/// `/incident declare`; what is not is left out.
pub fn help(is_there: impl Fn(&str) -> bool) -> Message {
    let mut frame = CreateEmbed::new().title("Warbell");
    for (heading, commands) in GROUPS {
        let lines: Vec<String> = commands
            .iter()
            .filter(|(command, _)| is_there(command))
            .map(|(command, does)| format!("`{command}` {does}"))
            .collect();
        if !lines.is_empty() {
            frame = frame.field(*heading, lines.join("\n"), false);
        }
    }
    frame = frame.description(
        "Something is wrong? `/incident declare`, then `Take command` on the card in its channel. Severity in doubt: the worse. In an incident's channel commands mean that incident; elsewhere name it with `incident:`.",
    );
    Message {
        embeds: vec![frame],
        ..Message::default()
    }
}

/// Every command that help can name.
pub fn named() -> impl Iterator<Item = &'static str> {
    GROUPS
        .iter()
        .flat_map(|(_, commands)| commands.iter().map(|(command, _)| *command))
}

#[cfg(test)]
mod tests {
    use super::super::samples::body;
    use super::*;

    #[test]
    fn help_names_what_is_there_and_nothing_else() {
        let text = body(&help(|command| command == "/incident note")).to_string();
        assert!(
            text.contains("`/incident note`") && !text.contains("/incident escalate"),
            "{text}"
        );
        let all = body(&help(|_| true)).to_string();
        assert!(named().all(|command| all.contains(command)));
    }
}
