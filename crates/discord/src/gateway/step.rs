//! The words in which a session talks to whoever owns its socket.

use std::fmt;

use serde_json::value::RawValue;

use super::close::Refusal;

/// How a connection introduces itself after HELLO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Begins a new session; counted and limited by Discord.
    Identify,
    /// Takes up a session; free.
    Resume,
}

/// Where to connect to next, and how to enter there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Complete WebSocket URL.
    pub url: String,
    /// What will be sent after HELLO.
    pub entry: Entry,
}

/// One event from the gateway. `data` is the JSON text of `d`, not yet parsed.
pub struct Event {
    /// Its number within the session.
    pub sequence: u64,
    /// Its name, such as `INTERACTION_CREATE`.
    pub name: Box<str>,
    /// The payload.
    pub data: Box<RawValue>,
    /// Whether it happened before the connection was resumed: Discord keeps for a while what it
    /// could not hand over, or of which it does not know whether it arrived.
    pub replayed: bool,
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The payload may hold an interaction token.
        f.debug_struct("Event")
            .field("sequence", &self.sequence)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Why we leave a connection of our own accord. The session is kept in all cases but one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// A heartbeat went unanswered.
    Zombie,
    /// Op 7.
    AskedToReconnect,
    /// Op 9 with `true`.
    SessionPaused,
    /// Op 9 with `false`: the session is lost.
    SessionRefused,
    /// No HELLO, READY or RESUMED in time.
    Silent,
    /// What came was no gateway message.
    Unreadable,
}

/// What one frame or one moment asks for.
#[derive(Debug)]
pub enum Reaction {
    /// Nothing to do.
    Nothing,
    /// Send this text.
    Send(String),
    /// HELLO has come: send the text of
    /// [`entry_frame`](super::session::Session::entry_frame), an identify only after recording it.
    Enter(Entry),
    /// READY or RESUMED: the shard is at work. READY is an event besides.
    Entered(Entry, Option<Event>),
    /// Hand this event on.
    Deliver(Event),
    /// Close with a code that keeps the session, then call
    /// [`ended`](super::session::Session::ended) with it.
    Leave(Leave),
}

/// How a connection, or the attempt to make one, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The other side closed it, with a code if there was one.
    Closed(Option<u16>),
    /// We closed it.
    Left(Leave),
    /// It never came about.
    DialFailed,
}

/// What follows after an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Dial as soon as the gate allows.
    Dial,
    /// Nobody answered so many times in a row: pause a little, longer each time, then dial.
    DialAfterSilence(u32),
    /// Our session was refused: pause a little at random, then dial.
    DialAfterRefusal,
    /// We were too fast: pause longer, then dial.
    DialSlowly,
    /// Only the operator can help.
    Stop(Refusal),
}
