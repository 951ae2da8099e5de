//! What REST, gateway, page and test handles share: the world behind its lock, and who is told.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{oneshot, watch};

use crate::SimConfig;
use crate::clock::SimClock;
use crate::faults::Script;
use crate::gateway::Gateway;
use crate::ids::InteractionId;
use crate::ledger::Ledger;
use crate::page_api::Audience;
use crate::rest::Limiter;
use crate::world::{Change, First, State, World};

/// How many waiting people make it worth looking for those who have gone.
const MAX_WAITING: usize = 1_000;

/// The running simulator without its sockets.
pub(crate) struct Shared {
    world: Mutex<World>,
    waiting: Mutex<BTreeMap<InteractionId, oneshot::Sender<First>>>,
    changed: watch::Sender<u64>,
    pub(crate) gateway: Gateway,
    pub(crate) audience: Audience,
    pub(crate) clock: SimClock,
    pub(crate) ledger: Ledger,
    pub(crate) script: Script,
    /// How far Discord's own clock is from the simulated one.
    skew: Mutex<SignedDuration>,
    pub(crate) limiter: Limiter,
    pub(crate) config: SimConfig,
    /// Where this simulator listens, for example `http://127.0.0.1:4000`.
    pub(crate) url: String,
}

impl Shared {
    pub(crate) fn new(mut world: World, config: SimConfig, url: String) -> Self {
        world.set_url(&url);
        world.obey(&config.limits);
        Self {
            world: Mutex::new(world),
            waiting: Mutex::default(),
            changed: watch::Sender::new(0),
            gateway: Gateway::new(&config),
            audience: Audience::default(),
            clock: config.clock.clone(),
            ledger: Ledger::new(&config),
            script: Script::default(),
            skew: Mutex::default(),
            limiter: Limiter::new(config.limits.clone()),
            config,
            url,
        }
    }

    /// Does something in the world at the present simulated instant, and tells everyone who has
    /// to know before anything else can happen, so that all see changes in the same order.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let mut world = lock(&self.world);
        world.set_now(self.clock.now());
        let done = act(&mut world);
        let changes = world.take_changes();
        if !changes.is_empty() {
            self.gateway.publish(&world, &changes);
            self.audience.publish(&world, &changes);
            self.resolve(&world, &changes);
            self.tell_commands(&world, &changes);
        }
        drop(world);
        if !changes.is_empty() {
            self.changed.send_modify(|count| *count += 1);
        }
        done
    }

    /// What Discord's own clock shows, as the headers of answers tell it.
    pub(crate) fn wall(&self) -> Timestamp {
        let now = self.clock.now();
        now.checked_add(*lock(&self.skew)).unwrap_or(now)
    }

    /// Sets Discord's own clock so far ahead of the simulated one.
    pub(crate) fn set_skew(&self, ahead: SignedDuration) {
        *lock(&self.skew) = ahead;
    }

    /// Changes whenever the world has changed.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Tells people's clients whether a bot is there.
    pub(crate) fn presence_changed(&self, app: crate::ids::AppId) {
        let online = self.gateway.is_online(app);
        self.with(|world| self.audience.bot(world, app, online, false));
    }

    /// A promise of the first answer to an interaction.
    pub(crate) fn promise(&self, id: InteractionId) -> oneshot::Receiver<First> {
        let (sender, receiver) = oneshot::channel();
        let mut waiting = lock(&self.waiting);
        if waiting.len() >= MAX_WAITING {
            // Whoever hung up before the answer came is not waited for.
            waiting.retain(|_, sender| !sender.is_closed());
        }
        waiting.insert(id, sender);
        drop(waiting);
        receiver
    }

    /// Nobody waits for this answer any more.
    pub(crate) fn stop_waiting(&self, id: InteractionId) {
        lock(&self.waiting).remove(&id);
    }

    fn tell_commands(&self, world: &World, changes: &[Change]) {
        for change in changes {
            if let Change::CommandsChanged(app) = change {
                self.audience.bot(world, *app, self.gateway.is_online(*app), true);
            }
        }
    }

    /// Where bots connect to the gateway.
    pub(crate) fn gateway_url(&self) -> String {
        self.url.replacen("http", "ws", 1)
    }

    fn resolve(&self, world: &World, changes: &[Change]) {
        for change in changes {
            let Change::Answered(id) = change else {
                continue;
            };
            let Some(sender) = lock(&self.waiting).remove(id) else {
                continue;
            };
            if let Some(State::Answered(first)) = world.interaction(*id).map(|known| &known.state) {
                // Nobody waits any more when sending fails; that is no error.
                sender.send(first.clone()).ok();
            }
        }
    }
}

/// Takes a lock. A panic elsewhere must not hide what the world looked like.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
