//! Discord on a bad day, on command: refusals, delays, dropped and refused connections.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::shared::Shared;

/// The most answers that may be scripted at once.
const MAX_RULES: usize = 1_000;

/// What the next matching requests get instead of the real answer.
#[derive(Debug, Clone)]
pub struct ScriptedAnswer {
    /// HTTP status; `None` lets the request through after the delay.
    pub status: Option<u16>,
    /// Body; JSON unless it is a plain text value, which is sent as HTML.
    pub body: Value,
    /// Headers besides the content type.
    pub headers: Vec<(String, String)>,
    /// Waits this long first, on the real clock.
    pub delay: Duration,
    /// Whether the request takes effect before the scripted answer is given, as when a gateway
    /// in front of Discord times out after Discord has done the work.
    pub after_effect: bool,
}

impl ScriptedAnswer {
    /// An answer with a status and a JSON body.
    #[must_use]
    pub fn status(status: u16, body: Value) -> Self {
        Self {
            status: Some(status),
            body,
            headers: Vec::new(),
            delay: Duration::ZERO,
            after_effect: false,
        }
    }

    /// The real answer, late.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self { status: None, delay, ..Self::status(200, Value::Null) }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same, given only after the request has taken effect.
    #[must_use]
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }
}

struct Rule {
    method: String,
    prefix: String,
    left: u32,
    answer: ScriptedAnswer,
}

/// The scripted answers that are still to be given.
#[derive(Default)]
pub(crate) struct Script(Mutex<Vec<Rule>>);

impl Script {
    /// Takes the first rule that fits `path` under the API.
    pub(crate) fn take(&self, method: &str, path: &str) -> Option<ScriptedAnswer> {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |rule: &Rule| {
            (rule.method == "*" || rule.method == method) && path.starts_with(&rule.prefix)
        };
        let at = rules.iter().position(fits)?;
        let rule = rules.get_mut(at)?;
        rule.left -= 1;
        let answer = rule.answer.clone();
        if rule.left == 0 {
            rules.remove(at);
        }
        Some(answer)
    }
}

/// The handle that makes days bad.
#[derive(Clone)]
pub struct Faults {
    pub(crate) shared: Arc<Shared>,
}

impl Faults {
    /// Answers the next `times` requests whose path under `/api/v10` begins with `prefix`.
    /// `method` may be `*`. Rules are tried in the order they were made, 1,000 at most.
    pub fn answer_next(&self, times: u32, method: &str, prefix: &str, answer: ScriptedAnswer) {
        let mut rules = self.shared.script.0.lock().unwrap_or_else(PoisonError::into_inner);
        if times > 0 && rules.len() < MAX_RULES {
            let (method, prefix) = (method.to_owned(), prefix.to_owned());
            rules.push(Rule { method, prefix, left: times, answer });
        }
    }

    /// Forgets all scripted answers.
    pub fn clear(&self) {
        self.shared.script.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Cuts all gateway connections without a close frame. Sessions stay for a resume.
    pub fn drop_gateway(&self) {
        self.shared.gateway.drop_all();
    }

    /// Closes all gateway connections with `code`; 4000 and above as Discord uses them.
    /// Sessions stay except with 4003, 4007 and 4009, which end them.
    pub fn close_gateway(&self, code: u16) {
        self.shared.gateway.close_all(code);
    }

    /// Refuses new gateway connections for `duration` of real time.
    pub fn refuse_gateway(&self, duration: Duration) {
        self.shared.gateway.refuse_for(duration);
    }

    /// Sends op 7: reconnect and resume.
    pub fn ask_to_reconnect(&self) {
        self.shared.gateway.tell_all(r#"{"op":7,"d":null,"s":null,"t":null}"#);
    }

    /// Sends op 9. Not `resumable` also ends the sessions.
    pub fn invalidate_sessions(&self, resumable: bool) {
        let frame = format!(r#"{{"op":9,"d":{resumable},"s":null,"t":null}}"#);
        self.shared.gateway.tell_all(&frame);
        if !resumable {
            self.shared.gateway.forget_sessions();
        }
    }
}
