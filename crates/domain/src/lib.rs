//! The rules of Muster: events, rosters, local time and words for time. Pure: no I/O, no async,
//! and no clock; every function that needs the time takes `now`.

pub mod answer_option;
pub mod calendar;
pub mod capacity;
pub mod change;
pub mod duration;
pub mod emoji;
pub mod event;
pub mod grant;
pub mod heading;
pub mod id;
pub mod limits;
pub mod line;
pub mod notice;
pub mod nudge;
pub mod option_edit;
pub mod option_words;
#[cfg(test)]
mod phrase_table;
pub mod presence;
pub mod preset;
pub mod recurrence;
pub mod reminder;
pub mod report;
pub mod rights;
pub mod roster;
pub mod rules;
pub mod series;
pub mod settings;
pub mod sheet;
pub mod signup_details;
pub mod table;
pub mod template;
pub mod text;
pub mod undo;
pub mod when;
pub mod zone;
