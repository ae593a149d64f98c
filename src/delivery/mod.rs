//! Bringing Discord in line with what is recorded: what may be sent when, and what each failure means.

pub mod breaker;
pub mod failure;
pub mod limiter;
