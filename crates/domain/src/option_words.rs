//! Words → the answers that an event offers: "Yes, No, Maybe", "🛡 Tank 2, 💚 Healer 3, Bench" or
//! "Tank 2: Warrior, Paladin; Healer: Paladin, Priest 2; Bench".

mod headings;

use std::fmt;

use thiserror::Error;

use crate::answer_option::{AnswerOption, Colour, OptionId, Options};
use crate::capacity::{Capacity, CapacityError};
use crate::emoji::Emoji;
use crate::heading::{SharedPlaces, let_come};
use crate::limits::OPTIONS_MAX;
use crate::text::{GroupName, OptionLabel, TextError};

/// Why words for options were not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OptionWordsError {
    /// There is nothing in them.
    #[error("there is no answer in it; write them with commas between, as in `Yes, No, Maybe`")]
    None,
    /// More than one select menu holds.
    #[error("{0} answers are too many; an event offers at most {max}", max = OPTIONS_MAX)]
    TooMany(usize),
    /// A label is missing or too long.
    #[error("the answer `{words}` cannot be: {error}")]
    Label {
        /// What was written.
        words: String,
        /// What is wrong with it.
        error: TextError,
    },
    /// Two options could not be told apart.
    #[error("the answer `{0}` is there twice")]
    Twice(String),
    /// The number after a label cannot be a number of places.
    #[error("the answer `{words}` cannot be: {error}")]
    Places {
        /// What was written.
        words: String,
        /// What is wrong with it.
        error: CapacityError,
    },
    /// A heading has no answers below it.
    #[error("the heading `{0}` has no answers")]
    BareHeading(String),
    /// The number after a heading cannot be a number of places.
    #[error("the heading `{words}` cannot be: {error}")]
    SharedPlaces {
        /// What was written.
        words: String,
        /// What is wrong with it.
        error: CapacityError,
    },
}

/// What a word says about the one who picks it.
struct Meaning {
    colour: Colour,
    coming: bool,
    told: bool,
}

const AGREES: Meaning = Meaning { colour: Colour::Green, coming: true, told: true };
const COMES: Meaning = Meaning { colour: Colour::Blue, coming: true, told: true };
const UNSURE: Meaning = Meaning { colour: Colour::Grey, coming: false, told: true };
const DECLINES: Meaning = Meaning { colour: Colour::Red, coming: false, told: false };

const AGREEING: &[&str] = &["accept", "attending", "coming", "going", "in", "present", "yes"];
const UNDECIDED: &[&str] = &[
    "backup",
    "bench",
    "interested",
    "late",
    "maybe",
    "not sure",
    "perhaps",
    "reserve",
    "standby",
    "substitute",
    "tentative",
    "undecided",
    "unsure",
];
const DECLINING: &[&str] = &[
    "absence",
    "absent",
    "busy",
    "can't",
    "cannot",
    "can't come",
    "cannot come",
    "decline",
    "declined",
    "no",
    "not coming",
    "not going",
    "out",
    "unavailable",
];

fn meaning_of(label: &str) -> Meaning {
    let label = label.to_lowercase().replace('’', "'");
    match label.as_str() {
        word if AGREEING.contains(&word) => AGREES,
        word if UNDECIDED.contains(&word) => UNSURE,
        word if DECLINING.contains(&word) => DECLINES,
        _ => COMES,
    }
}

/// One option as written.
struct Piece<'a> {
    words: &'a str,
    /// The heading that it stands under, without its number of places.
    group: Option<&'a str>,
    emoji: Option<Emoji>,
    /// Everything after the emoji.
    whole: &'a str,
    /// What is left of it without a number at its end, and that number.
    numbered: Option<(&'a str, i64)>,
}

impl<'a> Piece<'a> {
    fn cut(group: Option<&'a str>, words: &'a str) -> Self {
        let (emoji, rest) = Emoji::split_from(words);
        let whole = rest.trim();
        Self { words, group, emoji, whole, numbered: number_at_end(whole) }
    }

    /// What tells it from others.
    fn name(&self) -> (Option<&'a str>, &'a str) {
        (self.group, self.numbered.map_or(self.whole, |(label, _)| label))
    }
}

/// Cuts words into options. A heading with a colon holds up to the next one, and ends with a
/// semicolon or a line: "Tank: Warrior, Paladin; Bench".
fn pieces(words: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for part in words.split([';', '\n']) {
        let mut group = None;
        for words in part.split([',', '，', '、']).map(str::trim) {
            let (heading, words) = heading_before(words);
            group = heading.or(group);
            if !words.is_empty() {
                pieces.push(Piece::cut(group, words));
            }
        }
    }
    pieces
}

/// Cuts "Tank: Warrior" after the heading. "Tank: 2" is an option with two places, and the colons
/// of an emoji are its own.
fn heading_before(words: &str) -> (Option<&str>, &str) {
    let (emoji, rest) = Emoji::split_from(words);
    let Some((name, option)) = rest.split_once(": ") else { return (None, words) };
    let option = option.trim();
    // "Tank: 2" and "Tank: (2)".
    let is_number = number_at_end(rest.trim()).is_some_and(|(label, _)| label == name.trim());
    if name.trim().is_empty() || is_number {
        return (None, words);
    }
    // An emoji of a server is code where headings stand.
    let begins = match emoji {
        Some(emoji) if emoji.as_str().starts_with('<') => words.len().saturating_sub(rest.len()),
        Some(_) | None => 0,
    };
    let ends = words.len().saturating_sub(rest.len()).saturating_add(name.len());
    (words.get(begins..ends).map(str::trim), option)
}

/// Cuts "Tank 2", "Tank (2)", "Tank x2", "Tank x 2" and "Tank: 2" before the number.
fn number_at_end(text: &str) -> Option<(&str, i64)> {
    let inner = text.strip_suffix(')').unwrap_or(text);
    let label = inner.trim_end_matches(|c: char| c.is_ascii_digit());
    let number: i64 = inner.get(label.len()..)?.parse().ok()?;
    let (label, bracket) = match label.strip_suffix('(') {
        Some(label) => (label, true),
        None => (label, false),
    };
    if bracket != text.ends_with(')') {
        return None;
    }
    // "Tank -5" is no name, but a number of places that cannot be.
    let (label, number) = match label.strip_suffix(" -") {
        Some(label) => {
            let label = label.trim_end().trim_end_matches(':').trim_end();
            return Some((label, -number)).filter(|(label, _)| !label.is_empty());
        }
        None => (label, number),
    };
    let apart = bracket || label.ends_with([' ', ':']);
    let name = label.trim_end();
    // "Xbox2" is a name, and "Phoenix 2" one with a number.
    let sign = name.strip_suffix(['×', 'x', 'X']).filter(|before| before.ends_with(' '));
    let label = sign.unwrap_or(name).trim_end().trim_end_matches(':').trim_end();
    ((apart || sign.is_some()) && !label.is_empty()).then_some((label, number))
}

/// Reads options written with commas, semicolons or line breaks between. An emoji may stand
/// before each label and a number of places after it; a heading and a colon may stand before those
/// that share it, up to the next semicolon, line break or heading. A number of places after the
/// heading is for all of them together.
///
/// Labels that every community knows ("No", "Maybe", "Bench") mean what they say; everything else
/// is a way of coming. Where labels differ only in their numbers, the numbers belong to the labels.
pub fn read(words: &str) -> Result<Options, OptionWordsError> {
    let mut pieces = pieces(words);
    if pieces.len() > OPTIONS_MAX {
        return Err(OptionWordsError::TooMany(pieces.len()));
    }
    // Taken for an answer it would lose what a heading means, such as its places.
    if let Some(bare) = pieces.iter().find(|piece| piece.whole.ends_with(':')) {
        let heading = bare.words.trim_end_matches(':').chars().take(GroupName::MAX);
        return Err(OptionWordsError::BareHeading(heading.collect()));
    }
    let shared = shared_places(&mut pieces)?;
    let numbers_are_names = has_twice(pieces.iter().map(Piece::name));
    let options = (0_u8..).zip(&pieces).map(|(id, piece)| option(id, piece, numbers_are_names));
    let mut options = options.collect::<Result<Vec<_>, _>>()?;
    if let Some(label) = first_twice(&options) {
        return Err(OptionWordsError::Twice(label));
    }
    let_come(&mut options, &shared);
    let options = Options::new(options).map_err(|_| OptionWordsError::None)?;
    Ok(options.sharing(shared))
}

/// Cuts the headings of options before their numbers of places, and returns these.
fn shared_places(pieces: &mut [Piece<'_>]) -> Result<Vec<SharedPlaces>, OptionWordsError> {
    let written: Vec<&str> = pieces.iter().filter_map(|piece| piece.group).collect();
    let mut shared = Vec::new();
    for piece in pieces {
        let Some(group) = piece.group else { continue };
        let heading = headings::meant(group, &written);
        let words = || group.chars().take(GroupName::MAX).collect::<String>();
        let name = GroupName::parse(heading.name)
            .map_err(|error| OptionWordsError::Label { words: words(), error })?;
        if let Some(places) = heading.places {
            let capacity = Capacity::parse(places)
                .map_err(|error| OptionWordsError::SharedPlaces { words: words(), error })?;
            shared.push(SharedPlaces { heading: name.as_str().into(), capacity });
        }
        piece.group = Some(heading.name);
    }
    Ok(shared)
}

fn option(
    id: u8,
    piece: &Piece<'_>,
    numbers_are_names: bool,
) -> Result<AnswerOption, OptionWordsError> {
    let words = || piece.words.chars().take(OptionLabel::MAX).collect::<String>();
    let (label, number) = match piece.numbered {
        Some((label, number)) if !numbers_are_names => (label, Some(number)),
        _ => (piece.whole, None),
    };
    let label = OptionLabel::parse(label)
        .map_err(|error| OptionWordsError::Label { words: words(), error })?;
    let capacity = number
        .map(Capacity::parse)
        .transpose()
        .map_err(|error| OptionWordsError::Places { words: words(), error })?;
    let group = piece.group.map(GroupName::parse).transpose();
    let group = group.map_err(|error| OptionWordsError::Label { words: words(), error })?;
    let meant = meant(OptionId::new(id), &label);
    Ok(AnswerOption {
        group: group.map(|group| group.as_str().into()),
        emoji: piece.emoji.as_ref().map_or("", Emoji::as_str).into(),
        coming: meant.coming || capacity.is_some(),
        capacity,
        ..meant
    })
}

/// An option with this label that says no more than the label does.
pub(crate) fn meant(id: OptionId, label: &OptionLabel) -> AnswerOption {
    let Meaning { colour, coming, told } = meaning_of(label.as_str());
    AnswerOption {
        id,
        label: label.as_str().into(),
        emoji: Box::default(),
        colour,
        coming,
        told,
        capacity: None,
        allowed: Box::default(),
        granted: None,
        group: None,
        removed: false,
    }
}

fn has_twice<'a>(names: impl Iterator<Item = (Option<&'a str>, &'a str)>) -> bool {
    let lower =
        |(group, label): (Option<&str>, &str)| (group.map(str::to_lowercase), label.to_lowercase());
    let mut names: Vec<_> = names.map(lower).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
}

fn first_twice(options: &[AnswerOption]) -> Option<String> {
    let mut indexed = options.iter().enumerate();
    let is_again = |(index, option): &(usize, &AnswerOption)| {
        options.iter().take(*index).any(|before| before.is_named_as(option))
    };
    indexed.find(is_again).map(|(_, option)| option.label.to_string())
}

/// Options as [`read`] takes them, for a form that is filled already. Removed ones are left out.
#[must_use]
pub fn write(options: &Options) -> String {
    let mut words = String::new();
    let mut before: Option<&AnswerOption> = None;
    for option in options.offered() {
        let goes_on = before.is_some_and(|before| before.group == option.group);
        if before.is_some() {
            words.push_str(if goes_on { ", " } else { "; " });
        }
        if let Some(group) = option.group.as_deref().filter(|_| !goes_on) {
            words.push_str(group);
            if let Some((_, places)) = options.shared_by(option) {
                words.push(' ');
                words.push_str(&places.capacity.to_string());
            }
            words.push_str(": ");
        }
        words.push_str(&Written(option).to_string());
        before = Some(option);
    }
    words
}

/// Whether [`read()`] takes what [`write()`] makes of these for the same names, headings, emoji and
/// places. A name with a comma in it, or a number at its end, can be given otherwise and not in
/// words.
#[must_use]
pub fn can_be_words(options: &Options) -> bool {
    let Ok(read_again) = read(&write(options)) else { return false };
    let is_same = |(option, again): (&AnswerOption, &AnswerOption)| {
        let face = |options: &Options, option: &AnswerOption| {
            let shared = options.shared_by(option).map(|(_, places)| places.capacity);
            let AnswerOption { label, emoji, capacity, group, .. } = option.clone();
            (label, emoji, capacity, group, shared)
        };
        face(options, option) == face(&read_again, again)
    };
    options.offered().count() == read_again.offered().count()
        && options.offered().zip(read_again.offered()).all(is_same)
}

struct Written<'a>(&'a AnswerOption);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AnswerOption { emoji, label, capacity, .. } = self.0;
        if !emoji.is_empty() {
            write!(f, "{emoji} ")?;
        }
        f.write_str(label)?;
        capacity.map_or(Ok(()), |places| write!(f, " {places}"))
    }
}

#[cfg(test)]
mod tests;
