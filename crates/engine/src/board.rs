//! Which version of its event each post was last seen to show, and which posts are in doubt.
//!
//! A tap is answered with the finished post. When two writes to one message overlap, Discord may
//! apply them in either order: then neither counts as shown, so that the post stays stale in the
//! store and is edited once more. What is noted here is only a saving: after a crash, the posts
//! concerned are edited once too often.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use muster_domain::id::EventId;

use crate::limits::SHOWN_UNWRITTEN_MAX;

/// The board. All methods are short and never wait.
#[derive(Debug, Default)]
pub struct Board {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    writing: HashMap<EventId, Writing>,
    shown: HashMap<EventId, u64>,
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
    /// Discord accepted it: the post showed this version.
    Shown(u64),
    /// Discord may or may not have applied it.
    Unclear,
    /// It did not touch the post.
    Untouched,
}

impl Board {
    /// A write to this event's post is about to be rendered.
    pub fn write_begins(&self, event: EventId) {
        let mut state = self.lock();
        let writing = state.writing.entry(event).or_default();
        writing.in_flight = writing.in_flight.saturating_add(1);
        writing.doubtful |= writing.in_flight > 1;
    }

    /// That write ended. Returns whether the post is in doubt and no other write is under way: then
    /// it wants an edit.
    #[must_use]
    pub fn write_ended(&self, event: EventId, effect: Effect) -> bool {
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
        if let (Effect::Shown(version), false) = (effect, doubtful) {
            let shown = state.shown.entry(event).or_default();
            *shown = version.max(*shown);
        }
        doubtful
    }

    /// Whether a write to this event's post is under way.
    #[must_use]
    pub fn is_writing(&self, event: EventId) -> bool {
        self.lock().writing.contains_key(&event)
    }

    /// Takes what was seen since the last call, to be written down.
    #[must_use]
    pub fn take_shown(&self) -> Vec<(EventId, u64)> {
        std::mem::take(&mut self.lock().shown).into_iter().collect()
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

    #[test]
    fn a_write_alone_counts_as_shown() {
        let board = Board::default();
        board.write_begins(EVENT);
        assert!(!board.write_ended(EVENT, Effect::Shown(7)));
        assert_eq!(board.take_shown(), [(EVENT, 7)]);
        assert_eq!(board.take_shown(), []);
    }

    #[test]
    fn of_two_that_overlap_none_counts_and_the_last_one_asks_for_an_edit() {
        let board = Board::default();
        board.write_begins(EVENT);
        board.write_begins(EVENT);
        assert!(!board.write_ended(EVENT, Effect::Shown(8)));
        assert!(board.is_writing(EVENT));
        assert!(board.write_ended(EVENT, Effect::Shown(7)));
        assert!(!board.is_writing(EVENT));
        assert_eq!(board.take_shown(), []);
    }

    #[test]
    fn an_unclear_end_asks_for_an_edit_and_an_untouched_post_does_not() {
        let board = Board::default();
        board.write_begins(EVENT);
        assert!(board.write_ended(EVENT, Effect::Unclear));
        board.write_begins(EVENT);
        assert!(!board.write_ended(EVENT, Effect::Untouched));
        assert_eq!(board.take_shown(), []);
    }
}
