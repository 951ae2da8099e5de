//! A day of each kind of broken gateway in virtual time: session and gates together, without
//! sockets. What is counted is what Discord would see.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use muster_engine::ports::{Env, within};

use super::dial_gate::DialGate;
use super::identify_gate::{IdentifyGate, StartLimit};
use super::keeper::{KeeperError, SavedSession, SessionKeeper};
use super::limits::{DIAL_BURST, IDENTIFIES_PER_DAY};
use super::session::{Identity, Session};
use super::step::{End, Entry, Leave, Reaction};
use crate::testing::TestEnv;
use crate::token::Token;

const HELLO: &str = r#"{"op":10,"d":{"heartbeat_interval":41250}}"#;
const READY: &str = r#"{"op":0,"s":1,"t":"READY","d":{"session_id":"a",
    "resume_gateway_url":"wss://resume.example"}}"#;
const RESUMED: &str = r#"{"op":0,"s":2,"t":"RESUMED","d":{}}"#;

/// What the gateway does at every connection.
#[derive(Clone, Copy, Debug)]
enum Broken {
    /// Does not take the connection.
    Unreachable,
    /// Closes with 4000 as soon as HELLO is out.
    ClosesAfterHello,
    /// Lets the bot in and asks it to reconnect.
    AsksToReconnect,
    /// Refuses every session (op 9).
    RefusesSessions,
}

/// No memory at all: nothing is limited by what was before.
struct Blank;

impl SessionKeeper for Blank {
    async fn load(&self, _: u32) -> Result<Option<SavedSession>, KeeperError> {
        Ok(None)
    }

    async fn save(&self, _: u32, _: &SavedSession) -> Result<(), KeeperError> {
        Ok(())
    }

    async fn forget(&self, _: u32) -> Result<(), KeeperError> {
        Ok(())
    }

    async fn identifies_since(&self, _: Timestamp) -> Result<Vec<Timestamp>, KeeperError> {
        Ok(Vec::new())
    }

    async fn record_identify(&self, _: Timestamp) -> Result<(), KeeperError> {
        Ok(())
    }
}

/// What Discord counts.
#[derive(Default)]
struct Counted {
    dials: Mutex<Vec<Duration>>,
    identifies: Mutex<usize>,
}

fn end_of_connection(broken: Broken, session: &mut Session, now: Duration) -> End {
    let mut hear = |text: &str| session.frame(now, text.as_bytes(), |interval| interval);
    match broken {
        Broken::Unreachable => End::DialFailed,
        Broken::ClosesAfterHello => End::Closed(Some(4_000)),
        Broken::AsksToReconnect => {
            assert!(matches!(hear(READY), Reaction::Entered(..)));
            assert!(matches!(hear(RESUMED), Reaction::Entered(..)));
            End::Left(Leave::AskedToReconnect)
        }
        Broken::RefusesSessions => {
            let refused = hear(r#"{"op":9,"d":false}"#);
            assert!(matches!(refused, Reaction::Leave(Leave::SessionRefused)));
            End::Left(Leave::SessionRefused)
        }
    }
}

async fn live_through<E: Env>(env: E, broken: Broken, counted: &Counted) {
    let start =
        StartLimit { remaining: 1_000, reset_after: Duration::from_hours(24), max_concurrency: 1 };
    let identifies = IdentifyGate::new(env.clone(), Arc::new(Blank), start);
    let dials = DialGate::new(env.clone(), 1);
    let token = Arc::new(Token::parse("T").unwrap());
    let identity = Identity { token, intents: 1, shard: (0, 1) };
    let mut session = Session::new(identity, "wss://base.example".into(), |_| true, None);
    loop {
        let mut turn = match session.plan().entry {
            Entry::Identify => Some(identifies.turn(0).await),
            Entry::Resume => None,
        };
        dials.pass().await;
        counted.dials.lock().unwrap().push(env.monotonic());
        let now = env.monotonic();
        if !matches!(broken, Broken::Unreachable) {
            session.opened(now);
            let hello = session.frame(now, HELLO.as_bytes(), |interval| interval);
            assert!(matches!(hello, Reaction::Enter(_)));
            if let Some(turn) = turn.take() {
                identifies.spend(turn).await;
                *counted.identifies.lock().unwrap() += 1;
            }
        }
        let end = end_of_connection(broken, &mut session, now);
        session.ended(end);
    }
}

#[tokio::test(start_paused = true)]
async fn no_broken_gateway_is_flooded() {
    let hour = Duration::from_hours(1);
    // A minute less, so that what was first in the day is not gone from its count.
    let day = Duration::from_mins(24 * 60 - 1);
    for broken in [
        Broken::Unreachable,
        Broken::ClosesAfterHello,
        Broken::AsksToReconnect,
        Broken::RefusesSessions,
    ] {
        let (env, counted) = (TestEnv::new(), Counted::default());
        within(&env, day, live_through(env.clone(), broken, &counted)).await;
        let dials = counted.dials.into_inner().unwrap();
        let within = |start: Duration, span| {
            dials.iter().filter(|at| **at >= start && **at < start + span).count()
        };
        let at_once = within(Duration::ZERO, Duration::from_secs(5));
        assert!(at_once <= DIAL_BURST as usize, "{broken:?}: {at_once} at once");
        let busiest = dials.iter().map(|start| within(*start, hour)).max();
        assert!(busiest.is_some_and(|count| count <= 120), "{broken:?}: {busiest:?} in an hour");
        let identifies = counted.identifies.into_inner().unwrap();
        assert!(identifies <= IDENTIFIES_PER_DAY, "{broken:?}: {identifies} identifies");
    }
}
