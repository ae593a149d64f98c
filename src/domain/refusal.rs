//! An expected no: a whole sentence with the next step, shown to the person who asked, and nothing
//! is changed.

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::ids::{IncidentId, Mention, UserId};
use super::milestones::OutOfOrder;
use super::status::StatusName;
use super::text::TitleFault;
use super::timeline::Seq;
use super::when::WhenError;
use super::words::{Role, Severity};

/// Why not, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// No such incident, or none that this person may see: the two answer alike.
    #[error("I know no incident {asked} here. `/incident list` shows the ones you can see.")]
    UnknownIncident { asked: String },
    /// Outside an incident channel without naming one.
    #[error("Which incident? Use this in the incident's channel, or name it with `incident:`.")]
    NoIncidentHere,
    /// A command that stands only in an incident's channel.
    #[error(
        "This works in an incident's channel. `/incident list` shows the open ones with their channels."
    )]
    OnlyInAnIncident,
    /// Outside a server.
    #[error(
        "Incidents live in a server. Type this in one of its channels, not in a direct message."
    )]
    OnlyInAServer,
    /// The person may not.
    #[error("{needed} Nothing was changed.")]
    NotAllowed { needed: String },
    /// The move does not go from this status.
    #[error("{id} is {status}, so it cannot be {wanted}. {next}")]
    WrongStatus {
        id: IncidentId,
        status: StatusName,
        wanted: &'static str,
        next: &'static str,
    },
    /// It was done before, and the first time stands.
    #[error("{id} is {status} already, since {}. Nothing was changed.", tag(*.since))]
    AlreadyThere {
        id: IncidentId,
        status: StatusName,
        since: DateTime<Utc>,
    },
    /// The status would stay as it is, and nothing is said.
    #[error("{id} is {status} already. To say more about it, add a `note`.")]
    SameStatus { id: IncidentId, status: StatusName },
    /// Severity: not in that direction.
    #[error("{id} is {severity} already, and {to} is no {direction}. {next}")]
    WrongSeverity {
        id: IncidentId,
        severity: Severity,
        to: Severity,
        direction: &'static str,
        next: &'static str,
    },
    /// There is nothing above critical.
    #[error("{id} is Critical already, and nothing is worse. `/incident page` calls more people.")]
    NothingWorse { id: IncidentId },
    /// There is nothing below minor.
    #[error("{id} is Minor already, and nothing is less. `/incident resolve` ends the response.")]
    NothingBetter { id: IncidentId },
    /// A word that is no severity.
    #[error("I could not read {typed} as a severity. Choose Critical, Major or Minor.")]
    UnknownSeverity { typed: String },
    /// A word that is no kind.
    #[error(
        "I could not read {typed} as a kind. Use technical, security, operational or customer service."
    )]
    UnknownKind { typed: String },
    /// A text that has to be there is not.
    #[error("{what} is empty. Write a few words and send it again.")]
    Empty { what: &'static str },
    /// A text over its limit.
    #[error("{what} has {has} characters; at most {most} fit. Shorten it and send it again.")]
    TooLong {
        what: &'static str,
        has: usize,
        most: usize,
    },
    /// A title that is none.
    #[error(transparent)]
    Title(#[from] TitleFault),
    /// A time that is none.
    #[error(transparent)]
    When(#[from] WhenError),
    /// A milestone that would stand before what it follows.
    #[error(transparent)]
    OutOfOrder(#[from] OutOfOrder),
    /// A milestone that follows from a verb.
    #[error("`{milestone}` follows from what is done, and is not set by hand.")]
    NotSetByHand { milestone: &'static str },
    /// The chair is held.
    #[error(
        "<@{holder}> is {role} already. Somebody in charge can give the chair to somebody else with `/incident assign`."
    )]
    ChairHeld { role: Role, holder: UserId },
    /// The same person again.
    #[error("<@{user}> is {role} already. Nothing was changed.")]
    AlreadyHolds { role: Role, user: UserId },
    /// A handoff to oneself.
    #[error("You hold the command already. Name the person who is to take it over.")]
    HandoffToSelf,
    /// A handoff by somebody without the command.
    #[error(
        "Nobody holds the command of {id} yet. `Take command` or `/incident assign` fills the chair."
    )]
    NoCommander { id: IncidentId },
    /// A handoff button that is over.
    #[error("That handoff is over. `/incident show` names who has command now.")]
    HandoffOver,
    /// No such page.
    #[error("I know no page {page} in {id}. `/incident timeline` shows the pages that were sent.")]
    UnknownPage { id: IncidentId, page: u32 },
    /// Answered before.
    #[error("{} acknowledged this page already, {}.", actor_words(.by), tag(*.at))]
    AlreadyAcknowledged {
        by: super::actor::Actor,
        at: DateTime<Utc>,
    },
    /// Somebody else was called.
    #[error("This page is for {who}. If you have it too, add a note or take a role.")]
    NotPaged { who: Mention },
    /// A draft that is not there.
    #[error("I know no update {update} in {id}. `/incident timeline` shows what was drafted.")]
    UnknownUpdate { id: IncidentId, update: u32 },
    /// A draft that went on.
    #[error("Update {update} of {id} is {state} already. `/status draft` begins a new one.")]
    UpdateNotDraft {
        id: IncidentId,
        update: u32,
        state: &'static str,
    },
    /// The text is not the one that was read.
    #[error(
        "The text of update {update} changed since that button was shown. Read it as it stands now, then approve it."
    )]
    UpdateChanged { update: u32 },
    /// Only what customers saw can be corrected.
    #[error(
        "Update {update} of {id} is not published, so there is nothing to correct. Edit the draft instead."
    )]
    UpdateNotPublished { id: IncidentId, update: u32 },
    /// Customer text needs a person on Discord.
    #[error(
        "A customer text is approved by a person on Discord: press `Approve & publish` under the draft."
    )]
    ApproveOnDiscord,
    /// No such follow-up.
    #[error("I know no action item {item} in {id}. `/incident timeline` shows them.")]
    UnknownAction { id: IncidentId, item: u32 },
    /// Done before.
    #[error("Action item {item} of {id} is done already. Nothing was changed.")]
    ActionDone { id: IncidentId, item: u32 },
    /// The message stands on the timeline.
    #[error("That message is on the timeline already, as {id} #{seq}.")]
    AlreadyCaptured { id: IncidentId, seq: Seq },
    /// An edit of nothing.
    #[error("Nothing to change was given. Name at least one field.")]
    NothingGiven,
    /// Closing before the review.
    #[error("{id} is {severity}, so it closes with a review. Run `/review generate` first.")]
    ReviewMissing { id: IncidentId, severity: Severity },
    /// Publishing a review that was never made.
    #[error("There is no review of {id} yet. Run `/review generate` first.")]
    NoReview { id: IncidentId },
    /// Merging into itself.
    #[error("An incident cannot be merged into itself. Name the other one.")]
    MergeIntoItself,
    /// Merging across the line between public and private.
    #[error("A private and a public incident cannot be merged. Merge it into one of its own sort.")]
    MergeAcrossVisibility,
    /// Invitations are for private incidents.
    #[error(
        "{id} is open to everybody in this server, so nobody needs an invitation. `/incident page` calls people."
    )]
    NotPrivate { id: IncidentId },
    /// Private twice.
    #[error("{id} is private already. Nothing was changed.")]
    AlreadyPrivate { id: IncidentId },
    /// Private incidents are opened in one direction only.
    #[error("A private incident stays private. Write a note for the public one instead.")]
    StaysPrivate,
    /// A button of a kept declaration that was used or is too old.
    #[error(
        "That declaration was made already, or is too old. `/incident list` shows the open incidents; `/incident declare` begins a new one."
    )]
    FormGone,
    /// The terminal names an incident that several servers have.
    #[error("Several servers have an {id}: {guilds}. Say which with `--guild`.")]
    SeveralServers { id: IncidentId, guilds: String },
    /// Not available in this version.
    #[error(
        "Private and security incidents cannot be declared yet. Speak in a channel that only the right people can see."
    )]
    PrivateNotYet,
}

/// Discord's time tag: each reader sees their own zone.
fn tag(at: DateTime<Utc>) -> String {
    format!("<t:{0}:t> (<t:{0}:R>)", at.timestamp())
}

fn actor_words(actor: &super::actor::Actor) -> String {
    match actor {
        super::actor::Actor::Member(user) => format!("<@{user}>"),
        super::actor::Actor::Terminal(name) => super::text::plain(name),
        super::actor::Actor::Warbell => "Warbell".to_owned(),
    }
}
