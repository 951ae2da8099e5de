//! The only way out for messages of our own accord: once each, whatever happens in between; and
//! roles that follow from answers.

mod delivery;
mod edit;
mod granter;
mod pace;
mod reconciler;
mod scheduler;
mod subject;
mod troubles;

pub use delivery::Delivered;
