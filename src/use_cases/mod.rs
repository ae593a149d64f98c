//! Use cases: a file per verb, each *load → authorise → decide → one write → answer*.
//!
//! [`House::change`] is that sequence, once; a verb's file says what it asks and which decision it
//! takes. Reads are in `show`, `timeline`, `list` and `find`.

pub mod acknowledge;
pub mod approve;
pub mod assign;
pub mod capture;
pub mod declare;
pub mod discard;
pub mod draft;
pub mod edit_draft;
pub mod escalate;
pub mod find;
pub mod held_form;
mod house;
pub mod list;
pub mod not_recorded;
pub mod note;
pub mod page;
pub mod remind_update;
pub mod repeat_page;
pub mod resolve;
pub mod review_generate;
pub mod setup;
pub mod show;
pub mod take_command;
pub mod timeline;
pub mod update;
pub mod zone;

pub use house::{Error, House, Outcome, Recorded, Request, Target};
