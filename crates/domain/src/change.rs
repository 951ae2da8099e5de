//! What an organiser can do to an event, and when it is refused.

use jiff::Timestamp;

use crate::event::{AnswersClose, Event, EventDetails, Phase};

/// What an organiser does to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventChange {
    /// Gives it these details.
    Edit(EventDetails),
    /// Calls it off. Kept for [`crate::limits::KEPT_AFTER_CANCEL`].
    Cancel,
    /// Takes back that it was called off.
    Restore,
    /// Closes the answers before their time.
    Close,
    /// Takes answers again: until the start, or until the end of a running event.
    Reopen,
    /// Takes back that it was created.
    Delete,
}

/// Why a change was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// The event was deleted.
    Deleted,
    /// The event is over.
    Over,
    /// The event is cancelled: it can only be restored.
    Cancelled,
    /// There is nothing to restore.
    NotCancelled,
    /// The answers are closed already.
    AlreadyClosed,
    /// The answers are open already.
    AlreadyOpen,
    /// The new start, or the new end, has passed already.
    Past,
    /// The event would look exactly as before.
    Nothing,
}

impl Event {
    /// The event after a change, its version one higher; or why it cannot be made at `now`.
    pub fn change(&self, change: &EventChange, now: Timestamp) -> Result<Self, ChangeRefusal> {
        let mut after = match change {
            EventChange::Edit(details) => self.edited(details, now),
            EventChange::Cancel => self.cancelled(now),
            EventChange::Restore => self.restored(now),
            EventChange::Close => self.closed(now),
            EventChange::Reopen => self.reopened(now),
            EventChange::Delete => self.deleted(now),
        }?;
        after.version = self.version.saturating_add(1);
        Ok(after)
    }

    fn edited(&self, details: &EventDetails, now: Timestamp) -> Result<Self, ChangeRefusal> {
        self.refuse_what_has_ended(now)?;
        let (before, after) = (self.details.span, details.span);
        let begins_in_the_past = after.start() != before.start() && after.start() <= now;
        match () {
            () if *details == self.details => Err(ChangeRefusal::Nothing),
            () if begins_in_the_past || after.end() <= now => Err(ChangeRefusal::Past),
            () => Ok(Self { details: details.clone(), ..self.clone() }),
        }
    }

    fn cancelled(&self, now: Timestamp) -> Result<Self, ChangeRefusal> {
        self.refuse_what_has_ended(now)?;
        Ok(Self { cancelled_at: Some(now), ..self.clone() })
    }

    fn restored(&self, now: Timestamp) -> Result<Self, ChangeRefusal> {
        match self.phase(now) {
            Phase::Cancelled => Ok(Self { cancelled_at: None, ..self.clone() }),
            Phase::Deleted => Err(ChangeRefusal::Deleted),
            Phase::Open | Phase::Closed | Phase::Running | Phase::Over => {
                Err(ChangeRefusal::NotCancelled)
            }
        }
    }

    fn closed(&self, now: Timestamp) -> Result<Self, ChangeRefusal> {
        self.refuse_what_has_ended(now)?;
        match self.phase(now) {
            Phase::Open => Ok(Self { closed_at: Some(now), ..self.clone() }),
            Phase::Closed | Phase::Running | Phase::Over | Phase::Cancelled | Phase::Deleted => {
                Err(ChangeRefusal::AlreadyClosed)
            }
        }
    }

    fn reopened(&self, now: Timestamp) -> Result<Self, ChangeRefusal> {
        self.refuse_what_has_ended(now)?;
        match self.phase(now) {
            Phase::Open => return Err(ChangeRefusal::AlreadyOpen),
            Phase::Closed | Phase::Running | Phase::Over | Phase::Cancelled | Phase::Deleted => {}
        }
        let begun = now >= self.details.span.start();
        let answers_close = if begun { AnswersClose::AtEnd } else { AnswersClose::AtStart };
        Ok(Self { closed_at: None, answers_close, ..self.clone() })
    }

    fn deleted(&self, now: Timestamp) -> Result<Self, ChangeRefusal> {
        match self.deleted_at {
            Some(_) => Err(ChangeRefusal::Deleted),
            None => Ok(Self { deleted_at: Some(now), ..self.clone() }),
        }
    }

    fn refuse_what_has_ended(&self, now: Timestamp) -> Result<(), ChangeRefusal> {
        match self.phase(now) {
            Phase::Deleted => Err(ChangeRefusal::Deleted),
            Phase::Cancelled => Err(ChangeRefusal::Cancelled),
            Phase::Over => Err(ChangeRefusal::Over),
            Phase::Open | Phase::Closed | Phase::Running => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Span;
    use crate::event::tests::{at, event};

    fn moved_to(hour: i8) -> EventChange {
        let mut details = event().details;
        details.span = Span::new(at(hour), at(hour + 1)).unwrap();
        EventChange::Edit(details)
    }

    #[test]
    fn every_change_raises_the_version() {
        for change in [moved_to(19), EventChange::Cancel, EventChange::Close, EventChange::Delete] {
            assert_eq!(event().change(&change, at(12)).unwrap().version, 2, "{change:?}");
        }
    }

    #[test]
    fn an_edit_that_changes_nothing_or_moves_into_the_past_is_refused() {
        let same = EventChange::Edit(event().details);
        assert_eq!(event().change(&same, at(12)), Err(ChangeRefusal::Nothing));
        assert_eq!(event().change(&moved_to(11), at(12)), Err(ChangeRefusal::Past));
        assert_eq!(event().change(&moved_to(19), at(20)), Err(ChangeRefusal::Over));
    }

    #[test]
    fn a_running_event_can_be_made_longer_but_not_end_in_the_past() {
        let until = |hour: i8| {
            let mut details = event().details;
            details.span = Span::new(at(18), at(hour)).unwrap();
            EventChange::Edit(details)
        };
        let longer = event().change(&until(22), at(19)).unwrap();
        assert_eq!(longer.phase(at(21)), Phase::Running);
        assert_eq!(event().change(&until(19), at(19)), Err(ChangeRefusal::Past));
    }

    #[test]
    fn a_cancelled_event_can_only_be_restored() {
        let cancelled = event().change(&EventChange::Cancel, at(12)).unwrap();
        for change in [moved_to(19), EventChange::Cancel, EventChange::Close, EventChange::Reopen] {
            assert_eq!(cancelled.change(&change, at(13)), Err(ChangeRefusal::Cancelled));
        }
        let restored = cancelled.change(&EventChange::Restore, at(13)).unwrap();
        assert_eq!(restored.phase(at(13)), Phase::Open);
        assert_eq!(
            restored.change(&EventChange::Restore, at(13)),
            Err(ChangeRefusal::NotCancelled)
        );
    }

    #[test]
    fn closed_answers_reopen_until_the_start_and_of_a_running_event_until_the_end() {
        let closed = event().change(&EventChange::Close, at(12)).unwrap();
        assert_eq!(closed.phase(at(13)), Phase::Closed);
        assert_eq!(closed.change(&EventChange::Close, at(13)), Err(ChangeRefusal::AlreadyClosed));
        let early = closed.change(&EventChange::Reopen, at(13)).unwrap();
        assert_eq!([at(17), at(18)].map(|now| early.phase(now)), [Phase::Open, Phase::Running]);
        assert_eq!(early.change(&EventChange::Reopen, at(13)), Err(ChangeRefusal::AlreadyOpen));
        let late = closed.change(&EventChange::Reopen, at(19)).unwrap();
        assert_eq!([at(19), at(20)].map(|now| late.phase(now)), [Phase::Open, Phase::Over]);
    }

    #[test]
    fn a_deleted_event_stays_deleted() {
        let deleted = event().change(&EventChange::Delete, at(12)).unwrap();
        for change in [moved_to(19), EventChange::Restore, EventChange::Delete] {
            assert_eq!(deleted.change(&change, at(13)), Err(ChangeRefusal::Deleted));
        }
    }
}
