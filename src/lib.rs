//! Warbell: incident command for Discord.

pub mod clock;
pub mod domain;
