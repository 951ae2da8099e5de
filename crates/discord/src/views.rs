//! Messages and forms out: one file per kind, all within Discord's limits.

pub mod answers;
pub mod attendance;
mod button;
mod component;
mod dates;
pub mod day;
mod described;
pub mod differences;
pub mod doctor;
pub mod export;
mod form;
pub mod forms;
pub mod greeting;
pub mod help;
pub mod history;
#[cfg(test)]
pub(crate) mod judged;
mod left_out;
pub mod limits;
pub mod lists;
pub mod members;
pub mod message;
pub mod messages;
pub mod notice;
pub mod operating;
pub mod own;
mod pager;
pub mod panel;
mod permissions;
pub mod post;
pub mod presence;
pub mod privacy;
pub mod questions;
pub mod refusal;
pub mod reminders;
pub mod report;
pub mod roster;
pub mod rules;
#[cfg(test)]
pub(crate) mod samples;
pub mod schedule;
mod select;
pub mod series;
pub mod settings;
mod span;
#[cfg(test)]
mod spoken;
pub mod telling;
pub mod template;
pub mod text;
pub mod timezone;
pub mod troubles;
pub mod undo;
pub mod units;
pub mod when_words;
pub mod wishes;
