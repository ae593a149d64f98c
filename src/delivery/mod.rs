//! Bringing Discord in line with what is recorded: what may be sent when, and what each failure means.
//!
//! The [`Courier`] is one loop. Each time it wakes it writes down how the finished calls ended
//! (`record`), asks what is to be done now (`claim`), commits that it is about to try, and only
//! then lets the calls go, side by side (`task`). Whatever it knows is in the rows, so it may be
//! killed at any line: what was tried without a known outcome is looked for before it is tried again
//! (`trace`, `places`).

pub mod breaker;
mod claim;
mod courier;
pub mod failure;
mod handle;
mod heal;
mod holds;
pub mod limiter;
mod places;
mod record;
mod record_say;
mod record_show;
mod render;
mod says;
mod shows;
mod task;
#[cfg(test)]
mod tests;
mod trace;

pub use courier::Courier;
pub use handle::{CourierHandle, Figures};
pub use render::ReviewRenderer;
