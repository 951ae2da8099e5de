//! Answers that are to be put together before an event, or the first one of a series, is posted.

use jiff::Timestamp;
use muster_domain::id::RoleId;
use muster_engine::series::SeriesView;
use muster_store::model::Posted;

use super::{BLUE, Edited, parts};
use crate::views::left_out;
use crate::views::message::{Component, Message};
use crate::views::messages::{Key, Words};
use crate::views::panel::understood;
use crate::views::series::rhythm;
use crate::views::text::relative;
use crate::views::undo::Made;

/// The answer to a new event whose answers are to be put together before it is posted.
#[must_use]
pub fn editor(words: Words, posted: &Posted, post_at: Timestamp, not_given: &[RoleId]) -> Message {
    let said = words.filled(Key::AnswersPosted, &[("away", &relative(post_at))]);
    let text = format!("{}\n{said}", understood(words, &posted.sheet.event));
    with_text(&Edited::of_event(words, posted), text, not_given)
}

/// The answer to a new series whose answers are to be put together before anything of it is posted.
#[must_use]
pub fn series_editor(
    words: Words,
    view: &SeriesView,
    not_given: &[RoleId],
    now: Timestamp,
) -> Message {
    let edited = Edited::of_series(words, view, now);
    let rhythm = rhythm(words, &view.series);
    let mut said = vec![words.filled(Key::AnswersSeriesUnderstood, &[("rhythm", &rhythm)])];
    let at_once = edited.held_date.is_some();
    let posted = if at_once { Key::AnswersSeriesPostedOnce } else { Key::AnswersSeriesPosted };
    let at = view.next_post();
    said.extend(at.map(|at| words.filled(posted, &[("away", &relative(at))])));
    said.push(words.plain(Key::AnswersSeriesBack).to_owned());
    with_text(&edited, said.join(" "), not_given)
}

fn with_text(edited: &Edited<'_>, text: String, not_given: &[RoleId]) -> Message {
    let mut parts = parts(edited, Made::Nothing);
    parts.insert(0, Component::text(text));
    parts.extend(left_out::roles(edited.words, not_given).map(Component::text));
    Message::panel(vec![Component::container(BLUE, parts)])
}
