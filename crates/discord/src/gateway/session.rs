//! The life of a gateway session without sockets or clocks: frames and times go in, what to do
//! comes out. Everything that decides between resume, identify and stop is here.

use std::sync::Arc;
use std::time::Duration;

use muster_store::model::{SavedSession, Shard};
use serde_json::value::RawValue;

use super::close::{Aftermath, aftermath};
use super::frame::{self, Envelope, Hello, Ready, op};
use super::heart::{Heart, Pulse};
use super::limits::{ENTRY_LIMIT, FAILED_RESUMES_MAX, HEARTBEAT_MAX, HEARTBEAT_MIN, HELLO_LIMIT};
use super::step::{End, Entry, Event, Leave, Next, Plan, Reaction};
use crate::token::Token;

/// Who we are to the gateway.
#[derive(Clone)]
pub struct Identity {
    /// The bot's token.
    pub token: Arc<Token>,
    /// The sum of the intents asked for (Discord docs: gateway intents).
    pub intents: u64,
    /// Which shard.
    pub shard: Shard,
}

#[derive(Debug)]
enum Stage {
    Down,
    Greeting { entry: Entry, until: Duration },
    Entering { entry: Entry, until: Duration, heart: Heart },
    Live { heart: Heart },
}

/// The state machine of one shard. Times are on the monotonic clock.
pub struct Session {
    identity: Identity,
    base_url: String,
    wanted: fn(&str) -> bool,
    saved: Option<SavedSession>,
    failed_resumes: u32,
    /// Connections in a row that ended before we could say who we are.
    unheard: u32,
    stage: Stage,
    latency: Option<Duration>,
}

impl Session {
    /// Starts unconnected; `saved` is dropped if it belongs to another number of shards.
    /// Only events that are `wanted` come out; of the others the payload is never copied.
    #[must_use]
    pub fn new(
        identity: Identity,
        base_url: String,
        wanted: fn(&str) -> bool,
        saved: Option<SavedSession>,
    ) -> Self {
        let saved = saved.filter(|session| session.shards == identity.shard.of);
        let stage = Stage::Down;
        let (failed_resumes, unheard, latency) = (0, 0, None);
        Self { identity, base_url, wanted, saved, failed_resumes, unheard, stage, latency }
    }

    /// The next dial.
    #[must_use]
    pub fn plan(&self) -> Plan {
        match &self.saved {
            // An address for resuming may be gone while the session is not: every second try
            // goes to the common one.
            Some(session) if self.unheard.is_multiple_of(2) => {
                Plan { url: with_query(&session.resume_url), entry: Entry::Resume }
            }
            Some(_) => Plan { url: with_query(&self.base_url), entry: Entry::Resume },
            None => Plan { url: with_query(&self.base_url), entry: Entry::Identify },
        }
    }

    /// The session as it is known to Discord, with the last event received.
    #[must_use]
    pub fn saved(&self) -> Option<&SavedSession> {
        self.saved.as_ref()
    }

    /// Round trip of the last heartbeat.
    #[must_use]
    pub fn latency(&self) -> Option<Duration> {
        self.latency
    }

    /// The connection that was planned is open.
    pub fn opened(&mut self, now: Duration) {
        self.stage = Stage::Greeting { entry: self.plan().entry, until: now + HELLO_LIMIT };
    }

    /// When [`Self::tick`] wants to be called at the latest; `None` while unconnected.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        match &self.stage {
            Stage::Down => None,
            Stage::Greeting { until, .. } => Some(*until),
            Stage::Entering { until, heart, .. } => Some(heart.due().min(*until)),
            Stage::Live { heart } => Some(heart.due()),
        }
    }

    /// What the passing of time asks for.
    pub fn tick(&mut self, now: Duration) -> Reaction {
        let sequence = self.sequence();
        match &mut self.stage {
            Stage::Greeting { until, .. } | Stage::Entering { until, .. } if now >= *until => {
                Reaction::Leave(Leave::Silent)
            }
            Stage::Down | Stage::Greeting { .. } => Reaction::Nothing,
            Stage::Entering { heart, .. } | Stage::Live { heart } => {
                if now < heart.due() {
                    return Reaction::Nothing;
                }
                match heart.pulse(now) {
                    Pulse::Beat => Reaction::Send(frame::heartbeat(sequence)),
                    Pulse::Zombie => Reaction::Leave(Leave::Zombie),
                }
            }
        }
    }

    /// The consumer is behind and nothing was read: an unanswered heartbeat is our own doing.
    pub fn excuse_silence(&mut self) {
        match &mut self.stage {
            Stage::Down | Stage::Greeting { .. } => {}
            Stage::Entering { heart, .. } | Stage::Live { heart } => heart.excuse(),
        }
    }

    /// Takes one message. `first_beat` is the random part of an interval before the first
    /// heartbeat; it is asked only at HELLO.
    pub fn frame(
        &mut self,
        now: Duration,
        text: &[u8],
        first_beat: impl FnOnce(Duration) -> Duration,
    ) -> Reaction {
        let Ok(envelope) = serde_json::from_slice::<Envelope<'_>>(text) else {
            return Reaction::Leave(Leave::Unreadable);
        };
        match envelope.op {
            Some(op::DISPATCH) => self.dispatch(&envelope),
            Some(op::HELLO) => self.hello(now, envelope.d, first_beat),
            Some(op::HEARTBEAT) => self.beat_on_request(now),
            Some(op::HEARTBEAT_ACK) => self.acknowledged(now),
            Some(op::RECONNECT) => Reaction::Leave(Leave::AskedToReconnect),
            Some(op::INVALID_SESSION) => match envelope.d.map(RawValue::get) {
                Some("true") => Reaction::Leave(Leave::SessionPaused),
                Some(_) | None => Reaction::Leave(Leave::SessionRefused),
            },
            Some(other) => {
                tracing::debug!(op = other, "unknown gateway operation ignored");
                Reaction::Nothing
            }
            None => Reaction::Nothing,
        }
    }

    /// The text to send after [`Reaction::Enter`].
    #[must_use]
    pub fn entry_frame(&self) -> String {
        let Identity { token, intents, shard } = &self.identity;
        match &self.saved {
            Some(session) => frame::resume(token, &session.session_id, session.sequence),
            None => frame::identify(token, *intents, *shard),
        }
    }

    /// The connection is gone, or never came; decides what the next one will be.
    pub fn ended(&mut self, end: End) -> Next {
        let before = std::mem::replace(&mut self.stage, Stage::Down);
        match before {
            // Whoever could not be told who we are has said nothing about our session.
            Stage::Down | Stage::Greeting { .. } => self.unheard = self.unheard.saturating_add(1),
            Stage::Entering { entry: Entry::Resume, .. } => self.failed_resumes += 1,
            Stage::Entering { entry: Entry::Identify, .. } | Stage::Live { .. } => {}
        }
        if self.failed_resumes >= FAILED_RESUMES_MAX {
            self.forget();
        }
        let next = self.next_after(end);
        let unheard = next == Next::Dial && self.unheard > 0;
        if unheard { Next::DialAfterSilence(self.unheard) } else { next }
    }

    fn next_after(&mut self, end: End) -> Next {
        match end {
            End::Left(Leave::SessionRefused) => {
                self.forget();
                Next::DialAfterRefusal
            }
            End::Left(Leave::SessionPaused) => Next::DialAfterRefusal,
            End::DialFailed
            | End::Left(
                Leave::Zombie | Leave::AskedToReconnect | Leave::Silent | Leave::Unreadable,
            ) => Next::Dial,
            End::Closed(code) => match aftermath(code) {
                Aftermath::Resume => Next::Dial,
                Aftermath::ResumeSlowly => Next::DialSlowly,
                Aftermath::Identify => {
                    self.forget();
                    Next::Dial
                }
                Aftermath::Stop(refusal) => Next::Stop(refusal),
            },
        }
    }

    fn forget(&mut self) {
        self.saved = None;
        self.failed_resumes = 0;
    }

    fn sequence(&self) -> Option<u64> {
        self.saved.as_ref().map(|session| session.sequence)
    }

    fn hello(
        &mut self,
        now: Duration,
        data: Option<&RawValue>,
        first_beat: impl FnOnce(Duration) -> Duration,
    ) -> Reaction {
        let entry = match &self.stage {
            Stage::Greeting { entry, .. } => *entry,
            // A second HELLO changes nothing; identifying twice would close the connection.
            Stage::Down | Stage::Entering { .. } | Stage::Live { .. } => return Reaction::Nothing,
        };
        let Some(hello) = data.and_then(|data| serde_json::from_str::<Hello>(data.get()).ok())
        else {
            return Reaction::Leave(Leave::Unreadable);
        };
        let interval =
            Duration::from_millis(hello.heartbeat_interval).clamp(HEARTBEAT_MIN, HEARTBEAT_MAX);
        let heart = Heart::start(now, interval, first_beat(interval).min(interval));
        self.unheard = 0;
        self.stage = Stage::Entering { entry, until: now + ENTRY_LIMIT, heart };
        Reaction::Enter(entry)
    }

    fn beat_on_request(&mut self, now: Duration) -> Reaction {
        let sequence = self.sequence();
        let asked = match &mut self.stage {
            Stage::Down | Stage::Greeting { .. } => false,
            Stage::Entering { heart, .. } | Stage::Live { heart } => heart.asked(now),
        };
        if asked { Reaction::Send(frame::heartbeat(sequence)) } else { Reaction::Nothing }
    }

    fn acknowledged(&mut self, now: Duration) -> Reaction {
        match &mut self.stage {
            Stage::Down | Stage::Greeting { .. } => {}
            Stage::Entering { heart, .. } | Stage::Live { heart } => {
                self.latency = heart.heard(now).or(self.latency);
            }
        }
        Reaction::Nothing
    }

    fn dispatch(&mut self, envelope: &Envelope<'_>) -> Reaction {
        let name = envelope.t.as_deref().unwrap_or_default();
        if name == "READY" {
            return self.ready(envelope);
        }
        if let (Some(session), Some(sequence)) = (&mut self.saved, envelope.s) {
            session.sequence = session.sequence.max(sequence);
        }
        if name == "RESUMED" {
            return self.enter_live(Entry::Resume, None);
        }
        match self.event(envelope) {
            Some(event) => Reaction::Deliver(event),
            None => Reaction::Nothing,
        }
    }

    fn ready(&mut self, envelope: &Envelope<'_>) -> Reaction {
        let ready = envelope.d.and_then(|data| serde_json::from_str::<Ready<'_>>(data.get()).ok());
        if ready.is_none() {
            tracing::warn!("READY names no session; this session cannot be resumed");
        }
        self.saved = ready.map(|ready| SavedSession {
            session_id: ready.session_id.into_owned(),
            resume_url: ready.resume_gateway_url.into_owned(),
            sequence: envelope.s.unwrap_or_default(),
            shards: self.identity.shard.of,
        });
        let event = self.event(envelope);
        self.enter_live(Entry::Identify, event)
    }

    fn enter_live(&mut self, entry: Entry, event: Option<Event>) -> Reaction {
        self.failed_resumes = 0;
        let before = std::mem::replace(&mut self.stage, Stage::Down);
        self.stage = match before {
            Stage::Entering { heart, .. } | Stage::Live { heart } => Stage::Live { heart },
            Stage::Down | Stage::Greeting { .. } => before,
        };
        Reaction::Entered(entry, event)
    }

    fn event(&self, envelope: &Envelope<'_>) -> Option<Event> {
        let name = envelope.t.as_deref().filter(|name| (self.wanted)(name))?;
        let data = envelope.d?.to_owned();
        let replayed = matches!(self.stage, Stage::Entering { entry: Entry::Resume, .. });
        let sequence = envelope.s.unwrap_or_default();
        Some(Event { sequence, name: name.into(), data, replayed })
    }
}

/// Adds version, encoding and compression to a gateway URL, with or without a path or query.
fn with_query(url: &str) -> String {
    let bare = url.split_once('?').map_or(url, |(before, _)| before);
    let bare = bare.trim_end_matches('/');
    format!("{bare}/?v=10&encoding=json&compress=zlib-stream")
}

#[cfg(test)]
mod tests;
