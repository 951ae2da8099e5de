//! The file `.env`, and which of its lines cannot be read: people mend a line, not a character.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::rc::Rc;

use crate::exit::Exit;

/// Reads `.env` in the working folder, if there is one, and returns the names in it. What is set
/// already stays.
pub(crate) fn read() -> Result<Vec<String>, Exit> {
    match std::fs::read(Path::new(".env")) {
        Ok(text) => load(&text).map(|()| names(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Exit::Surroundings(format!("the file .env cannot be read: {error}"))),
    }
}

/// Sets the variables of the file.
fn load(text: &[u8]) -> Result<(), Exit> {
    let (lines, taken) = Lines::of(text);
    let loaded = dotenvy::Iter::new(lines).load();
    loaded.map_err(|error| complaint(&error, taken.get()))
}

/// The names that are set in the file, which could be read.
fn names(text: &[u8]) -> Vec<String> {
    dotenvy::Iter::new(text).flatten().map(|(name, _)| name).collect()
}

/// What is wrong with what ends in line `last`. It is never repeated: it may hold the token.
fn complaint(error: &dotenvy::Error, last: usize) -> Exit {
    let (line, instead) = if let dotenvy::Error::LineParse(text, _) = error {
        // A value within quotes may have several lines; where it begins is what has to be mended.
        let first = last.saturating_sub(text.lines().count()) + 1;
        (first, "write it as NAME=value, with quotes around a value that has spaces")
    } else {
        (last, "it is not text in UTF-8")
    };
    Exit::Surroundings(format!("line {line} of the file .env cannot be read: {instead}"))
}

/// Gives a file's bytes line by line, however much is asked for, and counts them.
struct Lines<'a> {
    rest: &'a [u8],
    taken: Rc<Cell<usize>>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a [u8]) -> (Self, Rc<Cell<usize>>) {
        let taken = Rc::<Cell<usize>>::default();
        (Self { rest: text, taken: Rc::clone(&taken) }, taken)
    }
}

impl Read for Lines<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(self.rest.len());
        let ahead = self.rest.get(..most).unwrap_or(self.rest);
        let newline = ahead.iter().position(|byte| *byte == b'\n');
        let line = newline.map_or(most, |at| at + 1);
        let ends = newline.is_some() || (most > 0 && most == self.rest.len());
        self.taken.set(self.taken.get() + usize::from(ends));
        if let Some((buffer, line)) = buffer.get_mut(..line).zip(self.rest.get(..line)) {
            buffer.copy_from_slice(line);
        }
        self.rest.consume(line);
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        load(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_bad_line_is_named_by_its_number_and_not_repeated() {
        for (text, line) in [
            ("DISCORD_TOKEN", 1),
            ("# a comment\n\nMUSTER_TEST_A=1\nMUSTER_TEST_B = secret words\nMUSTER_TEST_C=3\n", 4),
            ("\u{feff}MUSTER_TEST_A=1\r\nsecret\r\n", 2),
            ("MUSTER_TEST_A='one\ntwo'\nsecret\n", 3),
        ] {
            let said = complaint(text);
            assert!(said.starts_with(&format!("line {line} of the file .env")), "{text:?}: {said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }

    #[test]
    fn quotes_that_are_never_closed_are_told_of_where_they_open() {
        let said = complaint("MUSTER_TEST_A=1\nMUSTER_TEST_B=\"open\nMUSTER_TEST_C=3\n\n");
        assert!(said.starts_with("line 2 of"), "{said}");
    }

    #[test]
    fn what_is_no_text_is_named_by_its_line_too() {
        let said = load(b"MUSTER_TEST_A=1\nMUSTER_TEST_B=\xff\n").unwrap_err().to_string();
        assert!(said.starts_with("line 2 of") && said.contains("UTF-8"), "{said}");
    }

    #[test]
    fn lines_longer_than_the_reader_takes_at_once_count_once() {
        let long = format!("MUSTER_TEST_A={}\nsecret\n", "a".repeat(20_000));
        assert!(complaint(&long).starts_with("line 2 of"));
    }

    #[test]
    fn good_lines_are_taken() {
        assert_eq!(load(b"MUSTER_TEST_D='four words in quotes'\nexport MUSTER_TEST_E=5"), Ok(()));
        assert_eq!(load(b""), Ok(()));
        assert_eq!(names(b"# A=1\nB=2\nexport C='3 4'\nD=\n"), ["B", "C", "D"]);
    }
}
