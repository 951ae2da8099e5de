//! Keeps traces of anyone's machine out of the repository, so that it builds for everybody.

use crate::complain;
use crate::tree::{read, text_files};

/// Paths that only one machine has, in pieces so that this file does not find itself.
const PATHS: [&str; 6] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/tm", "p/"),
    concat!("/wo", "rk/"),
    concat!("/Us", "ers/"),
    concat!("C:", "\\"),
];

/// Where a package may come from.
const INDEX: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[test]
fn no_file_names_a_path_of_one_machine() {
    let mut findings = Vec::new();
    for file in text_files() {
        for (index, line) in file.text.lines().enumerate() {
            let found = PATHS.iter().filter(|path| names(line, path));
            findings.extend(found.map(|path| format!("{}:{} {path}", file.path, index + 1)));
        }
    }
    complain(&findings, "Take the path from the environment, or from where the file lies:");
}

/// Whether the path begins there, rather than being the rest of a longer one.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "._-/}$*".contains(c))
    })
}

#[test]
fn every_locked_package_comes_from_the_default_registry() {
    let findings: Vec<_> = read("Cargo.lock")
        .lines()
        .filter_map(|line| line.strip_prefix("source = "))
        .filter(|source| source.trim_matches('"') != INDEX)
        .map(str::to_owned)
        .collect();
    complain(&findings, "Take dependencies from crates.io alone; remove these from Cargo.lock:");
}

#[test]
fn the_lock_file_belongs_to_the_repository() {
    let ignored = read(".gitignore").lines().any(|line| line.contains("Cargo.lock"));
    assert!(!ignored, "Take Cargo.lock out of .gitignore: everybody builds the same program.");
}

#[test]
fn no_settings_name_a_registry() {
    let findings: Vec<_> = text_files()
        .iter()
        .filter(|file| {
            let settings = file.path.starts_with(".cargo/") || file.name() == ".npmrc";
            let locked = file.name() == "package-lock.json";
            settings && (file.text.contains("[source") || file.text.contains("registry="))
                || locked && file.text.contains("\"resolved\": \"http")
        })
        .map(|file| file.path.clone())
        .collect();
    complain(&findings, "Leave the choice of a registry to whoever builds:");
}

#[test]
fn a_path_is_found_where_it_begins() {
    let path = concat!("/tm", "p/");
    assert!(names(&format!("cd {path}x"), path));
    assert!(names(&format!("\"{path}x\""), path));
    assert!(!names(&format!("a{path}x"), path));
}
