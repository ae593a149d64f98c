//! Warbell: incident command for Discord.

pub mod clock;
pub mod discord;
pub mod domain;
pub mod store;
pub mod use_cases;
