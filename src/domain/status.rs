//! Where the response stands. A status carries what it knows; a move consumes the old one.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::ids::IncidentId;

/// The present status of an incident, with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Status {
    /// Nobody knows yet what it is.
    Investigating,
    /// It is known what it is.
    Identified,
    /// It looks mended and is watched.
    Monitoring,
    /// The response ended.
    Resolved { at: DateTime<Utc>, by: Actor },
    /// The review is done, nothing is left to write.
    Closed {
        resolved_at: DateTime<Utc>,
        at: DateTime<Utc>,
        by: Actor,
    },
    /// It was none. Final.
    Cancelled { at: DateTime<Utc>, by: Actor },
    /// It was another one. Final.
    Merged {
        into: IncidentId,
        at: DateTime<Utc>,
        by: Actor,
    },
}

/// A status without what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusName {
    /// See [`Status::Investigating`].
    Investigating,
    /// See [`Status::Identified`].
    Identified,
    /// See [`Status::Monitoring`].
    Monitoring,
    /// See [`Status::Resolved`].
    Resolved,
    /// See [`Status::Closed`].
    Closed,
    /// See [`Status::Cancelled`].
    Cancelled,
    /// See [`Status::Merged`].
    Merged,
}

impl StatusName {
    /// Every status, in the order of a response.
    pub const ALL: &'static [Self] = &[
        Self::Investigating,
        Self::Identified,
        Self::Monitoring,
        Self::Resolved,
        Self::Closed,
        Self::Cancelled,
        Self::Merged,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::Monitoring => "monitoring",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Merged => "merged",
        }
    }

    /// Reads the stored name.
    pub fn read(stored: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|name| name.as_str() == stored)
    }

    /// Whether the response still runs.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Investigating | Self::Identified | Self::Monitoring
        )
    }
}

impl fmt::Display for StatusName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Investigating => "Investigating",
            Self::Identified => "Identified",
            Self::Monitoring => "Monitoring",
            Self::Resolved => "Resolved",
            Self::Closed => "Closed",
            Self::Cancelled => "Cancelled",
            Self::Merged => "Merged",
        })
    }
}

impl Status {
    /// Its name alone.
    pub fn name(&self) -> StatusName {
        match self {
            Self::Investigating => StatusName::Investigating,
            Self::Identified => StatusName::Identified,
            Self::Monitoring => StatusName::Monitoring,
            Self::Resolved { .. } => StatusName::Resolved,
            Self::Closed { .. } => StatusName::Closed,
            Self::Cancelled { .. } => StatusName::Cancelled,
            Self::Merged { .. } => StatusName::Merged,
        }
    }

    /// Whether the response still runs.
    pub fn is_open(&self) -> bool {
        self.name().is_open()
    }
}
