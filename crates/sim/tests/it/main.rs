//! The simulator against plain clients over real sockets.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that finds something else than it expects has to end"
)]

mod bot;
mod clock;
mod commands;
mod faults;
mod forms;
mod gateway;
mod interactions;
mod messages;
mod page;
mod permissions;
