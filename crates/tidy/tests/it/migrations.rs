//! Keeps the steps of the database's schema as they were released: databases out there were made
//! by them.

use crate::complain;
use crate::tree::{read, with_extension};

/// Where the steps are listed, in order, each with its hash.
const LIST: &str = "crates/tidy/migrations.txt";

#[test]
fn a_released_migration_never_changes() {
    let lines: Vec<_> = with_extension("sql")
        .iter()
        .filter(|file| file.path.contains("/migrations/"))
        .map(|file| format!("{:016x} {}", fnv1a(&file.text), file.path))
        .collect();
    let list = read(LIST);
    let listed: Vec<_> = list.lines().filter(|line| !line.starts_with('#')).collect();
    let mut findings: Vec<_> = lines
        .iter()
        .filter(|line| !listed.contains(&line.as_str()))
        .map(|line| format!("not listed: {line}"))
        .collect();
    let gone = listed.iter().filter(|line| !lines.iter().any(|one| one == *line));
    findings.extend(gone.map(|line| format!("listed, but not there: {line}")));
    complain(
        &findings,
        "Undo the change of a released migration and write a new one with the next number. If it \
         is new, or was never released, put its line into crates/tidy/migrations.txt:",
    );
}

/// A hash that notices an accident; FNV-1a, 64 bits.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn the_hash_is_the_one_that_others_compute() {
    assert_eq!(fnv1a(""), 0xcbf2_9ce4_8422_2325);
    assert_eq!(fnv1a("a"), 0xaf63_dc4c_8601_ec8c);
}
