//! The rules of the house, checked on the repository as it lies on the disk: no network, no git.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that finds something else than it expects has to end"
)]

mod arrows;
mod dependencies;
mod documents;
mod facts;
mod layout;
mod metadata;
mod migrations;
mod rust_text;
mod traces;
mod tree;
mod wording;

/// Fails with every finding and with what to do about them, if there is any.
fn complain(findings: &[String], what_to_do: &str) {
    assert!(findings.is_empty(), "{what_to_do}\n  {}", findings.join("\n  "));
}
