//! Cuts a text into numbers, words and signs, so that spelling is settled before meaning.

use super::words::{self, Meaning};

/// Digits of a number that still has a value; a longer one means nothing to anybody.
const DIGITS_MAX: usize = 13;

/// Where the digit zero stands in the scripts whose digits are read as ours.
const ZEROS: [char; 6] = ['٠', '۰', '०', '০', '๐', '０'];

/// What one token is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Number(Number),
    Word(Option<Meaning>),
    Sign(char),
}

/// A run of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) value: u64,
    /// How many digits were written: "08" has two.
    pub(crate) digits: usize,
}

/// A number, a word or a sign, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
    /// Nothing stands between this token and the one before.
    glued: bool,
}

/// A text in its plain form, with its tokens.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    plain: String,
    tokens: Vec<Token>,
}

impl Text {
    /// Reads a text; every text can be read, also one that will mean nothing.
    pub(crate) fn read(raw: &str) -> Self {
        let plain = plain(raw);
        let mut tokens: Vec<Token> = Vec::new();
        let mut rest = plain.char_indices().peekable();
        let mut end_before = usize::MAX;
        while let Some((start, first)) = rest.next() {
            if first == ' ' {
                continue;
            }
            let mut end = start + first.len_utf8();
            let same = sort_of(first);
            while let Some(&(_, next)) = rest.peek() {
                if same == Sort::Sign || sort_of(next) != same {
                    break;
                }
                end += next.len_utf8();
                rest.next();
            }
            let written = plain.get(start..end).unwrap_or_default();
            let kind = match same {
                Sort::Digit => Kind::Number(number(written)),
                Sort::Letter => Kind::Word(words::meaning(written)),
                Sort::Sign => Kind::Sign(first),
            };
            let glued = end_before == start;
            tokens.push(Token { kind, start, end, glued });
            end_before = end;
        }
        Self { plain, tokens }
    }

    /// Stands before the first token.
    pub(crate) fn cursor(&self) -> Cursor<'_> {
        Cursor { text: self, at: 0 }
    }
}

/// A place between two tokens of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'t> {
    text: &'t Text,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn token(self) -> Option<&'t Token> {
        self.text.tokens.get(self.at)
    }

    /// How many tokens stand before.
    pub(crate) fn position(self) -> usize {
        self.at
    }

    /// Whether nothing follows.
    pub(crate) fn is_end(self) -> bool {
        self.token().is_none()
    }

    /// The place `count` tokens further.
    pub(crate) fn skip(self, count: usize) -> Self {
        Self { at: self.at + count, ..self }
    }

    /// The place one token back; none at the beginning.
    pub(crate) fn before(self) -> Option<Self> {
        Some(Self { at: self.at.checked_sub(1)?, ..self })
    }

    /// Whether the next token touches the one before it.
    pub(crate) fn is_glued(self) -> bool {
        self.token().is_some_and(|token| token.glued)
    }

    /// The next token if it is a number.
    pub(crate) fn number(self) -> Option<Number> {
        match self.token()?.kind {
            Kind::Number(number) => Some(number),
            Kind::Word(_) | Kind::Sign(_) => None,
        }
    }

    /// The next token if it is a number that touches the one before it.
    pub(crate) fn glued_number(self) -> Option<Number> {
        self.number().filter(|_| self.is_glued())
    }

    /// The next token if it is a word.
    pub(crate) fn word(self) -> Option<&'t str> {
        let token = self.token()?;
        match token.kind {
            Kind::Word(_) => self.text.plain.get(token.start..token.end),
            Kind::Number(_) | Kind::Sign(_) => None,
        }
    }

    /// What the next token means, if it is a word with a meaning.
    pub(crate) fn meaning(self) -> Option<Meaning> {
        match self.token()?.kind {
            Kind::Word(meaning) => meaning,
            Kind::Number(_) | Kind::Sign(_) => None,
        }
    }

    /// Whether the next token is this sign.
    pub(crate) fn is_sign(self, sign: char) -> bool {
        self.token().is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    /// The next token if it is a sign.
    pub(crate) fn sign(self) -> Option<char> {
        match self.token()?.kind {
            Kind::Sign(sign) => Some(sign),
            Kind::Number(_) | Kind::Word(_) => None,
        }
    }

    /// The place after the next token if that means this.
    pub(crate) fn after(self, meaning: Meaning) -> Option<Self> {
        (self.meaning() == Some(meaning)).then(|| self.skip(1))
    }

    /// The place after the next token if that is this sign.
    pub(crate) fn after_sign(self, sign: char) -> Option<Self> {
        self.is_sign(sign).then(|| self.skip(1))
    }

    /// The text from here up to another place, as it was written but for case and odd spaces.
    pub(crate) fn written_until(self, end: Self) -> &'t str {
        let from = self.token().map_or(self.text.plain.len(), |t| t.start);
        let last = end.before().and_then(Self::token);
        let to = last.map_or(from, |token| token.end);
        self.text.plain.get(from..to).unwrap_or_default()
    }

    /// The next token with all that touches it: the word that a reader would point at.
    pub(crate) fn chunk(self) -> &'t str {
        let mut end = self.skip(1);
        while end.is_glued() {
            end = end.skip(1);
        }
        self.written_until(end)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Digit,
    Letter,
    Sign,
}

fn sort_of(c: char) -> Sort {
    match c {
        '0'..='9' => Sort::Digit,
        '_' => Sort::Letter,
        c if c.is_alphabetic() => Sort::Letter,
        _ => Sort::Sign,
    }
}

fn number(written: &str) -> Number {
    let value = match written.len() {
        ..=DIGITS_MAX => written.parse().unwrap_or(u64::MAX),
        _ => u64::MAX,
    };
    Number { value, digits: written.len() }
}

/// Lower case, one kind of space, dash and digit, and no apostrophes or invisible characters.
fn plain(raw: &str) -> String {
    raw.chars()
        .filter_map(plain_char)
        .flat_map(char::to_lowercase)
        // Lower-casing some letters leaves a mark behind that belongs to no word of ours.
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .collect()
}

fn plain_char(c: char) -> Option<char> {
    let plain = match c {
        c if is_dropped(c) => return None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '－' | '～' | '~' => '-',
        '\u{ff01}'..='\u{ff5e}' => half_width(c),
        c if c.is_whitespace() || c.is_control() => ' ',
        c => latin_digit(c),
    };
    Some(plain)
}

/// Apostrophes, and what takes no room: hyphens that never show, joiners, marks of direction.
fn is_dropped(c: char) -> bool {
    let is_apostrophe = matches!(c, '\'' | '’' | '‘' | '`' | '´' | '＇');
    let is_invisible = matches!(
        c,
        '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fe0f}'
    );
    is_apostrophe || is_invisible
}

/// Full-width forms stand in the order of ASCII, from `!` on.
fn half_width(c: char) -> char {
    u32::from(c).checked_sub(0xff01 - 0x21).and_then(char::from_u32).unwrap_or(c)
}

fn latin_digit(c: char) -> char {
    ZEROS
        .iter()
        .filter_map(|&zero| u32::from(c).checked_sub(u32::from(zero)))
        .find(|&digit| digit < 10)
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(raw: &str) -> Vec<String> {
        let text = Text::read(raw);
        text.tokens.iter().map(|t| text.plain[t.start..t.end].to_owned()).collect()
    }

    #[test]
    fn numbers_words_and_signs_come_apart() {
        assert_eq!(cut("Fri 8:30PM"), ["fri", "8", ":", "30", "pm"]);
        assert_eq!(
            cut("America/New_York"),
            ["america", "/", "new_york"],
            "a zone keeps its underscore"
        );
    }

    #[test]
    fn odd_spellings_become_plain() {
        assert_eq!(cut("２０：００"), ["20", ":", "00"]);
        assert_eq!(cut("٨ pm"), ["8", "pm"]);
        assert_eq!(cut("8 o’clock"), ["8", "oclock"]);
        assert_eq!(cut("8pm\u{2013}10pm"), ["8", "pm", "-", "10", "pm"]);
        assert_eq!(cut("fri\u{a0}\u{200b}8pm"), ["fri", "8", "pm"]);
    }

    #[test]
    fn a_number_too_long_for_any_clock_has_no_value() {
        let text = Text::read("99999999999999999999999999");
        let number = text.cursor().number().unwrap();
        assert_eq!((number.value, number.digits), (u64::MAX, 26));
    }

    #[test]
    fn a_chunk_is_what_a_reader_points_at() {
        let text = Text::read("at 12:x0 foo");
        assert_eq!(text.cursor().skip(1).chunk(), "12:x0");
        assert_eq!(text.cursor().skip(9).chunk(), "");
    }
}
