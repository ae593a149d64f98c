//! Declare: say that it is an incident.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{LONG, SERVICES, optional};
use crate::domain::decision::{Act, Decided, Decision};
use crate::domain::ids::{GuildId, IncidentId, IncidentKey, Mention};
use crate::domain::incident::Incident;
use crate::domain::refusal::Refusal;
use crate::domain::text;
use crate::domain::timeline::{Fact, Field, TimelineEvent, words};
use crate::domain::words::{Kind, Severity};

/// What was asked, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declare {
    /// Its title.
    pub title: String,
    /// How bad; critical, major or minor.
    pub severity: Option<Severity>,
    /// What sort; technical unless said otherwise.
    pub kind: Option<Kind>,
    /// Comma-separated.
    pub services: Option<String>,
    /// What is going on.
    pub summary: Option<String>,
    /// When it began to hurt.
    pub started_at: Option<DateTime<Utc>>,
    /// Whether only its own people may know; security incidents are unless said otherwise.
    pub private: Option<bool>,
}

impl Declare {
    /// Whether it would be a private one.
    pub fn is_private(&self) -> bool {
        self.private.unwrap_or(self.kind == Some(Kind::Security))
    }
}

/// In doubt the worse: an incident whose severity nobody named is major.
pub const UNSAID_SEVERITY: Severity = Severity::Major;

/// The checked words of a declaration; what can be refused is refused here, before a number is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    title: String,
    services: Option<String>,
    summary: Option<String>,
    severity: Severity,
    kind: Kind,
    started_at: Option<DateTime<Utc>>,
}

/// Checks what was typed.
pub fn check(ask: Declare) -> Result<Declaration, Refusal> {
    Ok(Declaration {
        title: text::title(&ask.title)?,
        services: optional("The list of services", ask.services, SERVICES)?
            .map(|list| text::clean_line(&list, SERVICES)),
        summary: optional("The summary", ask.summary, LONG)?,
        severity: ask.severity.unwrap_or(UNSAID_SEVERITY),
        kind: ask.kind.unwrap_or(Kind::Technical),
        started_at: ask.started_at,
    })
}

/// Declares it under the number that the store counted. `pages`: who is called at this severity.
pub fn decide(
    key: IncidentKey,
    guild: GuildId,
    id: IncidentId,
    act: &Act,
    declaration: Declaration,
    pages: &[Mention],
) -> Decided {
    let declared = TimelineEvent {
        seq: 1,
        occurred_at: act.occurred_at,
        recorded_at: act.now,
        actor: act.actor.clone(),
        fact: Fact::Declared {
            id,
            severity: declaration.severity,
            incident_kind: declaration.kind,
            started_at: declaration.started_at.map(|at| at.min(act.occurred_at)),
        },
        words: words([
            (Field::Title, Some(declaration.title)),
            (Field::Summary, declaration.summary),
            (Field::Services, declaration.services),
        ]),
    };
    let incident = Incident::begin(key, guild, &declared).map_err(|_| Refusal::Empty {
        what: "The declaration",
    })?;
    let mut decision = Decision {
        incident,
        events: vec![declared],
        effects: Vec::new(),
    };
    for who in pages {
        super::page::call(&mut decision, act, *who, None);
    }
    decision.done()
}
