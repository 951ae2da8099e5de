//! Whose answers are edited, and how these stand.

use jiff::Timestamp;
use jiff::civil::DateTime;
use muster_domain::answer_option::{OptionId, Options};
use muster_domain::sheet::{Names, Sheet};
use muster_engine::series::SeriesView;
use muster_store::model::Posted;

use crate::custom_id::{Action, AnswersOf};
use crate::views::messages::{Key, Words};

/// What is edited, and how it stands.
#[derive(Clone, Copy, Debug)]
pub struct Edited<'a> {
    /// What is spoken in the guild.
    pub words: Words,
    /// Whose answers they are.
    pub of: AnswersOf,
    /// What that is called.
    pub title: &'a str,
    /// Its version.
    pub version: u64,
    /// Its answers.
    pub options: &'a Options,
    /// Who picked them, and whether that is not posted yet; a series has nobody who did.
    pub picked: Option<Picked<'a>>,
    /// The first date of a series that waits for its answers.
    pub(super) held_date: Option<DateTime>,
}

/// Who picked the answers of an event.
#[derive(Clone, Copy, Debug)]
pub struct Picked<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) is_waiting: bool,
}

impl<'a> Edited<'a> {
    /// The answers of an event.
    #[must_use]
    pub fn of_event(words: Words, posted: &'a Posted) -> Self {
        let is_waiting = posted.post.message.is_none() && posted.post.gone_at.is_none();
        let (sheet, event) = (&posted.sheet, &posted.sheet.event);
        Self {
            words,
            of: AnswersOf::Event(event.id),
            title: event.details.title.as_str(),
            version: event.version,
            options: &event.options,
            picked: Some(Picked { sheet, is_waiting }),
            held_date: None,
        }
    }

    /// The answers that the events of a series begin with.
    #[must_use]
    pub fn of_series(words: Words, view: &'a SeriesView, now: Timestamp) -> Self {
        let series = &view.series;
        Self {
            words,
            of: AnswersOf::Series(series.id),
            title: series.plan.title.as_str(),
            version: series.version,
            options: &series.plan.made_of.options,
            picked: None,
            held_date: view.held_date(now),
        }
    }

    /// When a change takes effect.
    pub(super) const fn takes_effect(&self) -> Key {
        match self.picked {
            Some(Picked { is_waiting: true, .. }) => Key::AnswersWaiting,
            Some(Picked { is_waiting: false, .. }) => Key::AnswersAtOnce,
            None if self.held_date.is_some() => Key::AnswersWaitingSeries,
            None => Key::AnswersSeries,
        }
    }

    pub(super) fn names_of(&self, id: OptionId) -> Option<&'a Names> {
        let columns = self.picked.map(|picked| &picked.sheet.columns)?;
        columns.iter().find(|(option, _)| *option == id).map(|(_, names)| names)
    }

    pub(super) const fn undo(&self) -> Action {
        Action::AnswersUndo(self.of, self.version)
    }
}
