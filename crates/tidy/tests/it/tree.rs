//! Finds the files of the repository, so that each rule can be asked of each of them.

use std::fs;
use std::path::{Path, PathBuf};

/// What is made by building and running, as in `.gitignore`, and what belongs to git.
const NOT_OURS: [&str; 5] = [".git", ".env", "data", "node_modules", "target"];

/// A file that can be read as text.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// Its path from the root of the repository, with `/` between the parts.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
}

impl TextFile {
    /// Its name without the folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether the whole file belongs to the tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.split('/').any(|part| part == "tests")
            || self.name() == "tests.rs"
            || self.name().ends_with("_tests.rs")
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("this crate lies in `crates/tidy`").to_path_buf()
}

/// All text files, by path.
pub(crate) fn text_files() -> Vec<TextFile> {
    let mut found = Vec::new();
    visit(&root(), "", &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// All Rust files, by path.
pub(crate) fn rust_files() -> Vec<TextFile> {
    with_extension("rs")
}

/// All files with this extension, by path.
pub(crate) fn with_extension(extension: &str) -> Vec<TextFile> {
    let is_one =
        |file: &TextFile| Path::new(&file.path).extension().is_some_and(|e| e == extension);
    let found: Vec<_> = text_files().into_iter().filter(is_one).collect();
    assert!(!found.is_empty(), "there are files that end in .{extension}");
    found
}

/// One file that has to be there.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn visit(folder: &Path, prefix: &str, found: &mut Vec<TextFile>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{prefix}: {error}"));
    for entry in entries {
        let entry = entry.expect("the folder can be read to its end");
        let name = entry.file_name().to_string_lossy().into_owned();
        if NOT_OURS.contains(&name.as_str()) {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type().expect("a file has a type").is_dir() {
            visit(&entry.path(), &path, found);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            // What is not UTF-8 is a picture or a database.
            found.push(TextFile { path, text });
        }
    }
}
