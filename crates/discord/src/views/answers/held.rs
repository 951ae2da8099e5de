//! Answers that are to be put together before an event, or the first one of a series, is posted.

use jiff::Timestamp;
use muster_domain::id::RoleId;
use muster_engine::series::SeriesView;
use muster_store::model::Posted;

use super::{BLUE, Edited, parts};
use crate::views::left_out;
use crate::views::message::{Component, Message};
use crate::views::messages::Words;
use crate::views::panel::understood;
use crate::views::series::rhythm;
use crate::views::text::relative;
use crate::views::undo::Made;

/// The answer to a new event whose answers are to be put together before it is posted.
#[must_use]
pub fn editor(posted: &Posted, post_at: Timestamp, not_given: &[RoleId]) -> Message {
    let event = &posted.sheet.event;
    let text = format!(
        "{}\nIt is posted {}, or at once with *Post it*; `/event cancel` discards it.",
        understood(Words::usual(), event),
        relative(post_at)
    );
    let mut parts = parts(&Edited::of_event(posted), Made::Nothing);
    parts.insert(0, Component::text(text));
    parts.extend(left_out::roles(not_given).map(Component::text));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// The answer to a new series whose answers are to be put together before anything of it is posted.
#[must_use]
pub fn series_editor(view: &SeriesView, not_given: &[RoleId], now: Timestamp) -> Message {
    let edited = Edited::of_series(view, now);
    let at_once = edited.held_date.map_or("", |_| ", or at once with *Post it*");
    let posted = view.next_post().map_or_else(String::new, |at| {
        format!(" The first date is posted {}{at_once}.", relative(at))
    });
    let text = format!(
        "Understood as {}.{posted} *Back* leads to the series, where *End the series* discards it.",
        rhythm(&view.series)
    );
    let mut parts = parts(&edited, Made::Nothing);
    parts.insert(0, Component::text(text));
    parts.extend(left_out::roles(not_given).map(Component::text));
    Message::panel(vec![Component::container(BLUE, parts)])
}
