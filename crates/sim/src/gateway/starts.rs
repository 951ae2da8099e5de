//! How many sessions a bot may begin, and how fast (Discord docs: session start limit).

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::ids::AppId;

/// After this long a bot's count of sessions begins anew.
const DAY: Duration = Duration::from_hours(24);

/// What the gateway asks of bots. The defaults are Discord's for a small bot.
#[derive(Debug, Clone, Copy)]
pub struct GatewayLimits {
    /// The number of shards that `/gateway/bot` recommends.
    pub shards: u64,
    /// A shard with more guilds is refused with 4011.
    pub guilds_per_shard: usize,
    /// Sessions that a bot may begin in 24 hours. One more ends them all and resets its token.
    pub sessions_per_day: u64,
    /// Shards that may identify at once, by the remainder of their number; at least 1.
    pub max_concurrency: u64,
    /// How long shards of the same remainder have to be apart; sooner ones get op 9.
    pub identify_every: Duration,
}

impl Default for GatewayLimits {
    fn default() -> Self {
        Self {
            shards: 1,
            guilds_per_shard: 2_500,
            sessions_per_day: 1_000,
            max_concurrency: 1,
            identify_every: Duration::from_secs(5),
        }
    }
}

/// What becomes of a wish to begin a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    Granted,
    TooSoon,
    TooMany,
}

/// What a bot may still begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StartsLeft {
    pub(crate) remaining: u64,
    pub(crate) reset_after: Duration,
}

/// The sessions that bots have begun.
#[derive(Debug, Default)]
pub(super) struct Starts(BTreeMap<AppId, Account>);

#[derive(Debug)]
struct Account {
    day_begun: Instant,
    used: u64,
    /// When a shard of each remainder last identified; `max_concurrency` entries at most.
    last: BTreeMap<u64, Instant>,
}

impl Starts {
    /// Counts one wish. One that comes too soon is counted too.
    pub(super) fn take(&mut self, limits: &GatewayLimits, app: AppId, shard: u64) -> Start {
        let now = Instant::now();
        let account = self.account(app, now);
        if account.used >= limits.sessions_per_day {
            return Start::TooMany;
        }
        account.used += 1;
        let last = account.last.get(&(shard % limits.max_concurrency.max(1)));
        if last.is_some_and(|last| now.duration_since(*last) < limits.identify_every) {
            return Start::TooSoon;
        }
        account.last.insert(shard % limits.max_concurrency.max(1), now);
        Start::Granted
    }

    pub(super) fn left(&mut self, limits: &GatewayLimits, app: AppId) -> StartsLeft {
        let now = Instant::now();
        let account = self.account(app, now);
        StartsLeft {
            remaining: limits.sessions_per_day.saturating_sub(account.used),
            reset_after: DAY.saturating_sub(now.duration_since(account.day_begun)),
        }
    }

    fn account(&mut self, app: AppId, now: Instant) -> &mut Account {
        let new = || Account { day_begun: now, used: 0, last: BTreeMap::new() };
        let account = self.0.entry(app).or_insert_with(new);
        if now.duration_since(account.day_begun) >= DAY {
            (account.day_begun, account.used) = (now, 0);
        }
        account
    }
}
