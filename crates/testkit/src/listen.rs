//! The bot's end of the gateway: sessions, what is handed on, what is saved for a resume.
//!
//! The product's own connection owns a socket and is tested with one; here its place is taken by
//! the simulator's link, with the same promises: events in order, repeats after a resume, and a
//! place saved behind which everything was processed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use muster_discord::bot::Arrival;
use muster_domain::id::GuildId;
use muster_engine::ports::{Clock as _, Tasks as _, within};
use muster_sim::{Link, LinkError};
use muster_store::model::SavedSession;
use muster_store::port::Sessions as _;
use serde_json::Value;
use tokio::sync::Notify;

use crate::env::VirtualEnv;
use crate::faults::{Fault, Layer, Point};
use crate::faulty_store::FaultyStore;
use crate::life::VirtualBot;
use crate::mortal::Ending;
use crate::people::TOKEN_REFUSED;
use crate::stage::Stage;
use crate::words::{self, at};

/// Discord's GUILDS intent.
const INTENTS: u64 = 1;

/// Between two savings of the place in the session.
const SAVE_SPACING: Duration = Duration::from_secs(1);

/// A frame of the gateway.
const FRAME: Point = (Layer::Link, "frame");

/// What can go wrong with it.
const CAN: &[Fault] = &[
    Fault::Cut,
    Fault::SessionLost,
    Fault::Duplicate,
    Fault::Swapped,
    Fault::DelayBefore,
    Fault::CrashBefore,
];

/// How close together two interactions are that come in the other order.
const SWAPPED_WITHIN: Duration = Duration::from_millis(300);

/// For how long identifies are remembered.
const IDENTIFIES_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What a connection needs of its life.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) stage: Arc<Stage>,
    pub(crate) env: VirtualEnv,
    pub(crate) store: Arc<FaultyStore>,
    pub(crate) token: Arc<str>,
}

/// Hands on events and knows which are processed.
pub(crate) struct Inbox {
    life: u32,
    stage: Arc<Stage>,
    bot: Arc<VirtualBot>,
    state: Mutex<State>,
    moved: Notify,
}

#[derive(Default)]
struct State {
    session: Option<(String, String)>,
    received: u64,
    /// Whether what comes happened before the connection was resumed.
    is_replaying: bool,
    /// Events in hand, and how often: some come twice.
    open: BTreeMap<u64, u32>,
    is_closed: bool,
}

impl State {
    /// The last event before which all are processed.
    fn processed(&self) -> u64 {
        let before = self.open.keys().next().map(|first| first.saturating_sub(1));
        before.map_or(self.received, |before| before.min(self.received))
    }

    fn processed_once(&mut self, sequence: u64) {
        if let Some(count) = self.open.get_mut(&sequence) {
            *count = count.saturating_sub(1);
        }
        self.open.retain(|_, count| *count > 0);
    }
}

impl Inbox {
    pub(crate) fn new(life: u32, stage: Arc<Stage>, bot: Arc<VirtualBot>) -> Self {
        Self { life, stage, bot, state: Mutex::default(), moved: Notify::new() }
    }

    /// Takes nothing more.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
    }

    /// Events that are being handled.
    pub(crate) fn in_hand(&self) -> usize {
        self.lock().open.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a frame. It counts as processed when its handler has ended.
    fn take(self: &Arc<Self>, env: &VirtualEnv, frame: &Value) {
        let sequence = at(frame, "/s").as_u64().unwrap_or_default();
        self.moved.notify_one();
        let mut state = self.lock();
        state.received = state.received.max(sequence);
        let name = words::text(frame, "/t").to_owned();
        if name == "RESUMED" {
            state.is_replaying = false;
        }
        let replayed = state.is_replaying;
        if name == "READY" {
            let text = |place: &str| words::text(frame, place).to_owned();
            state.session = Some((text("/d/session_id"), text("/d/resume_gateway_url")));
        }
        if !matches!(&*name, "INTERACTION_CREATE" | "READY" | "GUILD_CREATE" | "GUILD_DELETE") {
            return;
        }
        *state.open.entry(sequence).or_default() += 1;
        drop(state);
        if name == "INTERACTION_CREATE" {
            self.stage.ledger.handed(self.life, at(frame, "/d"));
        }
        let (inbox, data) = (Arc::clone(self), at(frame, "/d").to_string());
        let arrival = Arrival { at: env.monotonic(), replayed };
        env.spawn("event", async move {
            inbox.handle(&name, &data, arrival).await;
            inbox.lock().processed_once(sequence);
            inbox.moved.notify_one();
        });
    }

    async fn handle(&self, name: &str, data: &str, arrival: Arrival) {
        match name {
            "INTERACTION_CREATE" => self.bot.interaction(data, arrival).await,
            "READY" => {
                if let Some((shard, guilds)) = muster_discord::guilds::read_ready(data) {
                    let done = self.bot.app().only_guilds(shard, guilds).await;
                    self.stage.trace.note("inbox", format_args!("began {done:?}"));
                }
            }
            "GUILD_CREATE" => {
                if let Some(guild) = guild(data) {
                    let done = self.bot.app().guild_arrived(guild).await;
                    self.stage.trace.note("inbox", format_args!("arrived {done:?}"));
                }
            }
            _ => {
                if let Some(guild) = guild(data) {
                    let done = self.bot.app().guild_left(guild).await;
                    self.stage.trace.note("inbox", format_args!("left {done:?}"));
                }
            }
        }
    }

    /// The session's name; empty before there is one.
    fn session(&self) -> String {
        self.lock().session.as_ref().map(|(session, _)| session.clone()).unwrap_or_default()
    }

    pub(crate) fn saved(&self) -> Option<SavedSession> {
        let state = self.lock();
        let (session_id, resume_url) = state.session.clone()?;
        Some(SavedSession { session_id, resume_url, sequence: state.processed(), shards: 1 })
    }
}

fn guild(data: &str) -> Option<GuildId> {
    muster_discord::guilds::read(data).map(|(guild, _)| guild)
}

/// Saves the place in the session, at most once a second.
pub(crate) async fn save(place: Place, inbox: Arc<Inbox>) {
    let mut saved = None;
    loop {
        inbox.moved.notified().await;
        let now = inbox.saved();
        if now != saved && place.store.save_session(0, now.clone()).await.is_ok() {
            saved = now;
        }
        place.env.sleep(SAVE_SPACING).await;
    }
}

/// Stays connected, for ever.
pub(crate) async fn listen(place: Place, inbox: Arc<Inbox>) {
    let mut known = place.store.session(0).await.ok().flatten();
    while !inbox.lock().is_closed {
        match connect(&place, known.as_ref()).await {
            Ok(link) => {
                inbox.lock().is_replaying = known.is_some();
                if let Some(session) = &known {
                    let mut state = inbox.lock();
                    let resumed = (session.session_id.clone(), session.resume_url.clone());
                    state.session = Some(resumed);
                    state.received = state.received.max(session.sequence);
                }
                place.stage.ledger.away(false);
                let session_lost = hand_on(&place, &inbox, link).await;
                place.stage.ledger.away(true);
                // Within one life a resume goes on behind what was received, not processed.
                let resume = inbox
                    .saved()
                    .map(|session| SavedSession { sequence: inbox.lock().received, ..session });
                known = resume.filter(|_| !session_lost);
            }
            Err(LinkError::Closed(TOKEN_REFUSED)) => {
                return place.store.mortal.end(Ending::TokenRefused);
            }
            Err(error) => {
                place.stage.trace.note("gateway", format_args!("no connection: {error}"));
                known = known.filter(|_| error == LinkError::Refused);
            }
        }
        if known.is_none() {
            let mut state = inbox.lock();
            (state.session, state.received) = (None, 0);
        }
        place.env.sleep(place.stage.faults.latency() * 10).await;
    }
}

async fn connect(place: &Place, known: Option<&SavedSession>) -> Result<Link, LinkError> {
    let (inside, trace) = (&place.stage.inside, &place.stage.trace);
    if let Some(session) = known {
        trace.note("gateway", format_args!("resumes after {}", session.sequence));
        return inside.resume(&place.token, &session.session_id, session.sequence);
    }
    // As the product does, so that no more sessions are begun in a day than Discord allows.
    let now = place.env.now();
    let earlier = place.store.identifies_since(now - IDENTIFIES_KEPT).await;
    let recorded = place.store.record_identify(now).await;
    let earlier = earlier.map(|earlier| earlier.len());
    trace.note("gateway", format_args!("begins a session: {earlier:?} {recorded:?}"));
    inside.connect(&place.token, INTENTS, (0, 1))
}

/// The interaction after this one, if it comes soon, and then this one; each with the number of the
/// other.
///
/// The numbers of a session come in order. But two people's clients talk to different servers, and
/// nowhere is it said that of two interactions the one that was begun first is numbered first.
async fn swap(place: &Place, session: &str, link: &mut Link, first: Value) -> Vec<Value> {
    let Some(second) = within(&place.env, SWAPPED_WITHIN, link.next()).await.flatten() else {
        return vec![first];
    };
    let second: Value = serde_json::from_str(&second).unwrap_or_default();
    if at(&second, "/t") != at(&first, "/t") {
        return vec![first, second];
    }
    let as_number_of = |frame: &Value, other: &Value| {
        let mut frame = frame.clone();
        if let Some(number) = frame.get_mut("s") {
            number.clone_from(at(other, "/s"));
        }
        frame
    };
    let order = vec![as_number_of(&second, &first), as_number_of(&first, &second)];
    place.stage.remember_order(session, &order);
    order
}

/// Hands on what comes until the connection ends. Returns whether the session is gone.
async fn hand_on(place: &Place, inbox: &Arc<Inbox>, mut link: Link) -> bool {
    while let Some(frame) = link.next().await {
        place.stage.wall.is_awake().await;
        if inbox.lock().is_closed {
            return false;
        }
        let fault = place.stage.faults.draw(FRAME, CAN, 0);
        let frame: Value = serde_json::from_str(&frame).unwrap_or_default();
        let session = inbox.session();
        let frame = place.stage.swapped_before(&session, &frame).unwrap_or(frame);
        let (name, sequence) = (at(&frame, "/t"), at(&frame, "/s"));
        place.stage.trace.note("gateway", format_args!("{sequence} {name} {fault:?}"));
        match fault {
            Some(Fault::CrashBefore) => match place.store.mortal.die().await {},
            Some(Fault::Cut) => return false,
            Some(Fault::SessionLost) => {
                place.stage.inside.faults().gateway().invalidate(false);
                return true;
            }
            Some(Fault::DelayBefore) => place.env.sleep(place.stage.faults.long_wait()).await,
            Some(Fault::Duplicate) => inbox.take(&place.env, &frame),
            Some(Fault::Swapped) if name == "INTERACTION_CREATE" => {
                for frame in swap(place, &session, &mut link, frame).await {
                    inbox.take(&place.env, &frame);
                }
                continue;
            }
            _ => {}
        }
        inbox.take(&place.env, &frame);
    }
    false
}
