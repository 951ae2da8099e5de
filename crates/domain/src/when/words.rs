//! What single words mean, kept as data so that a language is a table and not code.

use jiff::civil::Weekday;

use super::english::ENGLISH;

/// One row of a language: a lower-case word without apostrophes, and what it means.
pub(crate) type Row = (&'static str, Meaning);

/// A day of the year that has a name: its words without apostrophes, month and day.
pub(crate) type NamedDay = (&'static [&'static str], i8, i8);

/// The words of one language.
pub(crate) struct Language {
    pub(crate) words: &'static [Row],
    /// Days that fall on the same date every year.
    pub(crate) named_days: &'static [NamedDay],
}

/// Every language that is understood; the first one that knows a word wins.
pub(crate) const LANGUAGES: [Language; 1] = [ENGLISH];

/// A unit in which people count time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
    Year,
}

/// A stretch of the day, which settles what an hour without am or pm means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayPart {
    Morning,
    Afternoon,
    Evening,
    Night,
}

/// A half of the twelve-hour clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    Am,
    Pm,
}

/// What a word means, whatever the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Friday.
    Weekday(Weekday),
    /// December: 1 to 12.
    Month(i8),
    /// Tomorrow: days from today.
    Day(i32),
    /// Tonight, which names a day and a part of it.
    Tonight,
    /// Evening.
    Part(DayPart),
    /// Noon.
    Noon,
    /// Midnight.
    Midnight,
    /// A number written out, 0 to 20 and the tens up to 90.
    Count(u8),
    /// A place in a row: 1 to 20, and 30.
    Ordinal(u8),
    /// The letters after a place in a row: 5th.
    OrdinalEnd,
    /// A unit of time.
    Unit(Unit),
    /// am or pm in one word.
    Half(Half),
    /// A word after an hour that adds nothing: o'clock.
    HourMark,
    /// A word after an hour on the 24-hour clock: hrs.
    LongHourMark,
    /// "a", "an".
    Article,
    /// "half", of an hour or before "past".
    HalfOf,
    /// "quarter".
    QuarterOf,
    /// "couple".
    Couple,
    /// "past" in "half past eight".
    Past,
    /// "after", "from": counted from a day.
    After,
    /// "to": up to an end, or before an hour.
    To,
    /// "until": up to an end.
    Until,
    /// "and".
    And,
    /// "for": how long.
    For,
    /// "in": how far ahead, or a filler.
    In,
    /// "now", as in "two hours from now".
    Now,
    /// "this".
    This,
    /// "next".
    Next,
    /// "last": the one before, or the last of a month.
    Last,
    /// "coming": the very next.
    Coming,
    /// "weekend".
    Weekend,
    /// Adds nothing: at, on, the.
    Filler,
}

/// What a word means in the first language that knows it.
pub(crate) fn meaning(word: &str) -> Option<Meaning> {
    LANGUAGES
        .iter()
        .flat_map(|language| language.words)
        .find(|(known, _)| *known == word)
        .map(|&(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_reachable() {
        for Language { words, named_days } in LANGUAGES {
            let distinct: BTreeSet<&str> = words.iter().map(|(word, _)| *word).collect();
            assert_eq!(distinct.len(), words.len(), "a word stands twice in a table");
            let in_names = named_days.iter().flat_map(|(words, ..)| *words);
            for word in distinct.iter().chain(in_names) {
                let plain = word.chars().all(|c| c.is_alphabetic() && !c.is_uppercase());
                assert!(plain, "{word:?} can never come out of the tokenizer");
            }
        }
    }
}
