//! When a figure was measured, and what exactly: the date and the commit, so that it can be told
//! which of two tables is the newer one and what it was true of.

use std::process::Command;
use std::sync::OnceLock;

use crate::clock;

/// Where the sources are, so that it does not matter from where the command is run.
const SOURCES: &str = env!("CARGO_MANIFEST_DIR");

/// What a measurement writes itself: that of one part changes nothing in the next.
const WRITTEN: [&str; 2] = [":(top,exclude)bench/results", ":(top,exclude)bench/RESULTS.md"];

/// The commit when it was first asked for, and whether files differ from it.
static COMMIT: OnceLock<String> = OnceLock::new();

/// Looks at the sources now: whatever is changed while it is measured was not measured.
pub(crate) fn look() {
    COMMIT.get_or_init(|| {
        let hash = git(&["rev-parse", "--short", "HEAD"]);
        let [results, all] = WRITTEN;
        let changes = git(&["status", "--porcelain", "--", ":/", results, all]);
        in_words(hash.as_deref(), changes.as_deref())
    });
}

/// "Measured on 2026-11-30 at commit 1a2b3c4 + changes."
pub(crate) fn describe() -> String {
    look();
    let commit = COMMIT.get().map_or("", String::as_str);
    format!("Measured on {} at {commit}.", clock::today().strftime("%Y-%m-%d"))
}

/// Without version control, or without its program, nobody knows.
fn in_words(hash: Option<&str>, changes: Option<&str>) -> String {
    match (hash.map(str::trim), changes.map(str::trim)) {
        (None | Some(""), _) => "an unknown commit".to_owned(),
        (Some(hash), Some("")) => format!("commit {hash}"),
        (Some(hash), Some(_)) => format!("commit {hash} + changes"),
        (Some(hash), None) => format!("commit {hash}, perhaps with changes"),
    }
}

fn git(arguments: &[&str]) -> Option<String> {
    let told = Command::new("git").args(["-C", SOURCES]).args(arguments).output().ok()?;
    told.status.success().then(|| String::from_utf8_lossy(&told.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_named_with_what_is_changed_since() {
        assert_eq!(in_words(Some("1a2b3c4\n"), Some("")), "commit 1a2b3c4");
        assert_eq!(in_words(Some("1a2b3c4\n"), Some(" M a.rs\n")), "commit 1a2b3c4 + changes");
        assert_eq!(in_words(Some("1a2b3c4"), None), "commit 1a2b3c4, perhaps with changes");
        assert_eq!(in_words(None, None), "an unknown commit");
    }

    #[test]
    fn the_date_and_the_commit_are_told_and_no_folder_is() {
        let told = describe();
        assert!(told.starts_with("Measured on 2") && told.ends_with('.'), "{told}");
        assert!(told.contains(" commit") && !told.contains('/'), "{told}");
    }
}
