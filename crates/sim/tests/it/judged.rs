//! Holds every answer of the simulator against Discord's own document, where it is at hand. What
//! these tests send is often wrong on purpose, and not judged.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use muster_sim::{Exchange, Observer, SimConfig};

/// What was found so far, each thing once. Looks for itself when it goes.
#[derive(Default)]
pub(crate) struct Judged(Arc<Mutex<BTreeSet<String>>>);

impl Judged {
    /// Looks at every exchange of a simulator that is about to start, unless a test does.
    pub(crate) fn looking_at(config: &mut SimConfig) -> Self {
        let judged = Self::default();
        if let (Some(judge), None) = (muster_openapi::judge(), &config.observer) {
            let found = Arc::clone(&judged.0);
            config.observer = Some(Observer::new(move |exchange| {
                if !is_discords(exchange) {
                    return;
                }
                let Exchange { method, path, route, status, answer, .. } = exchange;
                let answer = (!answer.is_null()).then_some(answer);
                let violations = judge.answer(method, path, *status, answer);
                let told = violations.iter().filter(|one| !is_newer(one));
                let told = told.map(|one| format!("{method} {route} {status}: {one}"));
                found.lock().unwrap_or_else(PoisonError::into_inner).extend(told);
            }));
        }
        judged
    }
}

/// Whether the world decided the answer, to a request for something that Discord has, and nothing
/// that stands before Discord.
fn is_discords(exchange: &Exchange) -> bool {
    let nowhere = matches!(exchange.status, 0 | 404 | 405) && exchange.answer["code"] == 0;
    !exchange.scripted && !nowhere && exchange.status != 0 && !exchange.answer.is_string()
}

/// Whether it is something that Discord has told of since the document was written: `file_types`
/// came on 2026-08-05. The message that a post in a forum begins with stands in the prose only.
fn is_newer(violation: &impl std::fmt::Display) -> bool {
    let violation = violation.to_string();
    let known =
        ["file_types: no such property is known", "answer.message: no such property is known"];
    known.iter().any(|known| violation.ends_with(known))
}

impl Drop for Judged {
    fn drop(&mut self) {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !std::thread::panicking() {
            let list: Vec<_> = found.iter().map(String::as_str).collect();
            assert!(list.is_empty(), "not as Discord's document has it:\n{}", list.join("\n"));
        }
    }
}
