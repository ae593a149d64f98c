//! The verbs: a file each, all pure. `decide` takes the incident as it stands and what was asked,
//! and gives a [`Decision`](super::decision::Decision) or a [`Refusal`]. Whether the person may is
//! [`policy`](super::policy)'s business, asked before.

pub mod accept_handoff;
pub mod acknowledge;
pub mod action_add;
pub mod action_done;
pub mod approve;
pub mod assign;
pub mod cancel;
pub mod capture;
pub mod close;
pub mod correct_update;
pub mod declare;
pub mod discard;
pub mod downgrade;
pub mod draft;
pub mod edit;
pub mod edit_draft;
pub mod escalate;
pub mod handoff;
pub mod impact;
pub mod invite;
pub mod lapse;
pub mod merge;
pub mod milestone;
pub mod mitigate;
pub mod note;
pub mod page;
pub mod publish;
pub mod remind_update;
pub mod reopen;
pub mod repeat_page;
pub mod replace_channel;
pub mod resolve;
pub mod review_edit;
pub mod review_generate;
pub mod review_publish;
pub mod take_command;
pub mod update;

use super::incident::Incident;
use super::refusal::Refusal;
use super::text;

/// Longest one-paragraph text, in characters: reasons, notes on a move.
pub const SHORT: usize = 1_000;
/// Longest note or summary, in characters; what a modal field takes.
pub const LONG: usize = 4_000;
/// Longest customer text, in characters: it has to fit a message with its heading.
pub const CUSTOMER: usize = 1_700;
/// Longest list of services, in characters.
pub const SERVICES: usize = 300;

/// A text that may be missing, cleaned, within its limit.
fn optional(
    what: &'static str,
    typed: Option<String>,
    most: usize,
) -> Result<Option<String>, Refusal> {
    let Some(typed) = typed else { return Ok(None) };
    let cleaned = text::clean_block(&typed, usize::MAX);
    let has = cleaned.chars().count();
    match has {
        0 => Ok(None),
        _ if has > most => Err(Refusal::TooLong { what, has, most }),
        _ => Ok(Some(cleaned)),
    }
}

/// A text that has to be there, cleaned, within its limit.
fn required(what: &'static str, typed: String, most: usize) -> Result<String, Refusal> {
    optional(what, Some(typed), most)?.ok_or(Refusal::Empty { what })
}

/// Refuses unless the response still runs.
fn open(incident: &Incident, wanted: &'static str) -> Result<(), Refusal> {
    if incident.status.is_open() {
        return Ok(());
    }
    Err(wrong_status(incident, wanted))
}

fn wrong_status(incident: &Incident, wanted: &'static str) -> Refusal {
    use super::status::Status;
    let next = match &incident.status {
        Status::Resolved { .. } | Status::Closed { .. } => {
            "If it is back, `/incident declare` begins a new one."
        }
        Status::Cancelled { .. } | Status::Merged { .. } => {
            "That is final: `/incident declare` begins a new one."
        }
        _ => "`/incident show` says where it stands.",
    };
    Refusal::WrongStatus {
        id: incident.id,
        status: incident.status.name(),
        wanted,
        next,
    }
}
