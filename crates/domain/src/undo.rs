//! Taking a change of an event back.

use jiff::Timestamp;

use crate::change::ChangeRefusal;
use crate::event::Event;

impl Event {
    /// The event with all that an organiser can change as it was in `earlier`, its version one
    /// higher; or why that cannot be at `now`. Who picked an option that `earlier` does not have
    /// keeps that answer, as after any other change of the options.
    pub fn taken_back_to(&self, earlier: &Self, now: Timestamp) -> Result<Self, ChangeRefusal> {
        let is_off = self.cancelled_at.is_some() || self.deleted_at.is_some();
        if !is_off {
            self.refuse_what_has_ended(now)?;
        }
        let (present, wanted) = (self.details.span, earlier.details.span);
        let begins_in_the_past = wanted.start() != present.start() && wanted.start() <= now;
        if wanted != present && (begins_in_the_past || wanted.end() <= now) {
            return Err(ChangeRefusal::PastUndone);
        }
        let after = Self {
            details: earlier.details.clone(),
            options: self.options.edited(&earlier.options).map_err(ChangeRefusal::Options)?,
            rules: earlier.rules.clone(),
            image: earlier.image.clone(),
            mention: earlier.mention,
            answers_close: earlier.answers_close,
            closed_at: earlier.closed_at,
            cancelled_at: earlier.cancelled_at,
            deleted_at: earlier.deleted_at,
            ..self.clone()
        };
        Ok(self.followed_by(after, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer_option::Options;
    use crate::capacity::Capacity;
    use crate::change::EventChange;
    use crate::event::tests::{at, event};
    use crate::event::{EventDetails, Phase, Span};
    use crate::id::RoleId;
    use crate::rules::EventRules;
    use crate::text::ImageUrl;

    fn moved_to(hour: i8) -> EventChange {
        let span = Span::new(at(hour), at(hour + 1)).unwrap();
        EventChange::Edit(EventDetails { span, ..event().details })
    }

    fn without_no() -> EventChange {
        let four = event().options;
        let three = four.iter().filter(|option| &*option.label != "No").cloned().collect();
        EventChange::Options(Options::new(three).unwrap())
    }

    #[test]
    fn every_change_can_be_taken_back() {
        let rules = EventRules { names_hidden: true, ..EventRules::default() };
        let image = ImageUrl::parse("https://example.org/a.png").ok();
        for change in [
            moved_to(19),
            EventChange::Rules(rules),
            without_no(),
            EventChange::Image(image),
            EventChange::Mention(Some(RoleId::new(9))),
            EventChange::Cancel,
            EventChange::Close,
            EventChange::Delete,
        ] {
            let changed = event().change(&change, at(12)).unwrap();
            let mut back = changed.taken_back_to(&event(), at(13)).unwrap();
            assert_eq!(back.version, 3);
            back.version = 1;
            let names = |event: &Event| {
                let offered = event.options.offered().map(|option| option.label.clone());
                offered.collect::<Vec<_>>()
            };
            assert_eq!(names(&back), names(&event()));
            back.options = event().options;
            assert_eq!(back, Event { minimum_asked_at: back.minimum_asked_at, ..event() });
        }
    }

    #[test]
    fn an_option_that_was_added_stays_as_a_removed_one() {
        let fewer = event().change(&without_no(), at(12)).unwrap();
        let four = EventChange::Options(event().options);
        let again = fewer.change(&four, at(12)).unwrap();
        let back = again.taken_back_to(&fewer, at(12)).unwrap();
        assert_eq!((back.options.iter().count(), back.options.offered().count()), (4, 3));
    }

    #[test]
    fn a_reopening_is_taken_back_to_when_answers_closed_before() {
        let closed = event().change(&EventChange::Close, at(12)).unwrap();
        let open = closed.change(&EventChange::Reopen, at(13)).unwrap();
        let back = open.taken_back_to(&closed, at(13)).unwrap();
        assert_eq!((back.closed_at, back.phase(at(13))), (Some(at(12)), Phase::Closed));
    }

    #[test]
    fn nothing_goes_back_into_the_past_and_what_is_over_stays() {
        let later = event().change(&moved_to(19), at(12)).unwrap();
        assert_eq!(later.taken_back_to(&event(), at(18)), Err(ChangeRefusal::PastUndone));
        assert_eq!(later.taken_back_to(&event(), at(20)), Err(ChangeRefusal::Over));
        let longer = Span::new(at(18), at(21)).unwrap();
        let longer = EventChange::Edit(EventDetails { span: longer, ..event().details });
        let longer = event().change(&longer, at(12)).unwrap();
        assert_eq!(longer.taken_back_to(&event(), at(20)), Err(ChangeRefusal::PastUndone));
        let mut larger = event();
        larger.details.capacity = Capacity::parse(5).ok();
        assert!(larger.taken_back_to(&event(), at(19)).is_ok(), "while it runs");
    }

    #[test]
    fn a_cancellation_is_taken_back_even_after_the_end() {
        let cancelled = event().change(&EventChange::Cancel, at(19)).unwrap();
        let back = cancelled.taken_back_to(&event(), at(20)).unwrap();
        assert_eq!(back.phase(at(20)), Phase::Over);
    }
}
