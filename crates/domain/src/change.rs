//! What an organiser can do to an event, and when it is refused.

use jiff::{SignedDuration, Timestamp};

use crate::answer_option::{Options, OptionsError};
use crate::event::{AnswersClose, Event, EventDetails, Phase};
use crate::id::RoleId;
use crate::limits::KEPT_AFTER_CANCEL;
use crate::rules::{EventRules, RulesError};
use crate::text::ImageUrl;

/// What an organiser does to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventChange {
    /// Gives it these details.
    Edit(EventDetails),
    /// Gives it these rules.
    Rules(EventRules),
    /// Has it offer these answers; see [`Options::edited`].
    Options(Options),
    /// Gives it this picture, or none.
    Image(Option<ImageUrl>),
    /// Has it mention this role, or nobody.
    Mention(Option<RoleId>),
    /// Calls it off. Kept for [`crate::limits::KEPT_AFTER_CANCEL`].
    Cancel,
    /// Takes back that it was called off.
    Restore,
    /// Closes the answers before their time.
    Close,
    /// Takes answers again: until the start, or until the end of a running event.
    Reopen,
    /// Takes back that it was created. Kept for [`crate::limits::KEPT_AFTER_CANCEL`].
    Delete,
    /// Brings it back after that.
    BringBack,
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
    /// There is nothing to bring back.
    NotDeleted,
    /// The answers are closed already.
    AlreadyClosed,
    /// The answers are open already.
    AlreadyOpen,
    /// The new start has passed already.
    Past,
    /// The new end has passed already.
    PastEnd,
    /// It would begin or end in the past if the change were taken back.
    PastUndone,
    /// Answers would have closed at this instant already.
    ClosesInThePast(Timestamp),
    /// At this instant, which has passed, it would be looked at whether enough are coming.
    LooksInThePast(Timestamp),
    /// The event would look exactly as before.
    Nothing,
    /// The rules cannot be.
    Rules(RulesError),
    /// It cannot offer these answers.
    Options(OptionsError),
}

impl Event {
    /// The event after a change, its version one higher; or why it cannot be made at `now`.
    pub fn change(&self, change: &EventChange, now: Timestamp) -> Result<Self, ChangeRefusal> {
        let after = match change {
            EventChange::Edit(details) => self.edited(details, now),
            EventChange::Rules(rules) => self.ruled(rules, now),
            EventChange::Options(wanted) => self.offering(wanted, now),
            EventChange::Image(image) => self.pictured(image.as_ref(), now),
            EventChange::Mention(role) => self.mentioning(*role, now),
            EventChange::Cancel => self.cancelled(now),
            EventChange::Restore => self.restored(now),
            EventChange::Close => self.closed(now),
            EventChange::Reopen => self.reopened(now),
            EventChange::Delete => self.deleted(now),
            EventChange::BringBack => self.brought_back(now),
        }?;
        Ok(self.followed_by(after, now))
    }

    /// The event that comes of a change: its version is one higher, and a new start or minimum is
    /// looked at anew.
    pub(crate) fn followed_by(&self, mut after: Self, now: Timestamp) -> Self {
        let minimum_of = |event: &Self| (event.details.span.start(), event.rules.minimum);
        if minimum_of(&after) != minimum_of(self) {
            after = after.with_minimum_planned(now);
        }
        after.version = self.version.saturating_add(1);
        after
    }

    fn edited(&self, details: &EventDetails, now: Timestamp) -> Result<Self, ChangeRefusal> {
        self.refuse_what_has_ended(now)?;
        let (before, after) = (self.details.span, details.span);
        let begins_in_the_past = after.start() != before.start() && after.start() <= now;
        if *details == self.details {
            return Err(ChangeRefusal::Nothing);
        }
        if begins_in_the_past {
            return Err(ChangeRefusal::Past);
        }
        if after.end() <= now {
            return Err(ChangeRefusal::PastEnd);
        }
        // What is to begin yet is closed by its beginning, also if it had begun before.
        let is_ahead = after.start() > now;
        let answers_close = if is_ahead { AnswersClose::AtStart } else { self.answers_close };
        Ok(Self { details: details.clone(), answers_close, ..self.clone() })
    }

    fn ruled(&self, rules: &EventRules, now: Timestamp) -> Result<Self, ChangeRefusal> {
        self.refuse_what_has_ended(now)?;
        rules.validate().map_err(ChangeRefusal::Rules)?;
        let after = Self { rules: rules.clone(), ..self.clone() };
        if self.phase(now) == Phase::Open && after.phase(now) != Phase::Open {
            return Err(ChangeRefusal::ClosesInThePast(after.answers_until()));
        }
        match after.minimum_passed(now).filter(|_| rules.minimum != self.rules.minimum) {
            Some(due) => Err(ChangeRefusal::LooksInThePast(due)),
            None => self.unless_equal(after),
        }
    }

    fn offering(&self, wanted: &Options, now: Timestamp) -> Result<Self, ChangeRefusal> {
        self.refuse_what_has_ended(now)?;
        let options = self.options.edited(wanted).map_err(ChangeRefusal::Options)?;
        self.unless_equal(Self { options, ..self.clone() })
    }

    fn pictured(&self, image: Option<&ImageUrl>, now: Timestamp) -> Result<Self, ChangeRefusal> {
        self.refuse_what_has_ended(now)?;
        self.unless_equal(Self { image: image.cloned(), ..self.clone() })
    }

    fn mentioning(&self, mention: Option<RoleId>, now: Timestamp) -> Result<Self, ChangeRefusal> {
        self.refuse_what_has_ended(now)?;
        self.unless_equal(Self { mention, ..self.clone() })
    }

    fn unless_equal(&self, after: Self) -> Result<Self, ChangeRefusal> {
        if after == *self { Err(ChangeRefusal::Nothing) } else { Ok(after) }
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
        let mut open = Self { closed_at: None, answers_close, ..self.clone() };
        if open.phase(now) != Phase::Open {
            // They had closed by themselves before the start.
            open.rules.close_before = SignedDuration::ZERO;
        }
        Ok(open)
    }

    fn deleted(&self, now: Timestamp) -> Result<Self, ChangeRefusal> {
        match self.deleted_at {
            Some(_) => Err(ChangeRefusal::Deleted),
            None => Ok(Self { deleted_at: Some(now), ..self.clone() }),
        }
    }

    fn brought_back(&self, now: Timestamp) -> Result<Self, ChangeRefusal> {
        let deleted_at = self.deleted_at.ok_or(ChangeRefusal::NotDeleted)?;
        if now.duration_since(deleted_at) > KEPT_AFTER_CANCEL {
            return Err(ChangeRefusal::Deleted);
        }
        Ok(Self { deleted_at: None, ..self.clone() })
    }

    pub(crate) fn refuse_what_has_ended(&self, now: Timestamp) -> Result<(), ChangeRefusal> {
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
    use crate::capacity::Capacity;
    use crate::event::Span;
    use crate::event::tests::{at, event};
    use crate::rules::Minimum;

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
        let mut shorter = event().details;
        shorter.span = Span::new(at(18), at(19)).unwrap();
        let shorter = event().change(&EventChange::Edit(shorter), at(19));
        assert_eq!(shorter, Err(ChangeRefusal::PastEnd), "it is the end that has passed");
    }

    #[test]
    fn a_cut_off_or_a_minimum_whose_time_is_over_is_refused() {
        let late = event().change(&ruled(closing_before(7)), at(12));
        assert_eq!(late, Err(ChangeRefusal::ClosesInThePast(at(11))));
        let needing = |hours| EventRules {
            minimum: Some(Minimum {
                people: Capacity::parse(5).unwrap(),
                before_start: SignedDuration::from_hours(hours),
            }),
            ..EventRules::default()
        };
        let late = event().change(&ruled(needing(7)), at(12));
        assert_eq!(late, Err(ChangeRefusal::LooksInThePast(at(11))));
        let in_time = event().change(&ruled(needing(6)), at(11)).unwrap();
        // Once it was looked at, other rules can still change beside it.
        let hidden = EventRules { names_hidden: true, ..in_time.rules.clone() };
        assert!(in_time.change(&ruled(hidden), at(13)).is_ok());
    }

    fn ruled(rules: EventRules) -> EventChange {
        EventChange::Rules(rules)
    }

    fn closing_before(hours: i64) -> EventRules {
        let close_before = SignedDuration::from_hours(hours);
        EventRules { close_before, ..EventRules::default() }
    }

    #[test]
    fn rules_options_a_picture_and_a_role_are_given_while_the_event_is_not_over() {
        let mut options: Vec<_> = Options::default_four().iter().cloned().collect();
        options.pop();
        let picture = ImageUrl::parse("https://example.org/a.png").unwrap();
        for change in [
            ruled(closing_before(1)),
            EventChange::Options(Options::new(options).unwrap()),
            EventChange::Image(Some(picture)),
            EventChange::Mention(Some(RoleId::new(9))),
        ] {
            let after = event().change(&change, at(19)).unwrap();
            assert_eq!(after.version, 2);
            assert_eq!(after.change(&change, at(19)), Err(ChangeRefusal::Nothing), "{change:?}");
            assert_eq!(event().change(&change, at(20)), Err(ChangeRefusal::Over));
            let cancelled = event().change(&EventChange::Cancel, at(12)).unwrap();
            assert_eq!(cancelled.change(&change, at(13)), Err(ChangeRefusal::Cancelled));
        }
        let wrong = closing_before(-1);
        let error = wrong.validate().unwrap_err();
        assert_eq!(event().change(&ruled(wrong), at(12)), Err(ChangeRefusal::Rules(error)));
    }

    #[test]
    fn an_option_that_is_no_longer_offered_stays_removed() {
        let yes = Options::default_four().iter().next().cloned().unwrap();
        let only_yes = EventChange::Options(Options::new(vec![yes]).unwrap());
        let after = event().change(&only_yes, at(12)).unwrap();
        assert_eq!((after.options.iter().count(), after.options.offered().count()), (4, 1));
    }

    #[test]
    fn reopening_after_the_cut_off_lifts_it() {
        let early = event().change(&ruled(closing_before(4)), at(12)).unwrap();
        assert_eq!(early.phase(at(15)), Phase::Closed);
        let open = early.change(&EventChange::Reopen, at(15)).unwrap();
        assert_eq!([at(17), at(18)].map(|now| open.phase(now)), [Phase::Open, Phase::Running]);
        let closed = early.change(&EventChange::Close, at(12)).unwrap();
        let open = closed.change(&EventChange::Reopen, at(13)).unwrap();
        assert_eq!(open.phase(at(15)), Phase::Closed, "the cut-off stays while it is ahead");
    }

    #[test]
    fn a_new_start_or_minimum_is_looked_at_anew() {
        use crate::capacity::Capacity;
        use crate::rules::Minimum;
        let people = Capacity::parse(2).unwrap();
        let minimum = Some(Minimum { people, before_start: SignedDuration::from_hours(3) });
        let rules = EventRules { minimum, ..EventRules::default() };
        let planned = event().change(&ruled(rules.clone()), at(12)).unwrap();
        assert_eq!(planned.minimum_due(), Some(at(15)));
        let asked = Event { minimum_asked_at: Some(at(15)), ..planned };
        assert_eq!(asked.change(&moved_to(19), at(15)).unwrap().minimum_due(), Some(at(16)));
        let hidden = EventRules { names_hidden: true, ..rules };
        assert_eq!(asked.change(&ruled(hidden), at(15)).unwrap().minimum_due(), None);
    }

    #[test]
    fn a_reopened_event_that_is_put_off_closes_at_its_new_start() {
        let reopened = event().change(&EventChange::Reopen, at(19)).unwrap();
        assert_eq!(reopened.answers_close, AnswersClose::AtEnd);
        let mut longer = reopened.details.clone();
        longer.span = Span::new(at(18), at(21)).unwrap();
        let longer = reopened.change(&EventChange::Edit(longer), at(19)).unwrap();
        assert_eq!(longer.phase(at(20)), Phase::Open, "until its end, as it runs on");
        let mut later = reopened.details.clone();
        later.span = Span::new(at(21), at(22)).unwrap();
        let later = reopened.change(&EventChange::Edit(later), at(19)).unwrap();
        assert_eq!([at(20), at(21)].map(|now| later.phase(now)), [Phase::Open, Phase::Running]);
        let back = later.taken_back_to(&reopened, at(19));
        assert_eq!(back, Err(ChangeRefusal::PastUndone));
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
        assert_eq!(event().change(&until(19), at(19)), Err(ChangeRefusal::PastEnd));
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

    #[test]
    fn a_deleted_event_can_be_brought_back_for_a_month() {
        let back = EventChange::BringBack;
        assert_eq!(event().change(&back, at(12)), Err(ChangeRefusal::NotDeleted));
        let deleted = event().change(&EventChange::Delete, at(12)).unwrap();
        let month = at(12) + KEPT_AFTER_CANCEL;
        let kept = deleted.change(&back, month).unwrap();
        assert_eq!((kept.deleted_at, kept.version), (None, 3));
        let late = month + SignedDuration::from_secs(1);
        assert_eq!(deleted.change(&back, late), Err(ChangeRefusal::Deleted));
    }
}
