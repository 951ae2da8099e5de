//! Lengths of time in the language of a guild.

use jiff::SignedDuration;

use crate::views::messages::{Key, Words};

/// "1 day 2 h": a length in whole minutes.
pub(super) fn in_words(words: Words, length: SignedDuration) -> String {
    let keys = [Key::SpanDays, Key::SpanHours, Key::SpanMinutes];
    let said = parts(words, length, keys);
    if said.is_empty() { words.counted(Key::SpanMinutes, 0) } else { said }
}

/// "1d 2h", as people type it in English; empty for nothing.
pub(super) fn in_short(words: Words, length: SignedDuration) -> String {
    parts(words, length, [Key::SpanShortDays, Key::SpanShortHours, Key::SpanShortMinutes])
}

/// What there is of days, hours and minutes.
fn parts(words: Words, length: SignedDuration, keys: [Key; 3]) -> String {
    let minutes = usize::try_from(length.as_mins()).unwrap_or_default();
    let numbers = [minutes / 1_440, minutes / 60 % 24, minutes % 60];
    let some = numbers.into_iter().zip(keys).filter(|(number, _)| *number > 0);
    some.map(|(number, key)| words.counted(key, number)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use muster_domain::duration::duration_in_words;

    use super::*;

    #[test]
    fn a_length_is_said_in_days_hours_and_minutes() {
        let said = |minutes| in_words(Words::usual(), SignedDuration::from_mins(minutes));
        assert_eq!([0, 1, 90].map(said), ["0 min", "1 min", "1 h 30 min"]);
        assert_eq!([1_440, 2 * 1_440 + 61].map(said), ["1 day", "2 days 1 h 1 min"]);
    }

    #[test]
    fn what_is_short_in_english_is_what_people_type() {
        for minutes in [0, 15, 60, 90, 1_440, 43_201] {
            let length = SignedDuration::from_mins(minutes);
            assert_eq!(in_short(Words::usual(), length), duration_in_words(length));
        }
    }
}
