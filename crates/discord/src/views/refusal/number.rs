//! Which of several numbers and times in a form is wrong, by what stands above it there.

use muster_domain::limits::CAPACITY_MAX;
use muster_engine::refusal::{Number, Refusal};

use super::{given, places, words};
use crate::views::messages::{Key, Words};
use crate::views::text::grouped;

/// What stands above the field in which it is written.
#[must_use]
pub fn label(words: Words, number: Number) -> &'static str {
    words.plain(match number {
        Number::Places => Key::FormPlaces,
        Number::SharedPlaces => Key::NumberShared,
        Number::Guests => Key::NumberGuests,
        Number::Offer => Key::NumberOffer,
        Number::CloseBefore => Key::NumberClose,
        Number::Minimum => Key::NumberMinimum,
        Number::MinimumBefore => Key::NumberMinimumBefore,
        Number::Duration => Key::FormDuration,
        Number::Time => Key::NumberTime,
        Number::UsualTime => Key::SettingsTimesEvent,
        Number::PostingTime => Key::SettingsTimesPosting,
        Number::Arrives => Key::OwnArrives,
        Number::Leaves => Key::OwnLeaves,
    })
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
    format!("**{}:** {words}", label(Words::usual(), number))
}

fn people_possible() -> String {
    let most = grouped(usize::try_from(CAPACITY_MAX).unwrap_or(usize::MAX));
    format!("Choose 1 to {most}, or leave it empty for no minimum.")
}
