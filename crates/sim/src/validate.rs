//! Discord's limits on what a bot may send. Knows nothing of the world, only of forms.

pub(crate) mod channel;
pub(crate) mod command;
mod components;
mod embeds;
mod errors;
pub(crate) mod fields;
pub(crate) mod files;
mod inputs;
pub(crate) mod message;
pub(crate) mod modal;
mod recurrence;
pub(crate) mod scheduled;

pub use errors::Errors;
pub(crate) use errors::Form;
pub(crate) use fields::Presence;
