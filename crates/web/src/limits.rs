//! Every bound of this crate, with its reason.

use std::time::Duration;

/// Connections at the same time; further ones wait to be taken. An operator's browser takes six.
pub(crate) const CONNECTIONS_MAX: usize = 64;

/// Of these, from other machines: the others are for the health check and for a proxy.
pub(crate) const CONNECTIONS_FROM_AFAR_MAX: usize = 48;
const _: () = assert!(CONNECTIONS_FROM_AFAR_MAX < CONNECTIONS_MAX);

/// How long a client may take for the head of a request: a slow one must not hold a connection.
pub(crate) const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// How long an answer may take to begin, the reading of the request's body included.
pub(crate) const ANSWER_LIMIT: Duration = Duration::from_secs(20);

/// How long a connection may last. One whose other end is gone without a word, or does not read,
/// holds its place no longer; a browser connects again by itself.
pub(crate) const CONNECTION_LIMIT: Duration = Duration::from_hours(1);

/// How long requests that are under way may still take when the program ends.
pub(crate) const END_LIMIT: Duration = Duration::from_secs(2);

/// The longest body of a request. Forms here hold a token and a number.
pub(crate) const BODY_BYTES_MAX: usize = 16 * 1_024;

/// Pages that are kept up to date at the same time.
pub(crate) const LISTENERS_MAX: usize = 16;

/// News that a listener may lag behind before it is dropped; it connects again and gets all.
pub(crate) const NEWS_KEPT: usize = 8;

/// Time between two looks at the bot while somebody watches.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Time between two looks at the samples of the day, of which there is one each minute.
pub(crate) const DAY_EVERY: Duration = Duration::from_mins(1);

/// How long it is remembered whether the bot is ready: anybody may ask, as often as they like.
pub(crate) const READY_KEPT: Duration = Duration::from_secs(1);

/// How long a look may take. The bot promises well below a second.
pub(crate) const LOOK_LIMIT: Duration = Duration::from_secs(5);

/// What was given up, on one page: more than fits a screen is not taken in.
pub(crate) const GIVEN_UP_ROWS: usize = 20;

/// Pages of it: with the above, as much as the bot lists.
pub(crate) const GIVEN_UP_PAGES_MAX: usize = 50;

/// People signed in at the same time; the one that was idle longest makes room.
pub(crate) const SESSIONS_MAX: usize = 64;

/// After how long without a request a session ends (ASVS 7.3.1).
pub(crate) const SESSION_IDLE: Duration = Duration::from_hours(12);

/// After how long a session ends whatever happens (ASVS 7.3.2).
pub(crate) const SESSION_WHOLE: Duration = Duration::from_hours(7 * 24);

/// Requests of a session in a minute.
pub(crate) const SESSION_REQUESTS: u32 = 60;

/// Attempts to sign in from one address in a minute.
pub(crate) const ATTEMPTS: u32 = 10;

/// Addresses whose attempts are counted; those that have waited longest make room.
pub(crate) const ADDRESSES_MAX: usize = 4_096;

/// Sign-ins with Discord under way.
pub(crate) const STATES_MAX: usize = 256;

/// How long a sign-in with Discord may take.
pub(crate) const STATE_KEPT: Duration = Duration::from_mins(10);

/// The shortest token: with 16 characters nobody guesses it, not even at `/metrics`, where a right
/// one counts whatever was attempted before.
pub(crate) const TOKEN_CHARS_MIN: usize = 16;

/// The longest token that a form brings.
pub(crate) const TOKEN_CHARS_MAX: usize = 512;

/// Series of one metric, whatever it is: more would be a burden for Prometheus. Room for the five
/// figures of each of [`COMMANDS_MAX`].
pub(crate) const SERIES_MAX: usize = 1_000;

/// Commands with figures of their own: all that are told apart, and what stands for the others.
pub(crate) const COMMANDS_MAX: usize = 161;

/// Shards with figures of their own: the first ones, which tell of the others.
pub(crate) const SHARDS_MAX: usize = 200;
