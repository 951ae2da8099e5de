//! Every bound and pace between us and Discord's REST interface, with its reason.

use std::time::Duration;

/// Requests with the bot's token per second. Discord allows 50 (Discord docs: rate limits,
/// "Global rate limit"); what we send evenly may still arrive a little bunched.
pub const GLOBAL_PER_SECOND: u32 = 42;

/// Requests that may leave at once before the even pace begins. With the pace this gives at
/// most 45 in any second.
pub const GLOBAL_BURST: u32 = 3;

/// Longest time taken from a `Retry-After` or a reset header. A longer one is asked about again
/// after an hour, at the cost of one request.
pub const RETRY_AFTER_MAX: Duration = Duration::from_hours(1);

/// Pause after a 429 that says nothing readable about its length, such as an HTML page. It
/// doubles with each such answer in a row.
pub const RETRY_AFTER_UNKNOWN: Duration = Duration::from_secs(5);

/// What the doubling of [`RETRY_AFTER_UNKNOWN`] ends at.
pub const RETRY_AFTER_UNKNOWN_MAX: Duration = Duration::from_mins(5);

/// Part of a pause that is added at random, as a divisor: a tenth.
pub const PAUSE_JITTER_DIVISOR: u32 = 10;

/// Requests that wait at once over all buckets; beyond that the honest answer is "busy".
pub const WAITING_MAX: usize = 2_048;

/// Buckets remembered. A bucket lives a few seconds, so this is thousands of busy channels.
pub const BUCKETS_MAX: usize = 4_096;

/// Callbacks and other calls with an interaction token in flight at once: each is a connection
/// of some 50 kB. A thousand taps in a second at 100 ms each need a hundred.
pub const CALLBACKS_IN_FLIGHT_MAX: usize = 128;

/// Longest stop of callbacks after a 429 that is not about one token. They are worth trying
/// early: their tokens die within 3 s.
pub const CALLBACK_PAUSE_MAX: Duration = Duration::from_secs(5);

/// Span over which invalid requests are counted (Discord docs: rate limits, "Invalid request
/// limit": 10,000 within 10 minutes and the address is banned).
pub const INVALID_WINDOW: Duration = Duration::from_mins(10);

/// From here on the operator is warned.
pub const INVALID_WARN: u32 = 200;

/// From here on one request per second at most.
pub const INVALID_SLOW: u32 = 500;

/// From here on nothing but answers to interactions. A tenth of Discord's limit: a mistake then
/// costs us posts, and not the whole host its connection.
pub const INVALID_STOP: u32 = 1_000;

/// Pace once [`INVALID_SLOW`] is reached.
pub const SLOW_SPACING: Duration = Duration::from_secs(1);

/// How long a channel that refused us is left alone before one request may ask again.
pub const CIRCUIT_OPEN: Duration = Duration::from_hours(1);

/// Channels remembered as closed. Beyond that the oldest is forgotten, which costs a request.
pub const CIRCUITS_MAX: usize = 4_096;
