//! Warbell: incident command for Discord.

pub mod clock;
#[cfg(feature = "sandbox")]
pub mod sandbox;
