//! When it can be said who was there.

use jiff::Timestamp;

use crate::event::{Event, Phase};
use crate::limits::CHECK_IN_BEFORE;
use crate::rules::CheckIn;

impl Event {
    /// From when on somebody can be there: [`CHECK_IN_BEFORE`] the start.
    #[must_use]
    pub fn check_in_from(&self) -> Timestamp {
        self.details.span.start().checked_sub(CHECK_IN_BEFORE).unwrap_or(Timestamp::MIN)
    }

    /// Whether members can check in themselves at this instant: until the end, if the rules let
    /// them.
    #[must_use]
    pub fn can_check_in(&self, now: Timestamp) -> bool {
        let goes_on = match self.phase(now) {
            Phase::Open | Phase::Closed | Phase::Running => true,
            Phase::Over | Phase::Cancelled | Phase::Deleted => false,
        };
        self.rules.check_in != CheckIn::Off && goes_on && now >= self.check_in_from()
    }

    /// Whether organisers can mark who was there at this instant: there is no end to that.
    #[must_use]
    pub fn can_be_marked(&self, now: Timestamp) -> bool {
        let takes_place = match self.phase(now) {
            Phase::Open | Phase::Closed | Phase::Running | Phase::Over => true,
            Phase::Cancelled | Phase::Deleted => false,
        };
        takes_place && now >= self.check_in_from()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use crate::event::tests::{at, event};
    use crate::rules::CheckIn;

    #[test]
    fn members_check_in_from_a_quarter_of_an_hour_before_the_start_until_the_end() {
        let closed = event();
        let mut open = closed.clone();
        open.rules.check_in = CheckIn::Button;
        let minute = SignedDuration::from_mins(1);
        let times = [at(18) - 16 * minute, at(18) - 15 * minute, at(20) - minute, at(20)];
        assert_eq!(times.map(|now| open.can_check_in(now)), [false, true, true, false]);
        assert_eq!(times.map(|now| closed.can_check_in(now)), [false; 4]);
        assert_eq!(times.map(|now| closed.can_be_marked(now)), [false, true, true, true]);
        open.cancelled_at = Some(at(17));
        assert!(!open.can_check_in(at(19)) && !open.can_be_marked(at(20)));
    }
}
