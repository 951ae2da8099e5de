//! Which version of its event each post was last seen to show, and which posts are in doubt.
//!
//! A tap is answered with the finished post. When two writes to one message overlap, Discord may
//! apply them in either order: then neither counts as shown, so that the post stays stale in the
//! store and is edited once more. What is noted here is only a saving: after a crash, the posts
//! concerned are edited once too often.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use muster_domain::id::{EventId, MessageId};
use muster_store::model::Shown;

use crate::limits::SHOWN_UNWRITTEN_MAX;

/// The board. All methods are short and never wait.
#[derive(Debug, Default)]
pub struct Board {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    writing: BTreeMap<EventId, Writing>,
    shown: BTreeMap<EventId, Shown>,
}

#[derive(Debug, Default)]
struct Writing {
    in_flight: u32,
    /// Whether two writes overlapped, or one ended unclear, since the message was last quiet.
    doubtful: bool,
}

/// What a write did to a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Discord accepted it: this message showed this version.
    Shown(MessageId, u64),
    /// Discord may or may not have applied it.
    Unclear,
    /// It did not touch the post.
    Untouched,
}

/// A write to a post that is under way. Dropped without its end, as by a panic, it counts as
/// unclear, so that nothing waits for it for ever.
#[derive(Debug)]
#[must_use]
pub struct Write<'a> {
    board: &'a Board,
    event: EventId,
    ended: bool,
}

impl Write<'_> {
    /// The write ended. Returns whether the post is in doubt and no other write is under way: then
    /// it wants an edit.
    #[must_use]
    pub fn ends(mut self, effect: Effect) -> bool {
        self.ended = true;
        self.board.write_ended(self.event, effect)
    }
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        if !self.ended {
            let _in_doubt = self.board.write_ended(self.event, Effect::Unclear);
        }
    }
}

impl Board {
    /// A write to this event's post is about to be rendered.
    pub fn write(&self, event: EventId) -> Write<'_> {
        self.write_begins(event);
        Write { board: self, event, ended: false }
    }

    fn write_begins(&self, event: EventId) {
        let mut state = self.lock();
        let writing = state.writing.entry(event).or_default();
        writing.in_flight = writing.in_flight.saturating_add(1);
        writing.doubtful |= writing.in_flight > 1;
    }

    fn write_ended(&self, event: EventId, effect: Effect) -> bool {
        let mut state = self.lock();
        let Some(writing) = state.writing.get_mut(&event) else {
            return true;
        };
        writing.in_flight = writing.in_flight.saturating_sub(1);
        writing.doubtful |= effect == Effect::Unclear;
        if writing.in_flight > 0 {
            return false;
        }
        let doubtful = writing.doubtful;
        state.writing.remove(&event);
        if let (Effect::Shown(message, version), false) = (effect, doubtful) {
            let shown = Shown { event, message, version };
            let before = state.shown.get(&event).copied();
            if before.is_none_or(|before| before.message != message || before.version < version) {
                state.shown.insert(event, shown);
            }
        }
        doubtful
    }

    /// The write to this event's post that is under way goes to an older copy of it, which says
    /// nothing about the post.
    pub fn writes_a_copy(&self, event: EventId) {
        if let Some(writing) = self.lock().writing.get_mut(&event) {
            writing.doubtful = true;
        }
    }

    /// Whether this message was seen to show this version, or a newer one.
    #[must_use]
    pub fn shows(&self, event: EventId, message: MessageId, version: u64) -> bool {
        let state = self.lock();
        let shown = state.shown.get(&event);
        shown.is_some_and(|shown| shown.message == message && shown.version >= version)
    }

    /// Whether a write to this event's post is under way.
    #[must_use]
    pub fn is_writing(&self, event: EventId) -> bool {
        self.lock().writing.contains_key(&event)
    }

    /// Takes what was seen since the last call, to be written down.
    #[must_use]
    pub fn take_shown(&self) -> Vec<Shown> {
        std::mem::take(&mut self.lock().shown).into_values().collect()
    }

    /// Whether enough was seen that it should be written down.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.lock().shown.len() >= SHOWN_UNWRITTEN_MAX
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic between two assignments leaves nothing half done that an edit would not mend.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: EventId = EventId::new(1);
    const POST: MessageId = MessageId::new(10);

    fn shown(version: u64) -> Shown {
        Shown { event: EVENT, message: POST, version }
    }

    #[test]
    fn a_write_alone_counts_as_shown() {
        let board = Board::default();
        assert!(!board.write(EVENT).ends(Effect::Shown(POST, 7)));
        assert!(board.shows(EVENT, POST, 7) && !board.shows(EVENT, POST, 8));
        assert_eq!(board.take_shown(), [shown(7)]);
        assert_eq!(board.take_shown(), []);
    }

    #[test]
    fn of_two_that_overlap_none_counts_and_the_last_one_asks_for_an_edit() {
        let board = Board::default();
        let (first, second) = (board.write(EVENT), board.write(EVENT));
        assert!(!second.ends(Effect::Shown(POST, 8)));
        assert!(board.is_writing(EVENT));
        assert!(first.ends(Effect::Shown(POST, 7)));
        assert!(!board.is_writing(EVENT));
        assert_eq!(board.take_shown(), []);
    }

    #[test]
    fn an_unclear_end_asks_for_an_edit_and_an_untouched_post_does_not() {
        let board = Board::default();
        assert!(board.write(EVENT).ends(Effect::Unclear));
        assert!(!board.write(EVENT).ends(Effect::Untouched));
        assert_eq!(board.take_shown(), []);
    }

    #[test]
    fn a_copy_of_a_post_says_nothing_about_it_and_asks_for_an_edit() {
        let board = Board::default();
        let write = board.write(EVENT);
        board.writes_a_copy(EVENT);
        assert!(write.ends(Effect::Shown(MessageId::new(9), 7)));
        assert_eq!(board.take_shown(), []);
    }

    #[test]
    fn what_a_message_shows_never_becomes_older() {
        let board = Board::default();
        for version in [7, 6] {
            assert!(!board.write(EVENT).ends(Effect::Shown(POST, version)));
        }
        assert_eq!(board.take_shown(), [shown(7)]);
    }

    #[test]
    fn a_write_that_never_ends_is_in_doubt_and_nothing_waits_for_it() {
        let board = Board::default();
        let other = board.write(EVENT);
        drop(board.write(EVENT));
        assert!(other.ends(Effect::Shown(POST, 7)), "it overlapped");
        drop(board.write(EVENT));
        assert!(!board.is_writing(EVENT));
    }
}
