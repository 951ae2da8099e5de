//! Discord on a bad day, on command: refusals, delays, lost and broken answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::gateway::GatewayFaults;
use crate::shared::{Shared, lock};

/// The most answers that may be scripted at once.
const MAX_RULES: usize = 1_000;

/// What matching requests get instead of, or on top of, the real answer.
///
/// It is built from one of the constructors, and bent by the methods:
/// `ScriptedAnswer::real().cut()`, `ScriptedAnswer::dropped().after_effect()`.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptedAnswer {
    pub(crate) reply: Reply,
    pub(crate) after_effect: bool,
    pub(crate) delay: Duration,
    pub(crate) delivery: Delivery,
}

/// What is said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    /// What the world says.
    Real,
    /// What the script says.
    Fixed { status: u16, body: Value, headers: Vec<(String, String)> },
    /// Nothing: the connection ends without a byte.
    Nothing,
}

/// How the bytes of an answer travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Whole,
    /// The connection ends without a byte.
    Nothing,
    /// Half of the body comes, then the connection ends.
    Cut,
    /// So many bytes of the body at a time, with a pause before each piece.
    Dribbled {
        piece: usize,
        pause: Duration,
    },
}

impl Delivery {
    /// Whether the client gets everything, be it slowly.
    pub(crate) const fn is_whole(self) -> bool {
        match self {
            Self::Whole | Self::Dribbled { .. } => true,
            Self::Nothing | Self::Cut => false,
        }
    }
}

impl ScriptedAnswer {
    const fn of(reply: Reply) -> Self {
        Self { reply, after_effect: false, delay: Duration::ZERO, delivery: Delivery::Whole }
    }

    /// The real answer; bend it with the methods.
    #[must_use]
    pub const fn real() -> Self {
        Self::of(Reply::Real)
    }

    /// An answer with a status and a JSON body. A plain text value is sent as HTML, as what
    /// stands in front of Discord does.
    #[must_use]
    pub const fn status(status: u16, body: Value) -> Self {
        Self::of(Reply::Fixed { status, body, headers: Vec::new() })
    }

    /// The real answer, late.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::real().late(delay)
    }

    /// No answer at all: the connection ends before the request takes effect, or
    /// [after](Self::after_effect) it.
    #[must_use]
    pub const fn dropped() -> Self {
        Self::of(Reply::Nothing)
    }

    /// 429 of the global limit.
    #[must_use]
    pub fn limited_globally(retry_after: Duration) -> Self {
        Self::limited(retry_after, true)
            .header("x-ratelimit-global", "true")
            .header("x-ratelimit-scope", "global")
    }

    /// 429 of the route's own bucket.
    #[must_use]
    pub fn limited_in_bucket(retry_after: Duration) -> Self {
        let after = format!("{:.3}", retry_after.as_secs_f64());
        Self::limited(retry_after, false)
            .header("x-ratelimit-scope", "user")
            .header("x-ratelimit-limit", "5")
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset-after", &after)
            .header("x-ratelimit-bucket", "5c21b7ed")
    }

    /// 429 of a resource that others use, too. It does not count as invalid.
    #[must_use]
    pub fn limited_by_others(retry_after: Duration) -> Self {
        Self::limited(retry_after, false).header("x-ratelimit-scope", "shared")
    }

    /// 429 whose JSON tells how long to wait, without any header that does.
    #[must_use]
    pub fn limited_without_headers(retry_after: Duration) -> Self {
        let mut answer = Self::limited(retry_after, false);
        if let Reply::Fixed { headers, .. } = &mut answer.reply {
            headers.clear();
        }
        answer
    }

    /// 429 whose `Retry-After` says just this, `NaN` for example; the header is missing without a
    /// text. The body is JSON that tells nothing of the time.
    #[must_use]
    pub fn limited_saying(retry_after: Option<&str>) -> Self {
        let body = json!({"message": "You are being rate limited.", "global": false});
        let answer = Self::status(429, body);
        match retry_after {
            Some(text) => answer.header("retry-after", text),
            None => answer,
        }
    }

    /// 429 as a banned address gets it: HTML, no rate-limit headers.
    #[must_use]
    pub fn banned(retry_after: Duration) -> Self {
        Self::status(429, json!(BAN_PAGE)).header("retry-after", &whole_seconds(retry_after))
    }

    fn limited(retry_after: Duration, global: bool) -> Self {
        let body = json!({
            "message": "You are being rate limited.",
            "retry_after": retry_after.as_secs_f64(),
            "global": global,
        });
        Self::status(429, body).header("retry-after", &whole_seconds(retry_after))
    }

    /// The same with one more header. Only scripted answers have headers of their own.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Reply::Fixed { headers, .. } = &mut self.reply {
            headers.push((name.into(), value.into()));
        }
        self
    }

    /// The same, given only after the request has taken effect, as when what stands in front of
    /// Discord times out after Discord has done the work.
    #[must_use]
    pub const fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    /// The same, but this long is waited first, on the runtime's clock.
    #[must_use]
    pub const fn late(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The same, but the connection ends in the middle of the body.
    #[must_use]
    pub const fn cut(mut self) -> Self {
        self.delivery = Delivery::Cut;
        self
    }

    /// The same, but the body comes in pieces of `piece` bytes with a pause before each.
    #[must_use]
    pub const fn dribbled(mut self, piece: usize, pause: Duration) -> Self {
        self.delivery = Delivery::Dribbled { piece, pause };
        self
    }
}

/// What a banned address reads.
pub(crate) const BAN_PAGE: &str = "<!DOCTYPE html><title>Access denied</title>\
     <h1>Error 1015</h1><p>You are being rate limited.</p>";

/// Seconds as `Retry-After` tells them: whole ones, never too few.
pub(crate) fn whole_seconds(duration: Duration) -> String {
    let more = u64::from(duration.subsec_nanos() > 0);
    duration.as_secs().saturating_add(more).to_string()
}

struct Rule {
    method: String,
    prefix: String,
    left: u32,
    ends: Option<Instant>,
    answer: ScriptedAnswer,
}

impl Rule {
    fn fits(&self, method: &str, path: &str, route: &str) -> bool {
        (self.method == "*" || self.method == method)
            && (path.starts_with(&self.prefix) || route.starts_with(&self.prefix))
    }
}

/// The scripted answers that are still to be given.
#[derive(Default)]
pub(crate) struct Script(Mutex<Vec<Rule>>);

impl Script {
    /// Takes the first rule that fits the path under the API, or its route.
    pub(crate) fn take(&self, method: &str, path: &str, route: &str) -> Option<ScriptedAnswer> {
        let mut rules = lock(&self.0);
        if rules.is_empty() {
            return None;
        }
        let now = Instant::now();
        rules.retain(|rule| rule.ends.is_none_or(|ends| now < ends));
        let at = rules.iter().position(|rule| rule.fits(method, path, route))?;
        let rule = rules.get_mut(at)?;
        rule.left = rule.left.saturating_sub(1);
        let answer = rule.answer.clone();
        if rule.left == 0 {
            rules.remove(at);
        }
        Some(answer)
    }

    fn add(&self, rule: Rule) {
        let mut rules = lock(&self.0);
        if rule.left > 0 && rules.len() < MAX_RULES {
            rules.push(rule);
        }
    }
}

/// The handle that makes days bad.
#[derive(Clone)]
pub struct Faults {
    pub(crate) shared: Arc<Shared>,
}

impl Faults {
    /// Answers the next `times` requests so whose path under `/api/v10` begins with `prefix`, or
    /// whose route does: `/channels/{id}/messages` fits all channels. `method` may be `*`. Rules
    /// are tried in the order they were made, 1,000 at most.
    pub fn answer_next(&self, times: u32, method: &str, prefix: &str, answer: ScriptedAnswer) {
        let (method, prefix) = (method.to_owned(), prefix.to_owned());
        self.shared.script.add(Rule { method, prefix, left: times, ends: None, answer });
    }

    /// The same for all requests that come within `duration` of the runtime's clock.
    pub fn answer_for(
        &self,
        duration: Duration,
        method: &str,
        prefix: &str,
        answer: ScriptedAnswer,
    ) {
        let ends = Instant::now().checked_add(duration);
        let (method, prefix) = (method.to_owned(), prefix.to_owned());
        self.shared.script.add(Rule { method, prefix, left: u32::MAX, ends, answer });
    }

    /// Sets Discord's own clock so far ahead of the simulated one, or behind it: `Date` and
    /// `X-RateLimit-Reset` of answers tell it. To the bot it is its own clock that is wrong.
    pub fn skew_clock(&self, ahead: SignedDuration) {
        self.shared.set_skew(ahead);
    }

    /// Forgets all scripted answers, and sets Discord's clock right.
    pub fn clear(&self) {
        lock(&self.shared.script.0).clear();
        self.shared.set_skew(SignedDuration::ZERO);
    }

    /// What the gateway does wrong.
    #[must_use]
    pub fn gateway(&self) -> GatewayFaults {
        GatewayFaults::new(Arc::clone(&self.shared))
    }
}
