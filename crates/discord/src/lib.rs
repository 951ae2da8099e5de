//! Discord: gateway, REST, commands in and views out.

pub mod bot;
pub mod commands;
pub mod custom_id;
mod door;
mod examine;
pub mod gateway;
mod governor;
pub mod guilds;
pub mod interaction;
pub mod net;
pub mod outgoing;
pub mod outside;
mod permissions;
mod reply;
pub mod rest;
mod router;
#[cfg(test)]
mod testing;
pub mod token;
pub mod views;
