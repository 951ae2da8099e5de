//! Counts what each bot asks for, and says no as Discord does (Discord docs: rate limits).

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::class::{Class, Place};
use super::limits::{Limits, Rate};
use crate::ids::{ChannelId, MessageId};
use crate::shared::lock;
use crate::world::snowflake;

/// How many windows make it worth forgetting those that are over; the oldest key goes first.
const MAX_WINDOWS: usize = 50_000;
/// From this age on an edit counts as one of an old message.
const OLD: SignedDuration = SignedDuration::from_hours(1);
/// What answers tell when nothing is counted.
const UNLIMITED: Rate = Rate::new(1_000, Duration::from_secs(1));

/// All windows of all bots, and the ban of the one address that exists here.
pub(crate) struct Limiter {
    limits: Limits,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    windows: BTreeMap<Key, Window>,
    /// When a channel was given a name, the earliest first.
    renamed: BTreeMap<ChannelId, Vec<Timestamp>>,
    invalid: Option<Window>,
    banned_until: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    what: What,
    /// The application, or 0 without a token.
    who: u64,
    major: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Global,
    Bucket(u64),
    OldEdits,
    ChannelWrites,
    DmOpens,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    used: u32,
    ends: Instant,
}

/// How a bucket stands after a request, as its headers tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) bucket: u64,
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) reset_after: Duration,
}

/// For whom a limit counts, as `x-ratelimit-scope` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    User,
    Global,
    Shared,
}

/// Why a request is answered with 429.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limited {
    pub(super) scope: Scope,
    pub(super) retry_after: Duration,
    /// Discord's own code and words, where the limit has some.
    pub(super) code: Option<(u32, &'static str)>,
    /// How the request's bucket stands, if it came as far as that.
    pub(super) standing: Option<Standing>,
}

/// A limit that some requests meet besides that of their bucket.
struct Extra {
    what: What,
    scope: Scope,
    code: (u32, &'static str),
}

const CHANNEL_WRITES: Extra = Extra {
    what: What::ChannelWrites,
    scope: Scope::Shared,
    code: (
        20_028,
        "The write action you are performing on the channel has hit the write rate limit.",
    ),
};
const OLD_EDITS: Extra = Extra {
    what: What::OldEdits,
    scope: Scope::User,
    code: (
        30_046,
        "Maximum number of edits to messages older than 1 hour reached. Try again later.",
    ),
};

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    Pass(Standing),
    Limited(Limited),
    /// The whole address is shut out for so long.
    Banned(Duration),
}

impl Window {
    /// Takes one out of the window, a new one if the old is over. Tells whether one was left.
    fn take(&mut self, now: Instant, rate: Rate) -> bool {
        if now >= self.ends {
            *self = Self { used: 0, ends: now + rate.per };
        }
        let left = self.used < rate.limit;
        self.used += u32::from(left);
        left
    }

    fn left(&self, now: Instant) -> Duration {
        self.ends.saturating_duration_since(now)
    }

    fn standing(&self, now: Instant, bucket: u64, rate: Rate) -> Standing {
        let remaining = rate.limit.saturating_sub(self.used);
        Standing { bucket, limit: rate.limit, remaining, reset_after: self.left(now) }
    }
}

impl Table {
    /// Takes one for `key`; tells how the window stands, and whether there was one to take.
    fn take(&mut self, key: Key, rate: Rate, now: Instant) -> (Window, bool) {
        if self.windows.len() >= MAX_WINDOWS && !self.windows.contains_key(&key) {
            self.windows.retain(|_, window| now < window.ends);
            if self.windows.len() >= MAX_WINDOWS {
                self.windows.pop_first();
            }
        }
        let window = self.windows.entry(key).or_insert(Window { used: 0, ends: now });
        let taken = window.take(now, rate);
        (*window, taken)
    }
}

impl Limiter {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, table: Mutex::default() }
    }

    /// Whether a request of `who`, an application or 0, may go on. Counts it.
    pub(super) fn admit(
        &self,
        who: u64,
        place: &Place,
        (now, wall): (Instant, Timestamp),
    ) -> Verdict {
        if !self.limits.enforced {
            let fresh = Window { used: 1, ends: now + UNLIMITED.per };
            return Verdict::Pass(fresh.standing(now, place.bucket, UNLIMITED));
        }
        let mut table = lock(&self.table);
        if let Some(until) = table.banned_until.filter(|until| now < *until) {
            return Verdict::Banned(until - now);
        }
        if place.class.is_global() {
            let key = Key { what: What::Global, who, major: 0 };
            let (window, taken) = table.take(key, self.limits.global, now);
            if !taken {
                let retry_after = window.left(now);
                let scope = Scope::Global;
                return Verdict::Limited(Limited {
                    scope,
                    retry_after,
                    code: None,
                    standing: None,
                });
            }
        }
        let rate = place.class.rate(&self.limits);
        let key = Key { what: What::Bucket(place.bucket), who, major: place.major };
        let (window, taken) = table.take(key, rate, now);
        let standing = Some(window.standing(now, place.bucket, rate));
        let (scope, code, retry_after) = if taken {
            let Some((extra, retry_after)) = self.extra(&mut table, who, place, (now, wall)) else {
                return Verdict::Pass(window.standing(now, place.bucket, rate));
            };
            (extra.scope, Some(extra.code), retry_after)
        } else {
            (Scope::User, None, window.left(now))
        };
        Verdict::Limited(Limited { scope, retry_after, code, standing })
    }

    /// The limit besides its bucket that a request has just hit, if any.
    fn extra(
        &self,
        table: &mut Table,
        who: u64,
        place: &Place,
        (now, wall): (Instant, Timestamp),
    ) -> Option<(&'static Extra, Duration)> {
        let is_old = place.edited.is_some_and(|message| is_old(message, wall));
        let (extra, who, rate) = if place.class == Class::CreateMessage {
            (&CHANNEL_WRITES, 0, self.limits.channel_writes)
        } else if is_old {
            (&OLD_EDITS, who, self.limits.old_edits)
        } else {
            return None;
        };
        let key = Key { what: extra.what, who, major: place.major };
        let (window, taken) = table.take(key, rate, now);
        (!taken).then(|| (extra, window.left(now)))
    }

    /// Whether a bot may open one more direct conversation now.
    pub(super) fn may_open_dm(&self, who: u64, now: Instant) -> bool {
        let key = Key { what: What::DmOpens, who, major: 0 };
        !self.limits.enforced || lock(&self.table).take(key, self.limits.dm_opens, now).1
    }

    /// Counts a new name of a channel; says no if it had too many lately.
    pub(super) fn may_rename(&self, channel: ChannelId, now: Timestamp) -> Option<Limited> {
        if !self.limits.enforced {
            return None;
        }
        let rate = self.limits.channel_renames;
        let per = SignedDuration::try_from(rate.per).unwrap_or(SignedDuration::MAX);
        let mut table = lock(&self.table);
        table.renamed.retain(|_, all| {
            all.retain(|at| now.duration_since(*at) < per);
            !all.is_empty()
        });
        let all = table.renamed.entry(channel).or_default();
        let is_full = all.len() >= usize::try_from(rate.limit).unwrap_or(usize::MAX);
        let Some(first) = all.first().filter(|_| is_full) else {
            all.push(now);
            return None;
        };
        let left = per.saturating_sub(now.duration_since(*first));
        let retry_after = Duration::try_from(left).unwrap_or_default();
        Some(Limited { scope: Scope::Shared, retry_after, code: None, standing: None })
    }

    /// Counts an answer that Discord counts as invalid; too many of them ban the address.
    pub(super) fn note_invalid(&self, now: Instant) {
        if !self.limits.enforced {
            return;
        }
        let mut table = lock(&self.table);
        let rate = self.limits.invalid;
        let window = table.invalid.get_or_insert(Window { used: 0, ends: now });
        window.take(now, rate);
        if window.used >= rate.limit {
            table.invalid = None;
            table.banned_until = Some(now + self.limits.ban);
        }
    }
}

fn is_old(message: MessageId, wall: Timestamp) -> bool {
    let made = snowflake::made_at(message.get());
    made.is_some_and(|made| wall.duration_since(made) > OLD)
}
