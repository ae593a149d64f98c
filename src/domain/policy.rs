//! Who may do what: one table, read by every use case, so that a command, a button, the terminal
//! and a reminder meet the same rule.

use super::actor::{Actor, Person};
use super::ids::{IncidentId, Mention, RoleId, UserId};
use super::incident::Incident;
use super::refusal::Refusal;
use super::visibility;
use super::words::Role;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    Declare,
    Note,
    Capture,
    Mitigate,
    Impact,
    Escalate,
    Page,
    Update,
    Milestone,
    Edit,
    Draft,
    ActionAdd,
    TakeCommand,
    ReviewGenerate,
    Downgrade,
    Resolve,
    Reopen,
    Cancel,
    Merge,
    Assign,
    Handoff,
    Invite,
    Approve { update: u32 },
    Close,
    ReviewEdit,
    ReviewPublish,
    ActionDone { item: u32 },
    Acknowledge { page: u32 },
    AcceptHandoff,
    Setup,
}

/// A row of the contract's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// Any member of the server.
    AnyMember,
    /// Anyone who can see the incident's channel.
    AnyoneIn,
    /// The commander, any role holder, or the declarer while there is no commander.
    InCharge,
    /// The commander or the communications lead; while neither chair is held, anyone in who did
    /// not write the text.
    Approver { update: u32 },
    /// Any role holder; `item`: or the owner of that follow-up.
    RoleHolder { item: Option<u32> },
    /// The paged person or a holder of the paged role.
    Paged { page: u32 },
    /// The person named in the handoff.
    Named,
    /// Server managers alone.
    Manager,
}

impl Verb {
    /// The row that this verb stands in.
    pub fn row(self) -> Row {
        match self {
            Self::Declare => Row::AnyMember,
            Self::Note
            | Self::Capture
            | Self::Mitigate
            | Self::Impact
            | Self::Escalate
            | Self::Page
            | Self::Update
            | Self::Milestone
            | Self::Edit
            | Self::Draft
            | Self::ActionAdd
            | Self::TakeCommand
            | Self::ReviewGenerate => Row::AnyoneIn,
            Self::Downgrade
            | Self::Resolve
            | Self::Reopen
            | Self::Cancel
            | Self::Merge
            | Self::Assign
            | Self::Handoff
            | Self::Invite => Row::InCharge,
            Self::Approve { update } => Row::Approver { update },
            Self::Close | Self::ReviewEdit | Self::ReviewPublish => Row::RoleHolder { item: None },
            Self::ActionDone { item } => Row::RoleHolder { item: Some(item) },
            Self::Acknowledge { page } => Row::Paged { page },
            Self::AcceptHandoff => Row::Named,
            Self::Setup => Row::Manager,
        }
    }
}

/// What `/setup` says about roles in this server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// Where set, every row but the first asks for this Discord role.
    pub responders: Option<RoleId>,
}

/// Whether `person` may do `verb` to `incident`, which they can see.
pub fn may(
    verb: Verb,
    person: &Person,
    incident: &Incident,
    narrowing: Narrowing,
) -> Result<(), Refusal> {
    if !visibility::may_see(person, incident) {
        return Err(Refusal::UnknownIncident {
            asked: incident.id.to_string(),
        });
    }
    let row = verb.row();
    if let (Row::Approver { .. }, Actor::Terminal(_)) = (row, &person.actor) {
        return Err(Refusal::ApproveOnDiscord);
    }
    if person.manager || row == Row::AnyMember {
        return Ok(());
    }
    if let Some(responders) = narrowing.responders
        && !person.roles.contains(&responders)
    {
        return no(format!(
            "Only <@&{responders}> and server managers may do this."
        ));
    }
    let Some(user) = person.actor.user() else {
        return no("Only people on Discord may do this.".to_owned());
    };
    if is_in_row(row, user, person, incident) {
        Ok(())
    } else {
        no(needed(row, incident))
    }
}

/// Whether `person` may change the settings of the server.
pub fn may_setup(person: &Person) -> Result<(), Refusal> {
    if person.manager {
        return Ok(());
    }
    no(
        "Only server managers may change settings: ask somebody with the Manage Server permission."
            .to_owned(),
    )
}

fn is_in_row(row: Row, user: UserId, person: &Person, incident: &Incident) -> bool {
    let commander = incident.holder(Role::Commander);
    match row {
        Row::AnyMember | Row::AnyoneIn => true,
        Row::InCharge => {
            incident.holds_a_role(user)
                || (commander.is_none() && incident.declared_by == Actor::Member(user))
        }
        Row::Approver { update } => {
            let communications = incident.holder(Role::Communications);
            if commander.is_none() && communications.is_none() {
                incident
                    .update(update)
                    .is_none_or(|update| update.author != Actor::Member(user))
            } else {
                commander == Some(user) || communications == Some(user)
            }
        }
        Row::RoleHolder { item } => {
            incident.holds_a_role(user)
                || item
                    .and_then(|item| incident.action(item))
                    .is_some_and(|action| action.owner == Some(user))
        }
        Row::Paged { page } => incident.page(page).is_none_or(|page| match page.who {
            Mention::User(paged) => paged == user,
            Mention::Role(role) => person.roles.contains(&role),
        }),
        // With no handoff open, the verb itself says that it is over.
        Row::Named => incident.handoff_to.is_none_or(|to| to == user),
        Row::Manager => false,
    }
}

fn needed(row: Row, incident: &Incident) -> String {
    let id: IncidentId = incident.id;
    let commander = incident.holder(Role::Commander);
    match row {
        Row::AnyMember | Row::AnyoneIn => format!("This needs access to the channel of {id}."),
        Row::InCharge => match commander {
            Some(commander) => format!(
                "This is for the incident commander of {id} (<@{commander}>) and the other role holders. Ask them, or have them assign you a role."
            ),
            None => format!(
                "This is for role holders of {id} and, while nobody has command, for whoever declared it. Press `Take command` on the incident card first."
            ),
        },
        Row::Approver { .. } => match (commander, incident.holder(Role::Communications)) {
            (None, None) => format!(
                "You wrote this text, and nobody has command of {id} yet: let somebody else read and approve it, or press `Take command` first."
            ),
            (commander, communications) => {
                let names: Vec<String> = [commander, communications]
                    .into_iter()
                    .flatten()
                    .map(|user| format!("<@{user}>"))
                    .collect();
                format!(
                    "A customer text of {id} is approved by the incident commander or the communications lead. Ask {}.",
                    names.join(" or ")
                )
            }
        },
        Row::RoleHolder { item: None } => {
            format!("This is for role holders of {id}. `/incident assign` gives a role.")
        }
        Row::RoleHolder { item: Some(_) } => {
            format!("This is for the owner of the action item and for role holders of {id}.")
        }
        Row::Paged { page } => match incident.page(page) {
            Some(page) => format!(
                "This page is for {}. If you have it too, add a note or take a role.",
                page.who
            ),
            None => "This page is for somebody else.".to_owned(),
        },
        Row::Named => match incident.handoff_to {
            Some(to) => {
                format!("The command of {id} was offered to <@{to}>, who alone can take it.")
            }
            None => "That handoff is over.".to_owned(),
        },
        Row::Manager => "Only server managers may do this.".to_owned(),
    }
}

fn no(needed: String) -> Result<(), Refusal> {
    Err(Refusal::NotAllowed { needed })
}
