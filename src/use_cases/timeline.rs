//! `/incident timeline`: what happened, a page at a time.

use super::house::load;
use super::{House, Outcome, Request, Target};
use crate::domain::incident::Incident;
use crate::domain::timeline::{Seq, TimelineEvent};
use crate::store::timeline;

/// How many rows a page has.
pub const ROWS: u32 = 20;

/// Where a page begins. It names a row, so that rows that come meanwhile shift nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The newest rows.
    Newest,
    /// The rows just before this one.
    Before(Seq),
    /// The rows just after this one.
    After(Seq),
}

/// A page of a timeline.
#[derive(Clone, Debug)]
pub struct Page {
    /// The incident.
    pub incident: Incident,
    /// The rows, oldest first.
    pub rows: Vec<TimelineEvent>,
    /// Whether there are newer rows.
    pub newer: bool,
    /// Whether there are older rows.
    pub older: bool,
}

impl House {
    /// Reads a page of a timeline that the person may see.
    pub async fn timeline(&self, request: &Request, target: &Target, turn: Turn) -> Outcome<Page> {
        let mut conn = self.db.read().await?;
        let (_, stored, _) = load(&mut conn, request, target).await?;
        let incident = stored.incident;
        if let Turn::Before(from) = turn {
            let (rows, older) = timeline::before(&mut conn, incident.key, from, ROWS).await?;
            return Ok(Page {
                incident,
                rows,
                newer: true,
                older,
            });
        }
        if let Turn::After(from) = turn {
            let (rows, newer) = timeline::after(&mut conn, incident.key, from, ROWS).await?;
            // The last turn shows a full page, not the rest of one.
            if newer {
                return Ok(Page {
                    incident,
                    rows,
                    newer,
                    older: true,
                });
            }
        }
        let (rows, older) = timeline::newest(&mut conn, incident.key, ROWS).await?;
        Ok(Page {
            incident,
            rows,
            newer: false,
            older,
        })
    }
}
