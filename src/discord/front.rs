//! What every command, button and event works with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use super::api::DiscordApi;
use super::events::Told;
use super::gateway::Standing;
use super::skew::ClockSkew;
use crate::domain::ids::UserId;
use crate::metrics::Metrics;
use crate::use_cases::House;

/// The way in from Discord. Cheap to clone; all clones are the same one.
#[derive(Clone)]
pub struct Front {
    /// What can be done.
    pub house: House,
    /// How answers go out.
    pub api: Arc<dyn DiscordApi>,
    /// How old an interaction is.
    pub skew: Arc<ClockSkew>,
    /// Who brings Discord in line.
    pub courier: Arc<dyn Told>,
    /// Figures.
    pub metrics: Arc<Metrics>,
    /// The application behind the token.
    pub application: u64,
    /// Its user.
    pub bot: UserId,
    /// Work in hand, waited for when the program stops.
    pub tasks: TaskTracker,
    /// Whether a gateway session lives.
    pub connected: Arc<watch::Sender<bool>>,
    /// Whether an event could not be read since the last session began.
    missed: Arc<AtomicBool>,
}

impl Front {
    /// For the application that the token stands for.
    pub fn new(
        house: House,
        api: Arc<dyn DiscordApi>,
        skew: Arc<ClockSkew>,
        courier: Arc<dyn Told>,
        metrics: Arc<Metrics>,
        standing: Standing,
    ) -> Self {
        Self {
            house,
            api,
            skew,
            courier,
            metrics,
            application: standing.application,
            bot: standing.bot,
            tasks: TaskTracker::new(),
            connected: Arc::new(watch::Sender::new(false)),
            missed: Arc::default(),
        }
    }

    /// An event could not be read: nobody knows what it told.
    pub(super) fn missed_an_event(&self) {
        self.missed.store(true, Ordering::Relaxed);
    }

    /// Whether an event could not be read since this was last asked.
    pub(super) fn has_missed_events(&self) -> bool {
        self.missed.swap(false, Ordering::Relaxed)
    }

    /// A session began or ended.
    pub(super) fn set_connected(&self, connected: bool) {
        self.metrics.set_connected(connected);
        self.connected.send_replace(connected);
    }
}
