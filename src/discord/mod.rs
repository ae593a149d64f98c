//! Discord: what is asked of it, what it tells us, and what people see there.

pub mod api;
pub mod components;
pub mod message;
pub mod modals;
pub mod rest;
pub mod skew;
pub mod views;
