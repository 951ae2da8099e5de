//! How often members, guilds and commands may ask for something.
//!
//! A member's taps within the last seconds are counted exactly, and nothing but them limits taps.
//! Commands, forms and panels are limited at an even pace with room for bursts (GCRA): by member,
//! by guild, and by command within a guild. The table is bounded: when it is full, those idle for
//! longest are forgotten, so that nobody is ever refused for want of room. There is no timer: idle
//! entries are dropped when something comes in.

mod rate;
mod table;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use self::rate::{Admission, Rate};
use self::table::{Key, Table};
use crate::meters::millis;
use crate::settings::LimiterSettings;
use crate::snapshot;

/// What one member may do beside taps: 30 commands, forms and panels in 30 seconds.
pub const MEMBER_RATE: Rate = Rate::of(30, 30);
/// How many codes one member may type: 5 in a minute.
pub const CODE_RATE: Rate = Rate::of(5, 60);
/// What one member is offered while typing; Discord asks a few times a second.
pub const TYPING_RATE: Rate = Rate::of(100, 30);
/// What all members of a guild may do beside taps: a whole large server at work.
pub const GUILD_RATE: Rate = Rate::of(600, 60);
/// How often a guild may use the same command.
pub const COMMAND_RATE: Rate = Rate::of(120, 60);
/// The rates that nobody chooses, each with what it bounds.
pub const RATES: [(&str, Rate); 5] = [
    ("commands, forms and panels of a member", MEMBER_RATE),
    ("codes of a member", CODE_RATE),
    ("suggestions while a member types", TYPING_RATE),
    ("commands, forms and panels of a server", GUILD_RATE),
    ("one command of a server", COMMAND_RATE),
];
/// How often somebody who is kept out is told so.
const TOLD_RATE: Rate = Rate::of(1, 60);

/// What comes in beside taps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// A command.
    Command(&'a str),
    /// A form or a panel.
    Panel,
    /// Suggestions for what is being typed.
    Typing,
}

/// Counts what comes in. Its methods are short and never wait.
#[derive(Debug)]
pub struct Limiter {
    entries_max: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    table: Table,
    admitted: u64,
    refused: u64,
}

impl Limiter {
    /// Counts from nothing.
    #[must_use]
    pub fn new(settings: LimiterSettings) -> Self {
        let state = State { table: Table::new(settings), admitted: 0, refused: 0 };
        Self { entries_max: settings.entries_max, state: Mutex::new(state) }
    }

    /// Admits a member's tap at `now`, on the monotonic clock. In no stretch of the rate's time are
    /// more taken than it says.
    pub fn tap(&self, member: u64, rate: Rate, now: Duration) -> Admission {
        self.exactly(Key::Taps(member), rate, now)
    }

    /// Admits a code that a member types, at `now`, on the monotonic clock: [`CODE_RATE`], so that
    /// nobody can try them all.
    pub fn code(&self, member: u64, now: Duration) -> Admission {
        self.exactly(Key::Codes(member), CODE_RATE, now)
    }

    fn exactly(&self, key: Key, rate: Rate, now: Duration) -> Admission {
        let now = millis(now);
        let mut state = self.lock();
        let entry = state.table.entry(key, now);
        let admission = if entry.fits(rate, now) {
            entry.take(rate, now);
            Admission::Taken
        } else {
            entry.refuse(rate, now)
        };
        state.note(admission)
    }

    /// Admits a command, a form or a panel at `now`, on the monotonic clock. What is refused by one
    /// limit counts towards none.
    pub fn ask(&self, member: u64, guild: u64, asked: Asked<'_>, now: Duration) -> Admission {
        let now = millis(now);
        let limits = match asked {
            Asked::Typing => [Some((Key::Typing(member), TYPING_RATE)), None, None],
            Asked::Panel => [
                Some((Key::Member(member), MEMBER_RATE)),
                Some((Key::Guild(guild), GUILD_RATE)),
                None,
            ],
            Asked::Command(name) => [
                Some((Key::Member(member), MEMBER_RATE)),
                Some((Key::Guild(guild), GUILD_RATE)),
                Some((Key::Command(guild, short(name)), COMMAND_RATE)),
            ],
        };
        let mut state = self.lock();
        let mut limits_of = limits.iter().flatten();
        let full = limits_of.find(|(key, rate)| !state.table.entry(*key, now).fits(*rate, now));
        if let Some((_, rate)) = full {
            // The words are for the member, whatever limit it was.
            let (key, _) = limits.first().copied().flatten().unwrap_or((Key::Guild(guild), *rate));
            let admission = state.table.entry(key, now).refuse(*rate, now);
            return state.note(admission);
        }
        for (key, rate) in limits.iter().flatten() {
            state.table.entry(*key, now).take(*rate, now);
        }
        state.note(Admission::Taken)
    }

    /// Counts as refused what somebody asks who is kept out.
    pub fn kept_out(&self) {
        self.lock().refused += 1;
    }

    /// Whether somebody who is kept out is to be told so at `now`: once in a minute.
    pub fn tells(&self, member: u64, now: Duration) -> bool {
        let now = millis(now);
        let mut state = self.lock();
        let entry = state.table.entry(Key::Told(member), now);
        let told = entry.fits(TOLD_RATE, now);
        if told {
            entry.take(TOLD_RATE, now);
        }
        told
    }

    /// What is known now.
    #[must_use]
    pub fn snapshot(&self) -> snapshot::Limiter {
        let state = self.lock();
        let count = |number| u64::try_from(number).unwrap_or(u64::MAX);
        snapshot::Limiter {
            entries: count(state.table.len()),
            entries_max: count(self.entries_max),
            admitted: state.admitted,
            refused: state.refused,
            evicted: state.table.evicted,
            expired: state.table.expired,
            bytes: count(state.table.bytes()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    const fn note(&mut self, admission: Admission) -> Admission {
        match admission {
            Admission::Taken => self.admitted += 1,
            Admission::Refused(_) | Admission::RefusedAgain | Admission::Burst => self.refused += 1,
        }
        admission
    }
}

/// A command's name in 64 bits, the same at each start.
fn short(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
