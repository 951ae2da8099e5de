//! Who is signed in. All of it is here; a browser holds nothing but a number that nobody can guess.

use std::collections::HashMap;
use std::time::Duration;

use crate::allowance::Allowance;
use crate::limits::{
    SESSION_IDLE, SESSION_REQUESTS, SESSION_WHOLE, SESSIONS_MAX, STATE_KEPT, STATES_MAX,
};

/// Who signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Somebody who knows the token.
    TokenHolder,
    /// A Discord user, by number.
    User(u64),
}

#[derive(Debug)]
struct Session {
    who: Who,
    form_token: String,
    began: Duration,
    seen: Duration,
    requests: Allowance,
}

/// What a request gets to know of its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) who: Who,
    /// What every form has to bring.
    pub(crate) form_token: String,
}

/// What a request's session says to it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Unknown,
    TooMany,
    Signed(Signed),
}

/// Everybody who is signed in.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, Session>,
}

impl Sessions {
    /// Begins a session under an id that was made just now, never one that a browser brought.
    pub(crate) fn begin(&mut self, id: String, form_token: String, who: Who, now: Duration) {
        self.by_id.retain(|_, session| session.lives(now));
        if self.by_id.len() >= SESSIONS_MAX {
            let idlest = self.by_id.iter().min_by_key(|(_, session)| session.seen);
            if let Some(id) = idlest.map(|(id, _)| id.clone()) {
                self.by_id.remove(&id);
            }
        }
        let requests = Allowance::default();
        self.by_id.insert(id, Session { who, form_token, began: now, seen: now, requests });
    }

    /// Lets a request in, which keeps the session from being idle.
    pub(crate) fn admit(&mut self, id: &str, now: Duration) -> Admission {
        let Some(session) = self.by_id.get_mut(id).filter(|session| session.lives(now)) else {
            self.by_id.remove(id);
            return Admission::Unknown;
        };
        if !session.requests.take(now, SESSION_REQUESTS) {
            return Admission::TooMany;
        }
        session.seen = now;
        Admission::Signed(Signed { who: session.who, form_token: session.form_token.clone() })
    }

    /// Whether a session is still on; being asked does not prolong it.
    pub(crate) fn lives(&self, id: &str, now: Duration) -> Option<Who> {
        self.by_id.get(id).filter(|session| session.lives(now)).map(|session| session.who)
    }

    pub(crate) fn end(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    pub(crate) fn end_all(&mut self) {
        self.by_id.clear();
    }
}

impl Session {
    fn lives(&self, now: Duration) -> bool {
        now.saturating_sub(self.seen) < SESSION_IDLE
            && now.saturating_sub(self.began) < SESSION_WHOLE
    }
}

/// Sign-ins with Discord that began here and have not come back.
#[derive(Debug, Default)]
pub(crate) struct States {
    began: HashMap<String, Duration>,
}

impl States {
    pub(crate) fn begin(&mut self, state: String, now: Duration) {
        self.began.retain(|_, began| now.saturating_sub(*began) < STATE_KEPT);
        if self.began.len() >= STATES_MAX {
            let oldest = self.began.iter().min_by_key(|(_, began)| **began);
            if let Some(state) = oldest.map(|(state, _)| state.clone()) {
                self.began.remove(&state);
            }
        }
        self.began.insert(state, now);
    }

    /// Whether it began here a while ago and comes back for the first time.
    pub(crate) fn finish(&mut self, state: &str, now: Duration) -> bool {
        let began = self.began.remove(state);
        began.is_some_and(|began| now.saturating_sub(began) < STATE_KEPT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_hours(1);

    fn one() -> Sessions {
        let mut sessions = Sessions::default();
        sessions.begin("a".into(), "form".into(), Who::TokenHolder, START);
        sessions
    }

    #[test]
    fn watching_without_a_request_does_not_keep_a_session_alive() {
        let sessions = one();
        let later = SESSION_IDLE.saturating_sub(Duration::from_secs(1));
        assert_eq!(sessions.lives("a", START + later), Some(Who::TokenHolder));
        assert_eq!(sessions.lives("a", START + SESSION_IDLE), None);
    }

    #[test]
    fn any_number_of_sign_ins_takes_bounded_memory() {
        let mut sessions = one();
        for number in 1..1_000u32 {
            let now = START + Duration::from_secs(number.into());
            sessions.begin(number.to_string(), String::new(), Who::User(1), now);
        }
        assert_eq!(sessions.by_id.len(), SESSIONS_MAX);
        assert!(sessions.by_id.contains_key("999"), "the newest stay");
        let mut states = States::default();
        for number in 0..1_000u32 {
            states.begin(number.to_string(), START);
        }
        assert_eq!(states.began.len(), STATES_MAX);
    }

    #[test]
    fn a_sign_in_with_discord_comes_back_once_and_soon() {
        let mut states = States::default();
        states.begin("s".into(), START);
        states.begin("t".into(), START);
        assert!(states.finish("s", START));
        assert!(!states.finish("s", START));
        assert!(!states.finish("t", START + STATE_KEPT));
    }
}
