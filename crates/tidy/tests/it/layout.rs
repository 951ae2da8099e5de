//! Keeps files and functions short, and says in each file why it exists.

use std::path::Path;

use crate::complain;
use crate::rust_text::{IN_STRING, functions, mask};
use crate::tree::{TextFile, rust_files, text_files};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
const COLUMNS_MAX: usize = 100;

/// Names that tell nothing of the trade, without their endings.
const EMPTY_NAMES: [&str; 10] = [
    "common",
    "helper",
    "helpers",
    "manager",
    "misc",
    "stuff",
    "types",
    "util",
    "utilities",
    "utils",
];

#[test]
fn every_rust_file_says_first_why_it_exists() {
    let findings: Vec<_> = rust_files()
        .iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path.clone())
        .collect();
    complain(&findings, "Begin each file with `//! ` and one sentence that says why it exists:");
}

#[test]
fn a_file_is_short_enough_to_be_read_at_once() {
    let findings: Vec<_> = rust_files()
        .iter()
        .filter(|file| !file.is_test())
        .map(|file| (file, lines_without_tests(&file.text)))
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect();
    complain(&findings, "Cut each file where a reader would, at most 400 lines without its tests:");
}

#[test]
fn a_function_is_short_enough_to_be_seen_at_once() {
    let mut findings = Vec::new();
    for file in rust_files() {
        let long = functions(&mask(&file.text));
        findings.extend(long.iter().filter(|found| found.length > FUNCTION_LINES_MAX).map(
            |found| format!("{}:{} {}: {} lines", file.path, found.line, found.name, found.length),
        ));
    }
    complain(&findings, "Cut each function where a piece is pure, at most 70 lines of code:");
}

#[test]
fn a_line_fits_beside_another_file() {
    let mut findings = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_test()) {
        let before_tests = lines_without_tests(&file.text);
        let masked = mask(&file.text);
        let lines = file.text.lines().zip(masked.lines()).take(before_tests).enumerate();
        findings.extend(
            lines
                .filter(|(_, (line, masked))| columns(line, masked) > COLUMNS_MAX)
                .map(|(index, _)| format!("{}:{}", file.path, index + 1)),
        );
    }
    complain(&findings, "Wrap each line at 100 columns; only strings and addresses may be longer:");
}

#[test]
fn a_chain_of_questions_is_an_if() {
    let mut findings = Vec::new();
    for file in rust_files() {
        let masked = mask(&file.text);
        let lines = masked.lines().enumerate().filter(|(_, line)| line.contains("match () {"));
        findings.extend(lines.map(|(index, _)| format!("{}:{}", file.path, index + 1)));
    }
    complain(&findings, "Say `if` and `else if`, or return early; these match on nothing:");
}

#[test]
fn a_file_is_named_after_its_trade() {
    let findings: Vec<_> = text_files()
        .iter()
        .filter(|file| file.path.split('/').any(has_empty_name))
        .map(|file| file.path.clone())
        .collect();
    complain(&findings, "Name each file and folder after what it does; these could hold anything:");
}

fn has_empty_name(part: &str) -> bool {
    let stem = Path::new(part).file_stem().and_then(|stem| stem.to_str()).unwrap_or(part);
    EMPTY_NAMES.iter().any(|name| stem == *name || stem.ends_with(&format!("_{name}")))
}

/// The lines before the tests that stand in the same file.
fn lines_without_tests(text: &str) -> usize {
    let mut before = 0;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let opens = |next: &&str| next.starts_with("mod ") && next.ends_with('{');
        if line == "#[cfg(test)]" && lines.peek().is_some_and(opens) {
            break;
        }
        before += 1;
    }
    before
}

/// The columns that could be saved: what is inside a string cannot be broken, nor an address.
fn columns(line: &str, masked: &str) -> usize {
    if line.contains("://") {
        return 0;
    }
    masked.chars().filter(|c| *c != IN_STRING).count()
}

#[test]
fn tests_do_not_count() {
    let text = "//! Why.\nfn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
    assert_eq!(lines_without_tests(text), 3);
    let only_named = TextFile { path: "crates/a/src/b_tests.rs".to_owned(), text: String::new() };
    assert!(only_named.is_test());
}
