//! Holds all that the bot sends in a story, and all that the simulated Discord answers, against
//! Discord's own document where it is at hand. Both could otherwise share one misreading.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use muster_openapi::Judge;
use muster_sim::{Counts, Exchange, Observer};
use serde_json::Value;

/// Where a sign-in exchanges its code (RFC 6749, section 3.2). Discord's document leaves that out.
const BESIDE_THE_DOCUMENT: &str = "/oauth2/token";

/// What was found so far.
#[derive(Clone, Default)]
pub(crate) struct Judged(Arc<Mutex<Found>>);

#[derive(Default)]
struct Found {
    /// How many exchanges were looked at.
    exchanges: u64,
    /// Each thing once.
    violations: BTreeSet<String>,
}

impl Judged {
    /// Looks at every exchange.
    pub(crate) fn observer(&self) -> Option<Observer> {
        let judge = muster_openapi::judge()?;
        let found = Arc::clone(&self.0);
        Some(Observer::new(move |exchange| {
            let violations = violations(judge, exchange);
            let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
            found.exchanges += 1;
            found.violations.extend(violations);
        }))
    }

    /// Fails if anything was found, or if nobody looked.
    pub(crate) fn finds_nothing(&self, counts: &Counts) {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let looked = found.exchanges > 0 || counts.requests.is_empty();
        assert!(looked || muster_openapi::judge().is_none(), "nobody looked");
        let list: Vec<_> = found.violations.iter().map(String::as_str).collect();
        assert!(list.is_empty(), "not as Discord's document has it:\n{}", list.join("\n"));
    }
}

fn violations(judge: &Judge, exchange: &Exchange) -> Vec<String> {
    let target = format!("{}?{}", exchange.path, exchange.query);
    let (method, target) = (exchange.method.as_str(), target.as_str());
    if exchange.route.ends_with(BESIDE_THE_DOCUMENT) {
        return Vec::new();
    }
    let mut violations = judge.request(method, target, present(&exchange.request));
    // A scripted answer is as wrong as the story wants it, and what says it in HTML is not
    // Discord but what stands before it.
    let world = !exchange.scripted && exchange.status != 0 && !exchange.answer.is_string();
    if world {
        let answer = present(&exchange.answer);
        violations.extend(judge.answer(method, target, exchange.status, answer));
    }
    let told = |violation| format!("{method} {} {}: {violation}", exchange.route, exchange.status);
    violations.iter().map(told).collect()
}

fn present(value: &Value) -> Option<&Value> {
    (!value.is_null()).then_some(value)
}
