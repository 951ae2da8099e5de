//! Messages and forms out: one file per kind, all within Discord's limits.

mod button;
mod component;
pub mod day;
mod form;
pub mod forms;
pub mod greeting;
pub mod help;
#[cfg(test)]
pub(crate) mod judged;
pub mod limits;
pub mod lists;
pub mod message;
pub mod messages;
pub mod notice;
pub mod panel;
pub mod post;
pub mod privacy;
pub mod questions;
pub mod refusal;
#[cfg(test)]
pub(crate) mod samples;
mod select;
pub mod settings;
pub mod template;
pub mod text;
pub mod timezone;
pub mod when_words;
