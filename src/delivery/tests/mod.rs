//! The courier against a small world: what it costs, what survives, what comes back.

mod costs;
mod healing;
mod lapsing;
mod losses;
mod shop;
mod world;
