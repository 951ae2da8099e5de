//! Words about what else was given: a picture, numbers, reminders, codes.

use jiff::Timestamp;
use muster_domain::limits::{
    CLEAN_UP_HOURS_MAX, GUESTS_MAX, IMAGE_URL_MAX, REMINDERS_MAX, TELL_GAP, TELLINGS_A_DAY,
};
use muster_domain::reminder::{Placeholder, RemindersError, UnknownPlaceholder};
use muster_domain::text::ImageUrlError;
use muster_engine::refusal::CheckInRefusal;
use muster_vitals::limiter::CODE_RATE;

use super::{listed, when};
use crate::views::messages::{Key, Words};
use crate::views::text::{plain, relative};

pub(super) fn hours_after_end(words: Words, given: &str) -> String {
    let most = CLEAN_UP_HOURS_MAX.to_string();
    words.filled(Key::RefusalHours, &[("words", &plain(given)), ("max", &most)])
}

pub(super) fn guests(words: Words, given: &str) -> String {
    let most = GUESTS_MAX.to_string();
    words.filled(Key::RefusalGuests, &[("words", &plain(given)), ("max", &most)])
}

pub(super) fn image(words: Words, error: ImageUrlError) -> String {
    match error {
        ImageUrlError::NotAnAddress => words.plain(Key::RefusalPictureAddress).to_owned(),
        ImageUrlError::Characters => words.plain(Key::RefusalPictureCharacters).to_owned(),
        ImageUrlError::TooLong { length } => {
            let (length, most) = (length.to_string(), IMAGE_URL_MAX.to_string());
            words.filled(Key::RefusalPictureLong, &[("length", &length), ("max", &most)])
        }
    }
}

pub(super) fn reminders(words: Words, error: RemindersError) -> String {
    match error {
        RemindersError::Twice => words.plain(Key::RefusalReminderTwice).to_owned(),
        RemindersError::Unreachable => words.plain(Key::RefusalReminderDirect).to_owned(),
        RemindersError::Full => words.counted(Key::RefusalReminderFull, REMINDERS_MAX),
    }
}

/// What stands in braces and is none, with those that there are.
pub(super) fn placeholder(words: Words, error: &UnknownPlaceholder) -> String {
    let known = Placeholder::ALL.map(|known| format!("{{{}}}", known.name()));
    let known = listed(words, Key::RefusalOr, &known);
    let name = format!("{{{}}}", plain(&error.0));
    words.filled(Key::RefusalPlaceholder, &[("name", &name), ("known", &known)])
}

pub(super) fn told_enough(words: Words, then: Timestamp) -> String {
    let (minutes, most) = (TELL_GAP.as_mins().to_string(), TELLINGS_A_DAY.to_string());
    let values = [("minutes", minutes.as_str()), ("max", &most), ("away", &relative(then))];
    words.filled(Key::RefusalToldEnough, &values)
}

pub(super) fn check_in(words: Words, why: CheckInRefusal) -> String {
    let key = match why {
        CheckInRefusal::NotYet(from) => return when::at(words, Key::RefusalPresenceEarly, from),
        CheckInRefusal::Closed => Key::RefusalPresenceClosed,
        CheckInRefusal::WrongCode => Key::RefusalPresenceCode,
        CheckInRefusal::TooManyCodes => {
            let codes = CODE_RATE.times().to_string();
            let seconds = CODE_RATE.within().as_secs().to_string();
            let values = [("codes", codes.as_str()), ("seconds", &seconds)];
            return words.filled(Key::RefusalPresenceCodes, &values);
        }
        CheckInRefusal::NoCode => Key::RefusalPresenceCodeless,
        CheckInRefusal::NoPlace => Key::RefusalPresencePlace,
    };
    words.plain(key).to_owned()
}
