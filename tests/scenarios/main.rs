//! Scenarios: people use the bot on the built-in sandbox, over real HTTP and WebSocket.
//!
//! One file per verb (works, done twice, refused), plus buttons, channels, servers, faults, restarts,
//! what is forged or hostile, layering and the contract.

mod contract;
mod contract_rules;
mod harness;
mod layering;
mod migrations;

mod acknowledge;
mod approve;
mod assign;
mod buttons;
mod capture;
mod channels;
mod declare;
mod draft;
mod escalate;
mod faults;
mod forged;
mod help;
mod hostile_text;
mod list;
mod note;
mod page;
mod reminders;
mod resolve;
mod restarts;
mod review_generate;
mod servers;
mod setup;
mod show;
mod take_command;
mod timeline;
mod update;
mod zone;
