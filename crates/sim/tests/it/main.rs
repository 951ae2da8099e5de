//! The simulator against plain clients over real sockets.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that finds something else than it expects has to end"
)]

mod accepted;
mod bot;
mod clock;
mod commands;
mod control;
mod faults;
mod files;
mod forms;
mod forums;
mod gateway;
mod gateway_faults;
mod guilds;
mod inside;
mod interactions;
mod judged;
mod ledger;
mod limits;
mod menus;
mod messages;
mod page;
mod page_files;
mod permissions;
mod scheduled;
mod starts;
mod threads;
mod tls;
