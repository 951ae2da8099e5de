//! Keeps unfinished work and switched-off tests out of the code.

use crate::complain;
use crate::rust_text::mask;
use crate::tree::rust_files;

/// Attributes and macros that have no place here, and what to do instead.
const NOT_IN_CODE: [(&str, &str); 5] = [
    ("#[ignore", "mend the test or delete it"),
    ("#[should_panic", "assert on the error"),
    ("#[allow(", "write #[expect(…, reason = \"…\")]"),
    ("todo!", "finish it or leave it out"),
    ("unimplemented!", "finish it or leave it out"),
];

/// Notes to oneself, in pieces so that this file does not find itself.
const NOTES: [&str; 3] = [concat!("FIX", "ME"), concat!("TO", "DO"), concat!("XX", "X")];

#[test]
fn nothing_is_switched_off_or_left_open() {
    let mut findings = Vec::new();
    for file in rust_files() {
        for (index, line) in mask(&file.text).lines().enumerate() {
            let found = NOT_IN_CODE.iter().filter(|(needle, _)| line.contains(needle));
            findings.extend(found.map(|(needle, instead)| {
                format!("{}:{} {needle}: {instead}", file.path, index + 1)
            }));
        }
    }
    complain(&findings, "These have no place in the code:");
}

#[test]
fn nobody_leaves_notes_to_themselves() {
    let mut findings = Vec::new();
    for file in rust_files() {
        let lines = file.text.lines().enumerate();
        let noted =
            lines.filter(|(_, line)| line.split(|c: char| !c.is_alphanumeric()).any(is_note));
        findings.extend(noted.map(|(index, _)| format!("{}:{}", file.path, index + 1)));
    }
    complain(&findings, "Do it now, or open an issue and describe it there:");
}

fn is_note(word: &str) -> bool {
    NOTES.contains(&word)
}
