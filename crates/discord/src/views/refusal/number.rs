//! Which of several numbers and times in a form is wrong, by what stands above it there.

use muster_engine::refusal::{Number, Refusal};

use super::{places, said, when};
use crate::views::messages::{Key, Words};

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
pub(super) fn wrong(words: Words, number: Number, refusal: &Refusal) -> String {
    let why = match (number, refusal) {
        (Number::Minimum, Refusal::Capacity(error)) => places::impossible_people(words, *error),
        (Number::Minimum, Refusal::CapacityNotANumber(given)) => {
            places::no_number_of_people(words, given)
        }
        (Number::MinimumBefore, Refusal::Close(error)) => when::is_checked(words, error),
        (_, refusal) => said(words, refusal),
    };
    words.filled(Key::RefusalIn, &[("field", label(words, number)), ("why", &why)])
}
