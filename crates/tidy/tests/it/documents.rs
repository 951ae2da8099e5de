//! Keeps the links between documents whole.

use crate::complain;
use crate::tree::{TextFile, read, root, with_extension};

#[test]
fn every_link_in_a_document_leads_somewhere() {
    let mut findings = Vec::new();
    for file in with_extension("md") {
        for target in targets(&file.text) {
            if let Some(wrong) = fault(&file, target) {
                findings.push(format!("{}: {target}: {wrong}", file.path));
            }
        }
    }
    complain(&findings, "Mend these links:");
}

/// The targets of `[words](target)` and of `![words](target)`.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split("](").skip(1);
    after.filter_map(|rest| rest.split(')').next()).filter(|target| !target.contains('\n'))
}

fn fault(file: &TextFile, target: &str) -> Option<&'static str> {
    if target.contains("://") {
        return None;
    }
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = if path.is_empty() { file.path.clone() } else { joined(folder, path) };
    if !root().join(&path).exists() {
        return Some("there is no such file");
    }
    if heading.is_empty() || has_heading(&read(&path), heading) {
        return None;
    }
    Some("there is no such heading")
}

fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn has_heading(text: &str, wanted: &str) -> bool {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| line.trim_start_matches('#').trim()).any(|line| slug(line) == wanted)
}

/// How a heading is called in a link: small letters, digits and hyphens.
fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn a_link_is_followed_from_where_it_stands() {
    assert_eq!(joined("docs/decisions", "../../README.md"), "README.md");
    assert_eq!(slug("One tap, from wire to wire"), "one-tap-from-wire-to-wire");
    assert_eq!(targets("[a](b.md) and ![c](d.png)").collect::<Vec<_>>(), ["b.md", "d.png"]);
}
