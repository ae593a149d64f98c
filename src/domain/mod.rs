//! The domain: values and decisions. No async, no I/O, no clock; time and actor come in as arguments.

pub mod action_item;
pub mod actor;
pub mod customer_text;
pub mod decision;
pub mod effect;
#[cfg(test)]
pub mod fixtures;
pub mod ids;
pub mod incident;
pub mod look_alike;
pub mod milestones;
pub mod page;
pub mod policy;
#[cfg(test)]
mod properties;
pub mod refusal;
pub mod sentence;
pub mod slug;
pub mod status;
pub mod status_update;
pub mod text;
pub mod time_tag;
pub mod timeline;
pub mod verbs;
pub mod visibility;
pub mod when;
pub mod words;
pub mod zone;
