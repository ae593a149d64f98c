//! Warbell: incident command for Discord.

pub mod clock;
