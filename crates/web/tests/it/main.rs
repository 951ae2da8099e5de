//! The pages from outside: who gets in, what they show, what programs read.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that finds something else than it expects has to end"
)]

#[path = "../../examples/dashboard/bot/mod.rs"]
mod bot;
mod browser;
mod config;
mod figures;
mod files;
mod given_up;
mod pages;
mod roles;
mod safety;
mod sign_in;
mod site;
mod sockets;
