//! A day of each kind of broken gateway in virtual time: sessions and gates together, without
//! sockets. What is counted is what Discord would see.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use muster_engine::ports::{Clock, within};

use super::dial_gate::DialGate;
use super::identify_gate::{IdentifyGate, StartLimit};
use super::limits::{DIAL_BURST, ENTRY_LIMIT, HELLO_LIMIT, IDENTIFIES_PER_DAY, IDENTIFY_SPACING};
use super::runner::pause_before;
use super::session::{Identity, Session};
use super::step::{End, Entry, Next, Reaction};
use muster_store::model::Shard;

use crate::testing::{KeptInMemory, TestEnv};
use crate::token::Token;

const HELLO: &str = r#"{"op":10,"d":{"heartbeat_interval":41250}}"#;
const READY: &str = r#"{"op":0,"s":1,"t":"READY","d":{"session_id":"a",
    "resume_gateway_url":"wss://resume.example"}}"#;
const RESUMED: &str = r#"{"op":0,"s":2,"t":"RESUMED","d":{}}"#;
const HOUR: Duration = Duration::from_hours(1);
/// A minute less, so that what was first in the day is not gone from its count.
const DAY: Duration = Duration::from_mins(24 * 60 - 1);

/// What the gateway does at every connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Broken {
    /// Does not take the connection, or drops it at once.
    Unreachable,
    /// Takes it and says nothing.
    Silent,
    /// Says HELLO and nothing after that.
    SilentAfterHello,
    /// Closes with 4000 as soon as HELLO is out.
    ClosesAfterHello,
    /// Lets the bot in and asks it to reconnect.
    AsksToReconnect,
    /// Lets the bot in, pauses its session and has it resume (op 9 with true).
    PausesSessions,
    /// Refuses every session (op 9 with false).
    RefusesSessions,
    /// Lets the bot in and forgets it (close 4009).
    TimesSessionsOut,
}

const EVERY_KIND: [Broken; 8] = [
    Broken::Unreachable,
    Broken::Silent,
    Broken::SilentAfterHello,
    Broken::ClosesAfterHello,
    Broken::AsksToReconnect,
    Broken::PausesSessions,
    Broken::RefusesSessions,
    Broken::TimesSessionsOut,
];

/// What Discord counts.
#[derive(Default)]
struct Counted {
    dials: Mutex<Vec<Duration>>,
    identifies: Mutex<Vec<(u32, Duration)>>,
}

impl Counted {
    fn dials_within(&self, start: Duration, span: Duration) -> usize {
        let dials = self.dials.lock().unwrap();
        dials.iter().filter(|at| **at >= start && **at < start + span).count()
    }

    /// Dials in the hour with most of them.
    fn busiest_hour(&self) -> usize {
        let starts = self.dials.lock().unwrap().clone();
        starts.iter().map(|start| self.dials_within(*start, HOUR)).max().unwrap_or_default()
    }

    fn identifies(&self) -> usize {
        self.identifies.lock().unwrap().len()
    }
}

/// The gates that the shards of one life of the program share.
struct Life<'a> {
    env: TestEnv,
    dials: DialGate<TestEnv>,
    identifies: IdentifyGate<TestEnv, KeptInMemory>,
    shards: u32,
    counted: &'a Counted,
}

impl<'a> Life<'a> {
    fn new(env: &TestEnv, kept: &Arc<KeptInMemory>, shards: u32, counted: &'a Counted) -> Self {
        let reset_after = Duration::from_hours(24);
        let start = StartLimit { remaining: 1_000, reset_after, max_concurrency: 1 };
        let dials = DialGate::new(env.clone(), shards);
        let identifies = IdentifyGate::new(env.clone(), Arc::clone(kept), start);
        Self { env: env.clone(), dials, identifies, shards, counted }
    }

    fn session(&self, shard: u32) -> Session {
        let token = Arc::new(Token::parse("T").unwrap());
        let identity =
            Identity { token, intents: 1, shard: Shard { number: shard, of: self.shards } };
        Session::new(identity, "wss://base.example".into(), |_| true, None)
    }

    /// One connection from the gates to its end.
    async fn connects(&self, shard: u32, session: &mut Session, broken: Broken) -> Next {
        let turn = match session.plan().entry {
            Entry::Identify => Some(self.identifies.turn(shard).await),
            Entry::Resume => None,
        };
        self.dials.pass().await;
        self.counted.dials.lock().unwrap().push(self.env.monotonic());
        let end = match broken {
            Broken::Unreachable => End::DialFailed,
            Broken::Silent => {
                session.opened(self.env.monotonic());
                self.env.sleep(HELLO_LIMIT).await;
                left(&session.tick(self.env.monotonic()))
            }
            Broken::SilentAfterHello
            | Broken::ClosesAfterHello
            | Broken::AsksToReconnect
            | Broken::PausesSessions
            | Broken::RefusesSessions
            | Broken::TimesSessionsOut => {
                let now = self.env.monotonic();
                session.opened(now);
                let hello = session.frame(now, HELLO.as_bytes(), |interval| interval);
                assert!(matches!(hello, Reaction::Enter(_)));
                if let Some(turn) = turn {
                    self.identifies.spend(turn).await;
                    self.counted.identifies.lock().unwrap().push((shard, now));
                }
                self.ends(session, broken).await
            }
        };
        session.ended(end)
    }

    /// How a connection ends on which HELLO was said.
    async fn ends(&self, session: &mut Session, broken: Broken) -> End {
        let now = self.env.monotonic();
        let entry = session.plan().entry;
        let mut hear = |text: &str| session.frame(now, text.as_bytes(), |interval| interval);
        let mut enter = || match entry {
            Entry::Identify => assert!(matches!(hear(READY), Reaction::Entered(..))),
            Entry::Resume => assert!(matches!(hear(RESUMED), Reaction::Entered(..))),
        };
        match broken {
            Broken::Unreachable | Broken::Silent => End::DialFailed,
            Broken::SilentAfterHello => {
                self.env.sleep(ENTRY_LIMIT).await;
                left(&session.tick(self.env.monotonic()))
            }
            Broken::ClosesAfterHello => End::Closed(Some(4_000)),
            Broken::AsksToReconnect => {
                enter();
                left(&hear(r#"{"op":7}"#))
            }
            Broken::PausesSessions => {
                enter();
                left(&hear(r#"{"op":9,"d":true}"#))
            }
            Broken::RefusesSessions => left(&hear(r#"{"op":9,"d":false}"#)),
            Broken::TimesSessionsOut => {
                enter();
                End::Closed(Some(4_009))
            }
        }
    }

    async fn shard(&self, shard: u32, broken: Broken) {
        let mut session = self.session(shard);
        loop {
            let next = self.connects(shard, &mut session, broken).await;
            assert!(!matches!(next, Next::Stop(_)), "{broken:?} ends the program: {next:?}");
            if let Some(pause) = pause_before(next, &self.env) {
                self.env.sleep(pause).await;
            }
        }
    }

    /// All shards at once.
    async fn lives(&self, broken: Broken) {
        join_all((0..self.shards).map(|shard| self.shard(shard, broken))).await;
    }
}

fn left(reaction: &Reaction) -> End {
    let Reaction::Leave(why) = reaction else { panic!("the connection is kept: {reaction:?}") };
    End::Left(*why)
}

#[tokio::test(start_paused = true)]
async fn no_broken_gateway_is_flooded() {
    for broken in EVERY_KIND {
        let (env, counted) = (TestEnv::new(), Counted::default());
        let life = Life::new(&env, &Arc::default(), 1, &counted);
        within(&env, DAY, life.lives(broken)).await;
        let at_once = counted.dials_within(Duration::ZERO, Duration::from_secs(5));
        assert!(at_once <= DIAL_BURST as usize, "{broken:?}: {at_once} at once");
        let busiest = counted.busiest_hour();
        assert!((10..=120).contains(&busiest), "{broken:?}: {busiest} in an hour");
        let identifies = counted.identifies();
        assert!(identifies <= IDENTIFIES_PER_DAY, "{broken:?}: {identifies} identifies");
    }
}

#[tokio::test(start_paused = true)]
async fn sixteen_shards_flood_it_no_more_than_one() {
    for broken in EVERY_KIND {
        let (env, counted) = (TestEnv::new(), Counted::default());
        let life = Life::new(&env, &Arc::default(), 16, &counted);
        within(&env, DAY, life.lives(broken)).await;
        // Each may try once before any of them is held back.
        let at_once = counted.dials_within(Duration::ZERO, Duration::from_secs(5));
        assert!(at_once <= 15 + DIAL_BURST as usize, "{broken:?}: {at_once} at once");
        let busiest = counted.busiest_hour();
        assert!(busiest <= 120 + 15, "{broken:?}: {busiest} in an hour");
        let later = counted.dials_within(HOUR, HOUR);
        assert!(later <= 120, "{broken:?}: {later} in the second hour");
        assert!(counted.identifies() <= IDENTIFIES_PER_DAY, "{broken:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_kill_every_ten_seconds_for_a_day_costs_at_most_two_hundred_identifies() {
    for broken in [Broken::AsksToReconnect, Broken::RefusesSessions, Broken::TimesSessionsOut] {
        let (env, counted, kept) = (TestEnv::new(), Counted::default(), Arc::default());
        let mut lives = 0;
        while env.monotonic() < DAY {
            let life = Life::new(&env, &kept, 1, &counted);
            within(&env, Duration::from_secs(10), life.lives(broken)).await;
            lives += 1;
        }
        assert!(lives > 8_600, "{lives}");
        assert_eq!(counted.identifies(), IDENTIFIES_PER_DAY, "{broken:?}");
        let identifies = counted.identifies.into_inner().unwrap();
        let gaps = identifies.windows(2).map(|two| two[1].1.saturating_sub(two[0].1));
        assert!(gaps.min() >= Some(IDENTIFY_SPACING), "{broken:?}: over restarts too");
    }
}

#[tokio::test(start_paused = true)]
async fn a_sound_gateway_takes_shards_as_fast_as_its_rule_allows() {
    for (shards, max_concurrency, rounds) in [(3, 1, 3), (16, 1, 16), (16, 16, 1), (40, 16, 3)] {
        let env = TestEnv::new();
        let (dials, kept) = (DialGate::new(env.clone(), shards), Arc::<KeptInMemory>::default());
        let reset_after = Duration::from_hours(24);
        let start = StartLimit { remaining: 1_000, reset_after, max_concurrency };
        let identifies = IdentifyGate::new(env.clone(), kept, start);
        let enter = async |shard: u32| {
            let turn = identifies.turn(shard).await;
            dials.pass().await;
            identifies.spend(turn).await;
            (shard % max_concurrency, env.monotonic())
        };
        let mut entered = join_all((0..shards).map(enter)).await;
        assert_eq!(env.monotonic(), IDENTIFY_SPACING * (rounds - 1), "{shards} shards");
        entered.sort_unstable();
        let too_soon = |two: &&[(u32, Duration)]| {
            two[0].0 == two[1].0 && two[1].1.saturating_sub(two[0].1) < IDENTIFY_SPACING
        };
        assert_eq!(entered.windows(2).find(too_soon), None, "{shards} shards");
    }
}
