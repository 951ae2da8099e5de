//! Keeps the arrows between our crates pointing one way, as `ARCHITECTURE.md` draws them.

use crate::complain;
use crate::metadata::{Need, manifests};

/// What a crate may need of ours to be built, and what its tests may need beside that.
const ARROWS: [(&str, &[&str], &[&str]); 13] = [
    ("muster-allocator", &[], &[]),
    ("muster-chart", &[], &[]),
    ("muster-domain", &[], &[]),
    ("muster-scratch", &[], &[]),
    ("muster-vitals", &[], &["muster-scratch"]),
    ("muster-store", &["muster-domain", "muster-vitals"], &["muster-scratch"]),
    ("muster-engine", &["muster-domain", "muster-store", "muster-vitals"], &[]),
    (
        "muster-discord",
        &["muster-chart", "muster-domain", "muster-store", "muster-engine", "muster-vitals"],
        &["muster-sim", "muster-openapi", "muster-scratch"],
    ),
    ("muster-web", &["muster-vitals"], &[]),
    ("muster-openapi", &[], &[]),
    ("muster-sim", &[], &["muster-openapi"]),
    ("muster-tidy", &[], &[]),
    (
        "muster",
        &[
            "muster-allocator",
            "muster-domain",
            "muster-store",
            "muster-engine",
            "muster-discord",
            "muster-sim",
            "muster-vitals",
            "muster-web",
        ],
        &["muster-openapi", "muster-scratch"],
    ),
];

/// Crates that measure or test the whole, and may need all.
const MEASURE_THE_WHOLE: [&str; 2] = ["muster-bench", "muster-testkit"];

/// What may need them: crates from elsewhere that only one room of the house knows.
const KNOWN_BY: [(&str, &[&str]); 5] = [
    ("rusqlite", &["muster-bench", "muster-store"]),
    ("tokio-websockets", &["muster-discord"]),
    ("hyper", &["muster-discord", "muster-web"]),
    ("axum", &["muster-sim", "muster-web"]),
    ("clap", &["muster"]),
];

/// All that the rules may need from elsewhere: nothing that does input or output.
const NEEDED_BY_RULES: [&str; 3] = ["jiff", "thiserror", "unicode-properties"];

#[test]
fn our_crates_need_only_what_lies_below_them() {
    let mut findings = Vec::new();
    for (name, needs) in manifests() {
        if MEASURE_THE_WHOLE.contains(&name.as_str()) {
            continue;
        }
        let Some((_, built, tested)) = ARROWS.iter().find(|(known, ..)| *known == name) else {
            findings.push(format!("{name} is new: add it here and to the map in ARCHITECTURE.md"));
            continue;
        };
        let ours = needs.iter().filter(|(need, _)| need.starts_with("muster"));
        let wrong = ours.filter(|(need, kind)| {
            let tested = *kind == Need::Test && tested.contains(&need.as_str());
            !tested && !built.contains(&need.as_str())
        });
        findings.extend(wrong.map(|(need, _)| format!("{name} needs {need}")));
    }
    complain(&findings, "Arrows between crates point down only; put a trait below and fill it:");
}

#[test]
fn what_one_room_knows_stays_there() {
    let mut findings = Vec::new();
    for (name, needs) in manifests() {
        let normal = needs.iter().filter(|(_, kind)| *kind == Need::Normal);
        for (need, _) in normal {
            let room = KNOWN_BY.iter().find(|(known, _)| known == need);
            if room.is_some_and(|(_, rooms)| !rooms.contains(&name.as_str()))
                && !MEASURE_THE_WHOLE.contains(&name.as_str())
            {
                findings.push(format!("{name} needs {need}"));
            }
        }
    }
    complain(&findings, "Only one crate knows each of these; go through its public functions:");
}

#[test]
fn the_rules_stay_pure() {
    let manifests = manifests();
    let needs = manifests.get("muster-domain").expect("there is a crate of rules");
    let findings: Vec<_> = needs
        .iter()
        .filter(|(_, kind)| *kind == Need::Normal)
        .filter(|(need, _)| !NEEDED_BY_RULES.contains(&need.as_str()))
        .map(|(need, _)| need.clone())
        .collect();
    complain(&findings, "The rules do no input or output; take what is needed as a parameter:");
}
