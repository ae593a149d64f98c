//! `/incident timeline`: what happened, a page at a time.

use super::house::load;
use super::{House, Outcome, Request, Target};
use crate::domain::incident::Incident;
use crate::domain::timeline::TimelineEvent;
use crate::store::timeline;

/// How many rows a page has.
pub const ROWS: u32 = 20;

/// A page of a timeline.
#[derive(Clone, Debug)]
pub struct Page {
    /// The incident.
    pub incident: Incident,
    /// The rows, oldest first.
    pub rows: Vec<TimelineEvent>,
    /// Which page; 0 has the newest rows.
    pub number: u32,
    /// Whether there are older rows.
    pub older: bool,
}

impl House {
    /// Reads a page of a timeline that the person may see.
    pub async fn timeline(
        &self,
        request: &Request,
        target: &Target,
        number: u32,
    ) -> Outcome<Page> {
        let mut conn = self.db.read().await?;
        let (_, stored, _) = load(&mut conn, request, target).await?;
        let (rows, older) =
            timeline::page(&mut conn, stored.incident.key, number, ROWS).await?;
        Ok(Page { incident: stored.incident, rows, number, older })
    }
}
