//! Warbell: incident command for Discord.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod delivery;
pub mod discord;
pub mod domain;
pub mod http;
pub mod metrics;
pub mod reminders;
pub mod review;
#[cfg(feature = "sandbox")]
pub mod sandbox;
pub mod store;
pub mod telemetry;
pub mod use_cases;
