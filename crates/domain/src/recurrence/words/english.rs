//! The English words for how often; another language is another file like this one.

use jiff::civil::Weekday;

use crate::when::tokens::Cursor;
use crate::when::words::{Meaning, Unit, meaning};

/// What a word means where something repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// "every"
    Every,
    /// "other", "alternate": every second one.
    Other,
    /// "daily", "fortnightly", "quarterly": every so many of a unit.
    Adverb(u16, Unit),
    /// "weekday", "workdays": Monday to Friday.
    Workday,
    /// "business" in "business day".
    Work,
    /// "weekends"
    Weekends,
    /// "times" after a number.
    Times,
    /// "once", which is one time.
    Once,
    /// "except"
    Except,
    /// "also"
    Also,
    /// "forever"
    Forever,
    /// "end" of a month.
    EndOf,
    /// "penultimate"
    Penultimate,
    /// "starting", "from": the start stands elsewhere.
    Start,
    /// "not" in "but not".
    Not,
    /// "begin" in "weeks begin on".
    Begin,
    /// "through" between two weekdays.
    Through,
    /// Adds nothing.
    Filler,
}

/// Every word, grouped by what it means.
const WORDS: &[(&str, Word)] = &[
    ("every", Word::Every),
    ("each", Word::Every),
    ("evry", Word::Every),
    ("any", Word::Every),
    ("other", Word::Other),
    ("alternate", Word::Other),
    ("alternating", Word::Other),
    ("daily", Word::Adverb(1, Unit::Day)),
    ("everyday", Word::Adverb(1, Unit::Day)),
    ("nightly", Word::Adverb(1, Unit::Day)),
    ("weekly", Word::Adverb(1, Unit::Week)),
    ("biweekly", Word::Adverb(2, Unit::Week)),
    ("fortnightly", Word::Adverb(2, Unit::Week)),
    ("monthly", Word::Adverb(1, Unit::Month)),
    ("quarterly", Word::Adverb(3, Unit::Month)),
    ("yearly", Word::Adverb(1, Unit::Year)),
    ("annually", Word::Adverb(1, Unit::Year)),
    ("annual", Word::Adverb(1, Unit::Year)),
    ("weekday", Word::Workday),
    ("weekdays", Word::Workday),
    ("workday", Word::Workday),
    ("workdays", Word::Workday),
    ("business", Word::Work),
    ("working", Word::Work),
    ("work", Word::Work),
    ("week", Word::Work),
    ("weekends", Word::Weekends),
    ("times", Word::Times),
    ("time", Word::Times),
    ("x", Word::Times),
    ("occurrences", Word::Times),
    ("occurrence", Word::Times),
    ("events", Word::Times),
    ("event", Word::Times),
    ("sessions", Word::Times),
    ("session", Word::Times),
    ("repeats", Word::Times),
    ("once", Word::Once),
    ("except", Word::Except),
    ("excluding", Word::Except),
    ("excl", Word::Except),
    ("without", Word::Except),
    ("skipping", Word::Except),
    ("skip", Word::Except),
    ("also", Word::Also),
    ("plus", Word::Also),
    ("additionally", Word::Also),
    ("forever", Word::Forever),
    ("indefinitely", Word::Forever),
    ("end", Word::EndOf),
    ("penultimate", Word::Penultimate),
    ("from", Word::Start),
    ("starting", Word::Start),
    ("starts", Word::Start),
    ("start", Word::Start),
    ("since", Word::Start),
    ("not", Word::Not),
    ("beginning", Word::Begin),
    ("begin", Word::Begin),
    ("begins", Word::Begin),
    ("through", Word::Through),
    ("thru", Word::Through),
    ("but", Word::Filler),
    ("on", Word::Filler),
    ("the", Word::Filler),
    ("repeat", Word::Filler),
    ("repeating", Word::Filler),
    ("always", Word::Filler),
    ("please", Word::Filler),
];

/// The word at a place.
pub(super) fn word(at: Cursor<'_>) -> Option<Word> {
    let written = at.word()?;
    WORDS.iter().find(|(known, _)| *known == written).map(|(_, word)| *word)
}

/// The place after a word that means this.
pub(super) fn after(at: Cursor<'_>, wanted: Word) -> Option<Cursor<'_>> {
    (word(at) == Some(wanted)).then(|| at.skip(1))
}

/// The weekday at a place, also in the plural: "tuesday", "tue.", "tuesdays".
pub(super) fn weekday(at: Cursor<'_>) -> Option<(Weekday, Cursor<'_>)> {
    let written = at.word()?;
    let known = meaning(written).or_else(|| meaning(written.strip_suffix('s')?));
    let Some(Meaning::Weekday(weekday)) = known else {
        return None;
    };
    let rest = at.skip(1);
    let dot = rest.is_glued().then(|| rest.after_sign('.')).flatten();
    Some((weekday, dot.unwrap_or(rest)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_word_stands_twice_in_the_table() {
        let distinct: BTreeSet<&str> = WORDS.iter().map(|(word, _)| *word).collect();
        assert_eq!(distinct.len(), WORDS.len());
    }
}
