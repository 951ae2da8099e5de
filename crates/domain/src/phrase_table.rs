//! Tables of phrases and their meanings, read for tests.

use std::fmt::Write as _;

/// Asserts that each phrase means what stands beside it, in its section of the table. Returns how
/// many there are.
pub(crate) fn check<S>(
    table: &str,
    section: impl Fn(&str) -> S,
    meaning: impl Fn(&S, &str) -> String,
) -> usize {
    let mut present = None;
    let mut wrong = String::new();
    let mut checked = 0;
    for line in table.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix("== ") {
            present = Some(section(header));
            continue;
        }
        let (phrase, expected) = line.split_once('|').unwrap();
        let meaning = meaning(present.as_ref().unwrap(), phrase.trim());
        checked += 1;
        if meaning != expected.trim() {
            writeln!(wrong, "{} | {meaning}", phrase.trim()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "understood differently:\n{wrong}");
    checked
}
