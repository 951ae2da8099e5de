//! Which of several numbers and times in a form is wrong, by what stands above it there.

use muster_domain::limits::CAPACITY_MAX;
use muster_engine::refusal::{Number, Refusal};

use super::{given, places, words};
use crate::views::text::grouped;

/// What stands above the field in which it is written.
#[must_use]
pub const fn label(number: Number) -> &'static str {
    match number {
        Number::Places => "Places",
        Number::SharedPlaces => "Places under the heading",
        Number::Guests => "Guests per member",
        Number::Offer => "Time to accept a place",
        Number::CloseBefore => "Answers close before the start",
        Number::Minimum => "Minimum number coming",
        Number::MinimumBefore => "When to check that, before the start",
        Number::Duration => "Duration",
        Number::Time => "Time",
        Number::UsualTime => "Event time",
        Number::PostingTime => "Posting time",
        Number::Arrives => "I come late",
        Number::Leaves => "I leave early",
    }
}

/// The field, and what is wrong with what was written there.
pub(super) fn wrong(number: Number, refusal: &Refusal) -> String {
    let words = match (number, refusal) {
        (Number::Minimum, Refusal::Capacity(error)) => {
            format!("{} is not possible. {}", places::given(*error), people_possible())
        }
        (Number::Minimum, Refusal::CapacityNotANumber(given)) => {
            format!("{} {}", places::not_a_number(given, "people"), people_possible())
        }
        (Number::MinimumBefore, Refusal::Close(error)) => given::before_start(
            error,
            "Say how long before the start the number is checked, as in `12h` or `1 day`.",
        ),
        (_, refusal) => words(refusal),
    };
    format!("**{}:** {words}", label(number))
}

fn people_possible() -> String {
    let most = grouped(usize::try_from(CAPACITY_MAX).unwrap_or(usize::MAX));
    format!("Choose 1 to {most}, or leave it empty for no minimum.")
}
