//! Warbell: incident command for Discord. This is the table of contents.
//!
//! **The timeline is the truth; whatever anyone sees is a view of it.** A verb is decided by pure
//! code and written once, as new state, timeline events and effects; then the courier brings Discord
//! in line. One verb, one file, the same name in every room:
//! `domain/verbs/escalate.rs` decides, `use_cases/escalate.rs` stores,
//! `discord/commands/incident/escalate.rs` is what people type, `tests/scenarios/escalate.rs` tests.

// Values and decisions: no async, no I/O, no clock.
pub mod domain;

// A file per verb: load, authorise, decide, one write, answer.
pub mod use_cases;

// All the SQL there is: one SQLite file, one way to write.
pub mod store;

// The courier: claims what waits, commits the attempt, calls Discord, records. Its failure table
// and its limiter.
pub mod delivery;

// Asks what is due and calls use cases.
pub mod reminders;

// What people type and press, what they see, and the few things that are asked of Discord.
pub mod discord;

// The review document: one model; Markdown, HTML, JSON.
pub mod review;

// Health and metrics for the operator.
pub mod http;
pub mod metrics;

// The terminal's commands, and what starts and stops everything in order.
pub mod app;
pub mod cli;

// Environment to typed configuration; the only reader of the time; logs.
pub mod clock;
pub mod config;
pub mod telemetry;

// A local Discord for the demo, for scripts and for every scenario.
#[cfg(feature = "sandbox")]
pub mod sandbox;
