//! Discord: gateway, REST, commands in and views out.

pub mod bot;
pub mod commands;
pub mod custom_id;
mod door;
mod examine;
pub mod gateway;
pub mod governor;
pub mod guilds;
pub mod interaction;
pub mod net;
pub mod outgoing;
pub mod outside;
pub mod permissions;
pub mod reply;
pub mod rest;
pub mod router;
#[cfg(test)]
mod testing;
pub mod token;
pub mod views;
