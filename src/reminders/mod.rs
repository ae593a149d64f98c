//! Reminders: one loop asks by one clock what is due, and calls its use case. Every "later" is a
//! row, so a restart forgets nothing; what became due meanwhile happens once, late.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::domain::incident::Due;
use crate::store::dues;
use crate::use_cases::{Error, House, Outcome};

/// However far away the next row is, the loop looks again after so long: the terminal may have
/// written an earlier one.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(5);
/// After a fault of the store.
const AFTER_A_FAULT: Duration = Duration::from_secs(1);

/// The loop, and a way to wait for it.
#[derive(Clone, Debug)]
pub struct Reminders {
    house: House,
    /// When the last finished look began.
    looked: Arc<watch::Sender<DateTime<Utc>>>,
    nudge: Arc<Notify>,
}

impl Reminders {
    /// Not running yet.
    pub fn new(house: House) -> Self {
        let looked = Arc::new(watch::Sender::new(DateTime::UNIX_EPOCH));
        Self {
            house,
            looked,
            nudge: Arc::new(Notify::new()),
        }
    }

    /// Asks what is due and has it done, until stopped.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let look = async {
                let began = self.house.clock.now();
                match look_once(&self.house).await {
                    Ok(next) => {
                        self.looked.send_replace(began);
                        tokio::select! {
                            () = self.house.clock.sleep_until(next) => {}
                            () = self.nudge.notified() => {}
                        }
                    }
                    Err(error) => {
                        warn!(%error, "could not look for what is due; trying again");
                        tokio::time::sleep(AFTER_A_FAULT).await;
                    }
                }
            };
            tokio::select! {
                () = look => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Returns once everything that is due by now was done.
    pub async fn up_to_now(&self) {
        let now = self.house.clock.now();
        self.nudge.notify_one();
        // The sender lives as long as this handle.
        let _ = self
            .looked
            .subscribe()
            .wait_for(|began| *began >= now)
            .await;
    }
}

/// Does all that is due now; gives when to look again.
async fn look_once(house: &House) -> Outcome<DateTime<Utc>> {
    loop {
        let now = house.clock.now();
        let due = {
            let mut conn = house.db.read().await?;
            dues::due_by(&mut conn, now).await?
        };
        if due.is_empty() {
            let mut conn = house.db.read().await?;
            let next = dues::next(&mut conn).await?;
            let soon = now + LOOK_AGAIN;
            return Ok(next.map_or(soon, |next| next.min(soon)));
        }
        for (incident, what) in due {
            let done = match what {
                Due::RepeatPage(page) => house.repeat_page(incident, page).await,
                Due::RemindUpdate => house.remind_update(incident).await,
            };
            match done {
                Ok(()) => {}
                Err(Error::Refused(refusal)) => {
                    warn!(incident = incident.0, %refusal, "a reminder was refused");
                }
                Err(error) => return Err(error),
            }
        }
    }
}
