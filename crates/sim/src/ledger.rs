//! What the bot did, in numbers: so that a test can say "and it asked only once".

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Counts of everything that came in. Bounded by the number of routes and statuses.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Counts>);

/// A copy of the numbers at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests by route and status, for example `("POST /channels/{id}/messages", 200)`.
    pub requests: BTreeMap<(String, u16), u64>,
    /// WebSocket connections that were opened.
    pub dials: u64,
    /// Identifies that were accepted.
    pub identifies: u64,
    /// Resumes that were accepted.
    pub resumes: u64,
    /// Heartbeats that were received.
    pub heartbeats: u64,
    /// Interactions that were sent to a bot.
    pub interactions: u64,
    /// Interactions that no answer came for in time.
    pub missed: u64,
}

impl Counts {
    /// How many requests came on a route, whatever the answer.
    #[must_use]
    pub fn requests_to(&self, route: &str) -> u64 {
        let here = self.requests.iter().filter(|((known, _), _)| known == route);
        here.map(|(_, count)| count).sum()
    }

    /// How many requests were answered with a status, on whatever route.
    #[must_use]
    pub fn answered_with(&self, status: u16) -> u64 {
        let here = self.requests.iter().filter(|((_, known), _)| *known == status);
        here.map(|(_, count)| count).sum()
    }
}

impl Ledger {
    /// Changes the numbers.
    pub(crate) fn note(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The numbers now.
    pub(crate) fn counts(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The route of a path under the API: ids become `{id}`, interaction tokens `{token}`.
pub(crate) fn route(method: &str, path: &str) -> String {
    let mut route = String::from(method);
    route.push(' ');
    let path = path.strip_prefix("/api/v10").unwrap_or(path);
    let mut first = "";
    for (index, part) in path.trim_matches('/').split('/').enumerate() {
        if index == 0 {
            first = part;
        }
        let secret = index == 2 && matches!(first, "interactions" | "webhooks");
        route.push('/');
        route.push_str(match part {
            _ if secret => "{token}",
            _ if !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) => "{id}",
            _ => part,
        });
    }
    route
}

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn routes_hide_ids_and_tokens() {
        for (path, expected) in [
            ("/api/v10/channels/12/messages/34", "GET /channels/{id}/messages/{id}"),
            ("/api/v10/interactions/1/secret/callback", "GET /interactions/{id}/{token}/callback"),
            (
                "/api/v10/webhooks/1/secret/messages/@original",
                "GET /webhooks/{id}/{token}/messages/@original",
            ),
            ("/api/v10/users/@me", "GET /users/@me"),
        ] {
            assert_eq!(route("GET", path), expected);
        }
    }
}
