//! Parts of a roster, line by line.

use muster_domain::answer_option::OptionId;
use muster_domain::id::UserId;
use muster_domain::roster::Signup;
use muster_domain::signup_details::SignupDetails;

use super::{Page, Posted};

/// Which part of a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterPart {
    /// Those who picked this option: who has a place, is offered one, waits, or let an offer lapse,
    /// each in order.
    Option(OptionId),
    /// Those who are offered a place, who wait, and who let an offer lapse, each in order.
    Waitlist,
    /// All: option by option, then those without a place.
    Everyone,
}

/// What a member answered to a guild's events, in numbers and one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// The events that have begun, and what was answered to them.
    pub begun: AttendanceCounts,
    /// Answers to these events and to those that are coming up, latest event first.
    pub answers: Page<(Posted, Signup)>,
}

/// Events that have begun, by what a member answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttendanceCounts {
    /// All events.
    pub events: usize,
    /// Answered that they come, and had a place.
    pub coming: usize,
    /// Answered that they come, and had none.
    pub waiting: usize,
    /// Answered something between: they do not say that they come, and are told all the same.
    pub maybe: usize,
    /// Answered that they do not come.
    pub not_coming: usize,
    /// Of those that count as coming, events from which they were marked as missing.
    pub absent: usize,
}

impl AttendanceCounts {
    /// Events to which they gave no answer.
    #[must_use]
    pub fn unanswered(&self) -> usize {
        let answered = self.coming + self.waiting + self.maybe + self.not_coming;
        self.events.saturating_sub(answered)
    }
}

/// One member of a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterLine {
    /// Who.
    pub member: UserId,
    /// The answer.
    pub signup: Signup,
    /// What was said beside it.
    pub details: SignupDetails,
    /// Where in the column of the option or, without a place, in the order of their line: from 1.
    /// Those who wait for different answers are in one line only where these share their places.
    pub rank: usize,
}
