//! Tells code from comments and strings, and finds functions, well enough for counting lines.

/// Stands for a character inside a string.
pub(crate) const IN_STRING: char = '\u{1}';

/// A function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
    /// The lines of its body that hold code, without the one that opens it.
    pub(crate) length: usize,
}

/// The same text, character by character, with comments made blank and the insides of strings
/// replaced by [`IN_STRING`]. Lines stay lines.
pub(crate) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_word = masked.chars().next_back().is_some_and(is_word);
        let (length, fill) = piece(rest, first, after_word);
        let (piece, left) = rest.split_at(length);
        match fill {
            None => masked.push_str(piece),
            Some(fill) => masked.extend(piece.chars().map(|c| if c == '\n' { c } else { fill })),
        }
        rest = left;
    }
    masked
}

/// The functions in masked text that have a body.
pub(crate) fn functions(masked: &str) -> Vec<Function> {
    let starts = masked.match_indices("fn ").filter(|(at, _)| {
        let before = masked.get(..*at).unwrap_or_default();
        !before.chars().next_back().is_some_and(is_word)
    });
    starts.filter_map(|(at, _)| function(masked, at)).collect()
}

fn function(masked: &str, at: usize) -> Option<Function> {
    let rest = masked.get(at..)?;
    let name: String = rest.get("fn ".len()..)?.chars().take_while(|c| is_word(*c)).collect();
    if name.is_empty() {
        return None; // a type such as `fn (u8)`
    }
    let signature = rest.find(['{', ';'])?;
    if rest.get(signature..)?.starts_with(';') {
        return None;
    }
    let body = block(rest.get(signature..)?)?;
    let line = masked.get(..at)?.matches('\n').count() + 1;
    // The brace that closes the body stands on a line that is not counted either.
    let length = body.lines().skip(1).filter(|line| !line.trim().is_empty()).count();
    Some(Function { name, line, length: length.saturating_sub(1) })
}

/// From a brace to the one that closes it.
fn block(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return text.get(..=at);
        }
    }
    None
}

/// How long the piece is with which the text begins, and what replaces it if it is no code.
fn piece(rest: &str, first: char, after_word: bool) -> (usize, Option<char>) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Some(' '));
    }
    if rest.starts_with("/*") {
        return (rest.find("*/").map_or(rest.len(), |end| end + 2), Some(' '));
    }
    if let (false, Some(length)) = (after_word, raw_string(rest)) {
        return (length, Some(IN_STRING));
    }
    match first {
        '"' => (string(rest), Some(IN_STRING)),
        '\'' => character(rest).map_or((1, None), |length| (length, Some(IN_STRING))),
        other => (other.len_utf8(), None),
    }
}

/// The length of a string literal with escapes.
fn string(rest: &str) -> usize {
    let mut escaped = true; // the quote that opens it
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> Option<usize> {
    let opened = ["r", "br", "cr"].iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    let hashes = opened.chars().take_while(|c| *c == '#').count();
    let inside = opened.get(hashes..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(rest.len() - inside.len() + inside.find(&end)? + end.len())
}

/// The length of a character literal; a lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let mut inside = rest.char_indices().skip(1);
    let (_, first) = inside.next()?;
    if first != '\\' {
        return inside.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    inside.next()?; // what is escaped may be a quote
    inside.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn comments_and_strings_are_no_code() {
    let masked = mask("a(\"{\\\"{\", r#\"{\"#, '{', '\\'', b'a'); // {\n/* { */ let b: &'a str;\n");
    assert!(!masked.contains('{'), "{masked}");
    assert!(masked.contains("let b: &'a str;"), "{masked}");
    assert_eq!(masked.lines().count(), 2);
}

#[test]
fn a_function_is_as_long_as_the_code_in_its_body() {
    let text =
        "trait T { fn none(&self); }\npub fn two(a: fn(u8)) {\n  a();\n\n  // why\n  a();\n}\n";
    let found = functions(&mask(text));
    assert_eq!(found, [Function { name: "two".to_owned(), line: 2, length: 2 }]);
}
