//! The one lock around the world, never held across an await.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::scene::Scene;
use super::world::World;
use crate::clock::Clock;

/// The world, its lock, and the bell that rings on each change.
pub(crate) struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<u64>,
    pub(crate) clock: Clock,
    pub(crate) token: String,
}

impl Shared {
    pub(crate) fn new(clock: Clock, token: String, scene: Scene) -> Self {
        let world = Mutex::new(World::new(clock.clone(), scene));
        Self {
            world,
            changed: watch::Sender::new(0),
            clock,
            token,
        }
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        // A panic under the lock is a fault of one request; the world stays usable for the others.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the world and rings the bell.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        let result = change(&mut self.lock());
        self.changed.send_modify(|n| *n += 1);
        result
    }

    /// Looks without ringing.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        look(&self.lock())
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}
