//! Stories of the whole bot against the simulated Discord, over real sockets: what people do, what
//! they see, and what is there afterwards.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a story that finds something else than it expects has to end"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a story stands outside the replayable world: it starts it, stops it and waits for it"
)]

mod again;
mod arriving;
mod asking;
mod beside;
mod child;
mod compared;
mod copies;
mod creating;
mod details;
mod direct;
mod doctor;
mod ending;
mod event_parts;
mod full_disk;
mod granted;
mod history;
mod judged;
mod killed;
mod limits;
mod lists;
mod locked;
mod members;
mod menus;
mod never_sent;
mod news;
mod operating;
mod operators_doctor;
mod organising;
mod people;
mod places;
mod post;
mod pressed;
mod privacy;
mod program;
mod reminders;
mod reports;
mod restarts;
mod rights;
mod scene;
mod schedule;
mod secrets;
mod secure;
mod series;
mod settings;
mod shards;
mod simulator;
mod stage;
mod storms;
mod templates;
mod together;
mod troubles;
mod undoing;
mod unreadable;
mod watched;
mod wishes;
mod words;
