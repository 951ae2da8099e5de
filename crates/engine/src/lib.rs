//! What Muster does: answering a tap, creating an event, running what is due, delivering once.

pub mod answer;
pub mod app;
pub mod board;
pub mod change;
mod clocks;
mod closing;
pub mod create;
pub mod deliver;
pub mod discord;
pub mod doctor;
pub mod guilds;
pub mod history;
pub mod limits;
pub mod lists;
mod membership;
mod moving;
pub mod own;
pub mod parts;
pub mod ports;
pub mod presence;
pub mod privacy;
pub mod reading;
pub mod refusal;
pub mod reminders;
pub mod reports;
pub mod rosters;
pub mod schedule;
pub mod series;
pub mod tap_limit;
pub mod telling;
pub mod templates;
pub mod undo;
mod upkeep;
pub mod wishes;

pub use app::{App, Config, MemberLists, World};
pub use refusal::{Refusal, Stop};
