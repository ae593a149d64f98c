//! The domain: values and decisions. No async, no I/O, no clock; time and actor come in as arguments.

pub mod ids;
pub mod slug;
pub mod text;
pub mod words;
