//! Keeps the tree of dependencies small and free for everybody to use.

use crate::complain;
use crate::metadata::{packages, program_tree};

/// Ours included.
const CRATES_MAX: usize = 200;

/// Licences under which code may be built into Muster: none asks more than to be named.
const LICENCES: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "blessing",
];

#[test]
fn every_dependency_may_be_used_by_everybody() {
    let findings: Vec<_> = packages()
        .iter()
        .filter(|package| !is_free(&package.licence))
        .map(|package| format!("{}: {:?}", package.name, package.licence))
        .collect();
    complain(
        &findings,
        "Choose other dependencies, or add their licence to the list if it asks no more than these:",
    );
}

#[test]
fn the_program_is_built_from_few_crates() {
    let count = program_tree().len();
    assert!(count > 10, "the tree of the program was found: {count}");
    assert!(
        count <= CRATES_MAX,
        "The program is built from {count} crates; see `cargo tree -p muster -e normal,build` and \
         leave something out."
    );
}

/// Whether an expression of licences can be satisfied from the list.
fn is_free(expression: &str) -> bool {
    // An old spelling of "or".
    let expression = expression.replace('/', " OR ");
    let spaced = expression.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut left = words.as_slice();
    either(&mut left) && left.is_empty()
}

fn either(words: &mut &[&str]) -> bool {
    let mut free = all(words);
    while let Some((&"OR", rest)) = words.split_first() {
        *words = rest;
        free |= all(words);
    }
    free
}

fn all(words: &mut &[&str]) -> bool {
    let mut free = one(words);
    while let Some((&"AND", rest)) = words.split_first() {
        *words = rest;
        free &= one(words);
    }
    free
}

fn one(words: &mut &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    *words = rest;
    if *first == "(" {
        let free = either(words);
        let closed = words.split_first().filter(|(word, _)| **word == ")");
        *words = closed.map_or(*words, |(_, rest)| rest);
        return free && closed.is_some();
    }
    match words {
        ["WITH", exception, rest @ ..] => {
            *words = rest;
            LICENCES.contains(&format!("{first} WITH {exception}").as_str())
        }
        _ => LICENCES.contains(first),
    }
}

#[test]
fn an_expression_of_licences_is_read_as_it_is_meant() {
    assert!(is_free("MIT"));
    assert!(is_free("MIT/Apache-2.0"));
    assert!(is_free("GPL-3.0 OR (MIT AND Zlib)"));
    assert!(is_free("Apache-2.0 WITH LLVM-exception"));
    assert!(!is_free("MIT AND GPL-3.0"));
    assert!(!is_free("(MIT OR Zlib) AND GPL-3.0"));
    assert!(!is_free("Apache-2.0 WITH another-exception"));
    assert!(!is_free(""));
}
