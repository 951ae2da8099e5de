//! The only way out for messages of our own accord: once each, whatever happens in between; and
//! roles that follow from answers.

mod chores;
mod delivery;
mod edit;
mod ending;
mod granter;
mod halt;
mod once;
mod pace;
mod ready;
mod reconciler;
mod scheduler;
mod still_meant;
mod subject;
mod troubles;
mod unanswered;
mod wait;

pub(crate) use delivery::Delivered;
