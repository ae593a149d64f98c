//! The domain: values and decisions. No async, no I/O, no clock; time and actor come in as arguments.

pub mod customer_text;
pub mod ids;
pub mod milestones;
pub mod slug;
pub mod text;
pub mod when;
pub mod words;
