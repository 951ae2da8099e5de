//! Asks cargo what it knows of the workspace and of its dependencies, without the network.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// How a crate needs another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// To be built and to run.
    Normal,
    /// By its tests alone.
    Test,
}

/// The crates of this workspace: name to the names that their manifests ask for.
pub(crate) fn manifests() -> BTreeMap<String, Vec<(String, Need)>> {
    let metadata = cargo_metadata(&["--no-deps"]);
    list(&metadata, "packages")
        .iter()
        .map(|package| {
            let needs = list(package, "dependencies").iter();
            let needs = needs.map(|need| (text(need, "name").to_owned(), kind(need)));
            (text(package, "name").to_owned(), needs.collect())
        })
        .collect()
}

/// A crate that is built on this machine.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its name and version.
    pub(crate) name: String,
    /// Its licence, as an expression; empty if it states none.
    pub(crate) licence: String,
}

/// All crates that this workspace is built and tested with on this machine, ours included.
pub(crate) fn packages() -> Vec<Package> {
    let metadata = resolved();
    list(&metadata, "packages")
        .iter()
        .map(|package| Package {
            name: format!("{} {}", text(package, "name"), text(package, "version")),
            licence: package.get("license").and_then(Value::as_str).unwrap_or_default().to_owned(),
        })
        .collect()
}

/// The crates that the program `muster` is built from on this machine, by id, build scripts
/// included.
pub(crate) fn program_tree() -> BTreeSet<String> {
    let metadata = resolved();
    let resolve = metadata.get("resolve").expect("cargo resolves");
    let nodes: BTreeMap<_, _> =
        list(resolve, "nodes").iter().map(|node| (text(node, "id"), node)).collect();
    let start = nodes.keys().find(|id| id.contains("crates/muster#"));
    let mut found = BTreeSet::new();
    let mut left: Vec<_> = start.copied().into_iter().collect();
    while let Some(id) = left.pop() {
        if found.insert(id.to_owned()) {
            left.extend(nodes.get(id).into_iter().flat_map(|node| needed_to_build(node)));
        }
    }
    found
}

fn needed_to_build(node: &Value) -> impl Iterator<Item = &str> {
    let deps = list(node, "deps").iter();
    deps.filter(|dep| list(dep, "dep_kinds").iter().any(|need| kind(need) == Need::Normal))
        .map(|dep| text(dep, "pkg"))
}

fn kind(need: &Value) -> Need {
    match need.get("kind").and_then(Value::as_str) {
        Some("dev") => Need::Test,
        _ => Need::Normal,
    }
}

/// Other platforms' crates need not be on this machine.
fn resolved() -> Value {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    cargo_metadata(&["--filter-platform", host.expect("cargo knows its host")])
}

fn cargo_metadata(more: &[&str]) -> Value {
    let always = ["metadata", "--format-version", "1", "--offline", "--locked"];
    let said = cargo(&[&always[..], more].concat());
    serde_json::from_str(&said).expect("cargo writes JSON")
}

fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let ran = Command::new(program).args(arguments).current_dir(crate::tree::root()).output();
    let ran = ran.expect("cargo runs");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "cargo {}: {told}", arguments.join(" "));
    String::from_utf8(ran.stdout).expect("cargo writes UTF-8")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("cargo gives a {key}"))
}
