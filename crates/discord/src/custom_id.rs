//! What our buttons, selects and forms carry: a version, what to do, and for which event.
//!
//! Written as `m1:<verb>[:<number in base 36>]…`, so that every one stays far below Discord's 100
//! characters. Anybody can send any custom id, so that a decoded one says nothing about rights.

mod components;
mod forms;
mod parts;
mod reminder_parts;
mod table;
#[cfg(test)]
mod tests;
mod text;

pub use self::components::{
    Action, AnswersAction, DraftAction, EventAction, GuildAction, ListAction, OperatorAction,
    OwnAction, PastAction, PersonAction, RosterAction, RulesAction, SeriesAction, Subject,
    TapAction, ToldAction, WeekAction,
};
pub use self::forms::FormAction;
pub use self::parts::{AnswersOf, number_of_part, part_of_number};
pub use self::reminder_parts::{ReminderScope, WrittenKey};

/// The verb of a custom id of ours.
pub(crate) fn verb(custom_id: &str) -> Option<&str> {
    custom_id.split(':').nth(1)
}
