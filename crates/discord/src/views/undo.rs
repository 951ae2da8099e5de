//! Second thoughts of organisers: the button that takes a change back, what became of it, and the
//! events that can be brought back.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::roster::Moved;
use muster_domain::sheet::Sheet;
use muster_domain::when::describe;
use muster_engine::change::Done;
use muster_store::model::{Page, Posted, SeenEvent};

use crate::custom_id::Action;
use crate::views::differences::differences;
use crate::views::lists;
use crate::views::message::{Button, Component, Message, Select, SelectOption, Style};
use crate::views::messages::{Key, Words};
use crate::views::panel;
use crate::views::text::{fitted, shortened};

/// Characters of what an undoing changed.
const CHANGES_MAX: usize = 1_000;

/// The button that takes back the change of which this version of the event came.
#[must_use]
pub fn button(words: Words, event: &Event) -> Button {
    Button::new(Style::Secondary, words.plain(Key::PanelUndo), Action::Undo(SeenEvent::of(event)))
}

/// Whether a panel answers a change: only then there is one in it to take back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was only opened, or what was asked for was so already.
    Nothing,
    /// Something was changed.
    Change,
    /// Something was changed, and because of that so many members moved.
    Moves(Moves),
    /// Nothing was changed, as somebody else changed it after it was shown.
    Overtaken,
}

/// How many members moved because of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moves {
    /// Have a place now.
    pub promoted: usize,
    /// Are offered a place.
    pub offered: usize,
    /// Have no place any more.
    pub unseated: usize,
}

impl Moves {
    /// How many moved in which way.
    #[must_use]
    pub const fn of(moved: &Moved) -> Self {
        let Moved { promoted, offered, unseated, .. } = moved;
        Self { promoted: promoted.len(), offered: offered.len(), unseated: unseated.len() }
    }
}

impl Made {
    /// A change with what it moved.
    #[must_use]
    pub const fn of(moved: &Moved) -> Self {
        match Moves::of(moved) {
            Moves { promoted: 0, offered: 0, unseated: 0 } => Self::Change,
            some => Self::Moves(some),
        }
    }

    /// The button that takes the change back, if there was one.
    #[must_use]
    pub fn button(self, words: Words, undo: Action) -> Option<Button> {
        match self {
            Self::Nothing | Self::Overtaken => None,
            Self::Change | Self::Moves(_) => {
                Some(Button::new(Style::Secondary, words.plain(Key::PanelUndo), undo))
            }
        }
    }

    /// What came of it beside what the panel shows: who moved, a line for each way, or why nothing
    /// was changed; each begins anew.
    #[must_use]
    pub fn lines(self, words: Words) -> String {
        match self {
            Self::Nothing | Self::Change => String::new(),
            Self::Moves(moves) => {
                let lines = panel::moves(words, moves);
                lines.fold(String::new(), |lines, line| lines + "\n" + &line)
            }
            Self::Overtaken => format!("\n{}", words.plain(Key::UndoOvertaken)),
        }
    }
}

/// What became of taking a change back, or of bringing an event back.
#[must_use]
pub fn undone(words: Words, done: &Done) -> Message {
    let (before, now) = (&done.before.event, &done.now.sheet.event);
    let was_off = before.cancelled_at.is_some() || before.deleted_at.is_some();
    if now.deleted_at.is_some() {
        taken_back(words, &done.now.sheet)
    } else if now.cancelled_at.is_some() {
        panel::cancelled(words, &done.now.sheet)
    } else if was_off {
        panel::restored(words, now, &done.moved)
    } else if before.closed_at.is_none() && now.closed_at.is_some() {
        panel::closed(words, now, &done.moved)
    } else if before.closed_at.is_some() && now.closed_at.is_none() {
        panel::reopened(words, now, &done.moved)
    } else {
        as_before(words, done)
    }
}

fn as_before(words: Words, done: &Done) -> Message {
    let (before, now) = (&done.before.event, &done.now.sheet.event);
    let mut lines = vec![panel::about(words, Key::PanelAsBefore, now)];
    let changes = differences(words, before, now);
    if !changes.is_empty() {
        lines.push(fitted(&changes.join("; "), CHANGES_MAX));
    }
    if before.details.span != now.details.span {
        lines.extend(panel::told_of_new_time(words, &done.now.sheet));
    }
    lines.extend(panel::moves(words, Moves::of(&done.moved)));
    Message::text(lines.join("\n")).row(vec![button(words, now)])
}

/// A new event that was taken back.
fn taken_back(words: Words, sheet: &Sheet) -> Message {
    let label = words.plain(Key::PanelBringBack);
    let back = Button::new(Style::Secondary, label, Action::BringBack(sheet.event.id));
    Message::text(panel::off(words, Key::PanelTakenBack, sheet)).row(vec![back])
}

/// A page of the events that can be brought back. `number` counts from 0.
#[must_use]
pub fn called_off(words: Words, page: &Page<Posted>, number: u32, now: Timestamp) -> Message {
    let message = lists::called_off(words, page, number, now);
    let options: Vec<_> = page.rows.iter().map(choice).collect();
    if options.is_empty() {
        return message;
    }
    let select = Select::new(Action::BringBackFrom, words.plain(Key::ListOffPick), options);
    message.with(Component::row(vec![Component::Select(select)]))
}

fn choice(row: &Posted) -> SelectOption {
    let event = &row.sheet.event;
    let when = describe(event.details.span.start(), event.details.zone.rules());
    SelectOption {
        label: fitted(&shortened(event.details.title.as_str(), 60), 100),
        value: event.id.to_string(),
        description: fitted(&when, 100),
        ..SelectOption::default()
    }
}

#[cfg(test)]
mod tests {
    use muster_domain::capacity::Capacity;
    use muster_domain::id::UserId;
    use muster_domain::roster::Moved;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{
        NOW, event, fullest_event, longest_event, page, posted, sheet_of, texts,
    };

    fn done(before: &Event, now: &Event, members: u64) -> Done {
        let many = || vec![UserId::new(1); 2_000];
        Done {
            before: Box::new(sheet_of(before, members)),
            now: Box::new(posted(sheet_of(now, members))),
            moved: Moved { promoted: many(), ..Moved::default() },
        }
    }

    fn said(before: &Event, now: &Event, members: u64) -> String {
        let message = undone(Words::usual(), &done(before, now, members));
        check(&message).unwrap();
        texts(&message)
    }

    #[test]
    fn it_says_what_is_as_before() {
        let plain = event();
        let mut larger = event();
        larger.details.capacity = Capacity::parse(5).ok();
        let words = said(&larger, &plain, 0);
        assert!(words.starts_with("**Raid \\*night\\*** is as it was before.\nplaces: 5 → no"));
        let closed = Event { closed_at: Some(NOW), ..event() };
        assert!(said(&plain, &closed, 0).contains("takes no more answers"));
        assert!(said(&closed, &plain, 0).contains("takes answers again"));
        let cancelled = Event { cancelled_at: Some(NOW), ..event() };
        assert!(said(&plain, &cancelled, 0).contains("is cancelled"));
        assert!(said(&cancelled, &plain, 0).contains("takes place after all"));
    }

    #[test]
    fn a_creation_that_is_taken_back_is_told_to_those_who_answered() {
        let deleted = Event { deleted_at: Some(NOW), ..event() };
        assert!(!said(&event(), &deleted, 0).contains("are told"));
        assert!(said(&event(), &deleted, 3).contains("are told in a moment"));
        let message = undone(Words::usual(), &done(&event(), &deleted, 0));
        assert!(serde_json::to_string(&message).unwrap().contains("\"m1:b:1\""));
        assert!(said(&deleted, &event(), 3).contains("takes place after all"));
    }

    #[test]
    fn the_longest_undoing_fits() {
        said(&event(), &fullest_event(), 50);
        said(&fullest_event(), &longest_event(), 50);
    }

    #[test]
    fn what_was_called_off_is_listed_with_a_way_back() {
        let cancelled = Event { cancelled_at: Some(NOW), ..event() };
        let deleted = Event { deleted_at: Some(NOW), ..longest_event() };
        let rows = [&cancelled, &deleted].map(|event| posted(sheet_of(event, 2)));
        let message = called_off(Words::usual(), &page(rows.to_vec(), 2), 0, NOW);
        check(&message).unwrap();
        let words = texts(&message);
        assert!(words.starts_with("Cancelled\n") && words.contains("· cancelled"), "{words}");
        assert!(words.contains("· deleted"), "{words}");
        let empty = called_off(Words::usual(), &page(Vec::new(), 0), 0, NOW);
        assert_eq!(texts(&empty), "Nothing was cancelled or taken back in the last 30 days.");
        let full = (0..10).map(|id| {
            let id = muster_domain::id::EventId::new(u64::MAX / 2 - id);
            posted(sheet_of(&Event { id, ..deleted.clone() }, 50))
        });
        check(&called_off(Words::usual(), &page(full.collect(), 10_000), 7, NOW)).unwrap();
    }
}
