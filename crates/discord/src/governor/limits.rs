//! Every bound and pace between us and Discord's REST interface, with its reason.

use std::time::Duration;

use muster_vitals::backoff::Backoff;

/// Requests with the bot's token per second. Discord allows 50 (Discord docs: rate limits,
/// "Global rate limit"); what we send evenly may still arrive a little bunched, by some 40 ms.
pub(crate) const GLOBAL_PER_SECOND: u32 = 46;

/// Requests that may leave at once before the even pace begins. With the pace this gives at
/// most 49 in any second.
pub(crate) const GLOBAL_BURST: u32 = 3;

/// Longest time taken from a `Retry-After` or a reset header. A longer one is asked about again
/// after an hour, at the cost of one request.
pub(crate) const RETRY_AFTER_MAX: Duration = Duration::from_hours(1);

/// Pause after a 429 that says nothing readable about its length, such as an HTML page. It
/// doubles with each such answer in a row.
pub(crate) const RETRY_AFTER_UNKNOWN: Backoff =
    Backoff { first: Duration::from_secs(10), max: Duration::from_mins(5) };

/// Part of a pause that is added at random, as a divisor: a tenth.
pub(crate) const PAUSE_JITTER_DIVISOR: u32 = 10;

/// What the wait after a second 429 in a row for one bucket is at least, whatever it asks for. It
/// doubles with each further one.
pub(crate) const REFUSED_WAIT: Backoff =
    Backoff { first: Duration::from_secs(1), max: Duration::from_mins(5) };

/// Requests that wait at once over all buckets; beyond that the honest answer is "busy".
pub(crate) const WAITING_MAX: usize = 2_048;

/// Places beyond [`WAITING_MAX`] for what a person waits for.
pub(crate) const AWAITED_EXTRA: usize = 256;

/// Buckets remembered. A bucket lives a few seconds, so this is thousands of busy channels.
pub(crate) const BUCKETS_MAX: usize = 4_096;

/// Callbacks and other calls with an interaction token in flight at once: each is a connection
/// of some 50 kB. A thousand taps in a second at 100 ms each need a hundred.
pub(crate) const CALLBACKS_IN_FLIGHT_MAX: usize = 128;

/// Longest stop of callbacks after a first 429 that is not about one token; it doubles with each
/// further one. They are worth trying early: their tokens die within 3 s. The longest makes ten
/// refusals in ten minutes.
pub(crate) const CALLBACK_PAUSE: Backoff =
    Backoff { first: Duration::from_secs(5), max: Duration::from_mins(1) };

/// Span over which invalid requests are counted (Discord docs: rate limits, "Invalid request
/// limit": 10,000 within 10 minutes and the address is banned).
pub(crate) const INVALID_WINDOW: Duration = Duration::from_mins(10);

/// From here on, background requests of which nobody knows whether they will be taken go one at a
/// time. With [`DOUBT_SPACING`] this keeps us below a hundred, and a program that crashes and
/// starts again every two seconds, knowing nothing of its last lives, below a third of Discord's
/// limit.
pub(crate) const DOUBT_AFTER: u32 = 10;

/// How long such requests rest after one that was refused: 75 in ten minutes.
pub(crate) const DOUBT_SPACING: Duration = Duration::from_secs(8);

/// So many channels that worked and then refused us within ten minutes put all others in doubt.
pub(crate) const TRUST_LOST_AFTER: u32 = 5;

/// Channels remembered as working.
pub(crate) const CHANNELS_KNOWN_MAX: usize = 4_096;

/// From here on the operator is warned.
pub(crate) const INVALID_WARN: u32 = 200;

/// From here on one request per second at most.
pub(crate) const INVALID_SLOW: u32 = 500;

/// From here on nothing but answers to interactions. A tenth of Discord's limit: a mistake then
/// costs us posts, and not the whole host its connection.
pub(crate) const INVALID_STOP: u32 = 1_000;

/// Pace once [`INVALID_SLOW`] is reached.
pub(crate) const SLOW_SPACING: Duration = Duration::from_secs(1);

/// How long a channel that refused us is left alone before one request may ask again.
pub(crate) const CIRCUIT_OPEN_FOR: Duration = Duration::from_hours(1);

/// How often somebody who waits at the screen may ask a channel that refused us, one request right
/// after the other: whoever repairs its permissions wants to see at once whether that was it.
pub(crate) const AWAITED_ASKS_AT_ONCE: u32 = 5;

/// How long the next one has to wait then: 45 in ten minutes at most, and as many looks at what is
/// missing.
pub(crate) const AWAITED_ASK_SPACING: Duration = Duration::from_secs(15);

/// How long what somebody waits for may still wait for its turn when the program ends.
pub(crate) const CLOSING_PATIENCE: Duration = Duration::from_secs(1);

/// Channels remembered for having refused us. Beyond that the oldest is forgotten, which costs a
/// request.
pub(crate) const CIRCUITS_MAX: usize = 4_096;
