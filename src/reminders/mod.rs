//! Reminders: one loop asks by one clock what is due, and calls its use case. Every "later" is a
//! row, so a restart forgets nothing; what became due meanwhile happens once, late.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
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

/// Asks what is due and has it done, until stopped. `looked` counts the looks, so that tests can
/// wait for one.
pub async fn run(house: House, looked: watch::Sender<u64>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let look = async {
            match look_once(&house).await {
                Ok(next) => {
                    looked.send_modify(|n| *n += 1);
                    house.clock.sleep_until(next).await;
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

/// Does all that is due now; gives when to look again.
async fn look_once(house: &House) -> Outcome<chrono::DateTime<chrono::Utc>> {
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
