//! Discord: what is asked of it, what it tells us, and what people see there.

pub mod answering;
pub mod api;
pub mod asking;
pub mod commands;
pub mod components;
pub mod errors;
pub mod events;
#[cfg(test)]
mod fixtures;
pub mod framework;
pub mod front;
pub mod gateway;
pub mod handlers;
pub mod message;
pub mod modals;
pub mod rest;
pub mod skew;
pub mod views;
