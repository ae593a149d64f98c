//! The whole way from what people do in Discord to what they are answered, on the sandbox. No
//! courier runs here: channels and cards are put up by hand.
#![cfg(feature = "sandbox")]

mod buttons;
mod faults;
mod stage;
mod verbs;
