//! Parts of a roster, line by line.

use muster_domain::answer_option::OptionId;
use muster_domain::id::UserId;
use muster_domain::roster::Signup;
use muster_domain::signup_details::SignupDetails;

/// Which part of a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterPart {
    /// Those who picked this option and have a place, in order.
    Option(OptionId),
    /// Those who are offered a place, who wait, and who let an offer lapse, each in order.
    Waitlist,
    /// All: option by option, then those without a place.
    Everyone,
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
    /// Where in the column of the option or, without a place, in the order of the line: from 1.
    pub rank: usize,
}
