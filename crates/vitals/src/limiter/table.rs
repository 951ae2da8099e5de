//! The table of who came when. Bounded; whoever comes new is never refused for want of room.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};

use super::rate::{Admission, Rate};
use crate::meters::millis;
use crate::settings::LimiterSettings;

/// Refusals in a row, without a word between, of which each is worth noting.
const BURST: u32 = 10;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A member's taps.
    Taps(u64),
    /// The codes that a member types.
    Codes(u64),
    /// A member's commands, forms and panels.
    Member(u64),
    /// What a member is offered while typing.
    Typing(u64),
    /// All of a guild.
    Guild(u64),
    /// A guild's use of one command.
    Command(u64, u64),
    /// What a member is told who is kept out.
    Told(u64),
}

#[derive(Debug)]
pub(super) struct Table {
    settings: LimiterSettings,
    /// In the same order at each start, so that a world can be replayed. Members cannot choose
    /// their numbers, so that none of them can make it slow.
    entries: HashMap<Key, Entry, BuildHasherDefault<DefaultHasher>>,
    cleaned: u64,
    pub(super) evicted: u64,
    pub(super) expired: u64,
}

#[derive(Debug)]
pub(super) struct Entry {
    /// When it was last used, in milliseconds.
    used: u64,
    pub(super) count: Count,
    /// When the member was last told of a refusal, in milliseconds.
    told: Option<u64>,
    /// Refused since the member was told.
    silent: u32,
}

#[derive(Debug)]
pub(super) enum Count {
    /// Exactly: when the last ones were taken, oldest first, in milliseconds.
    Exact(VecDeque<u64>),
    /// GCRA: when the last one would be due at an even pace, in microseconds.
    Even(u64),
}

impl Table {
    pub(super) fn new(settings: LimiterSettings) -> Self {
        Self { settings, entries: HashMap::default(), cleaned: 0, evicted: 0, expired: 0 }
    }

    /// The entry of `key`, made if there is none; `now` is in milliseconds.
    pub(super) fn entry(&mut self, key: Key, now: u64) -> &mut Entry {
        if now.saturating_sub(self.cleaned) >= millis(self.settings.cleanup_every) {
            self.clean_up(now);
        }
        if self.entries.len() >= self.settings.entries_max && !self.entries.contains_key(&key) {
            self.trim();
        }
        let entry = self.entries.entry(key).or_insert_with(|| Entry::new(key));
        entry.used = now;
        entry
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// What the table takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        // A byte of each place tells whether it is taken.
        let place = size_of::<(Key, Entry)>() + 1;
        let counts = self.entries.values().map(|entry| match &entry.count {
            Count::Exact(times) => times.capacity() * size_of::<u64>(),
            Count::Even(_) => 0,
        });
        self.entries.capacity() * place + counts.sum::<usize>()
    }

    /// Drops what is idle, and the idlest above 80 % of what may be kept.
    fn clean_up(&mut self, now: u64) {
        self.cleaned = now;
        let idle = millis(self.settings.idle);
        let before = self.entries.len();
        self.entries.retain(|_, entry| now.saturating_sub(entry.used) < idle);
        self.expired += u64::try_from(before - self.entries.len()).unwrap_or_default();
        self.trim();
        self.entries.shrink_to(self.entries.len().saturating_mul(2));
    }

    /// Drops the idlest above 80 % of what may be kept. Each newcomer pays for a fifth of a look
    /// through the table at most.
    fn trim(&mut self) {
        let kept = self.settings.entries_max.saturating_mul(4) / 5;
        let above = self.entries.len().saturating_sub(kept);
        if above == 0 {
            return;
        }
        let mut uses: Vec<u64> = self.entries.values().map(|entry| entry.used).collect();
        let (_, last, _) = uses.select_nth_unstable(above - 1);
        let last = *last;
        let older = uses.iter().filter(|used| **used < last).count();
        // Of those that were used at that very moment only as many as are needed.
        let mut at_that_moment = above.saturating_sub(older);
        self.entries.retain(|_, entry| {
            let dropped = entry.used < last || (entry.used == last && at_that_moment > 0);
            if dropped && entry.used == last {
                at_that_moment -= 1;
            }
            !dropped
        });
        self.evicted += u64::try_from(above).unwrap_or_default();
    }
}

impl Entry {
    fn new(key: Key) -> Self {
        let count = match key {
            Key::Taps(_) | Key::Codes(_) => Count::Exact(VecDeque::new()),
            Key::Member(_) | Key::Typing(_) | Key::Guild(_) | Key::Command(..) | Key::Told(_) => {
                Count::Even(0)
            }
        };
        Self { used: 0, count, told: None, silent: 0 }
    }

    /// Whether one more fits at `now`, in milliseconds; takes nothing yet.
    pub(super) fn fits(&mut self, rate: Rate, now: u64) -> bool {
        match &mut self.count {
            Count::Exact(times) => {
                let since = now.checked_sub(millis(rate.within()));
                while since.is_some_and(|since| times.front().is_some_and(|at| *at <= since)) {
                    times.pop_front();
                }
                times.len() < usize::try_from(rate.times()).unwrap_or(usize::MAX)
            }
            Count::Even(due) => {
                let (step, within) = (step_us(rate), within_us(rate));
                let now = now.saturating_mul(1_000);
                (*due).max(now).saturating_add(step) <= now.saturating_add(within)
            }
        }
    }

    /// Takes one that fits.
    pub(super) fn take(&mut self, rate: Rate, now: u64) {
        self.silent = 0;
        match &mut self.count {
            Count::Exact(times) => times.push_back(now),
            Count::Even(due) => {
                *due = (*due).max(now.saturating_mul(1_000)).saturating_add(step_us(rate));
            }
        }
    }

    /// Refuses one that does not fit. Who goes on is told once within the time of the rate.
    pub(super) fn refuse(&mut self, rate: Rate, now: u64) -> Admission {
        let within = millis(rate.within());
        if self.told.is_some_and(|told| now.saturating_sub(told) < within) {
            self.silent = self.silent.saturating_add(1);
            let burst = self.silent.is_multiple_of(BURST);
            return if burst { Admission::Burst } else { Admission::RefusedAgain };
        }
        self.told = Some(now);
        Admission::Refused(rate)
    }
}

fn step_us(rate: Rate) -> u64 {
    within_us(rate) / u64::from(rate.times().max(1))
}

fn within_us(rate: Rate) -> u64 {
    u64::try_from(rate.within().as_micros()).unwrap_or(u64::MAX)
}
