//! The only way out for messages of our own accord: once each, whatever happens in between.

mod delivery;
mod edit;
mod pace;
mod reconciler;
mod scheduler;

pub use delivery::Delivered;
