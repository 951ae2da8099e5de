//! Every bound and pace of the gateway, with its reason, in one place.

use std::time::Duration;

use muster_vitals::backoff::Backoff;

/// Largest message taken off the wire, still compressed. Discord states no maximum; a guild of
/// 500 channels and 250 roles is about 280 kB of text, so this leaves a factor of hundreds.
pub const WIRE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Largest message after inflation. More would endanger the process for one message.
pub const INFLATED_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What the inflate buffer may keep between messages. A tap is below 8 kB with the post that it
/// was on; more would be filled with zeros for every message.
pub const INFLATE_BUFFER_KEPT_BYTES: usize = 16 * 1024;

/// Dials that may follow one another at once; a lone dropped connection should not wait.
pub const DIAL_BURST: u32 = 5;

/// Pause between dials once the burst is spent.
pub const DIAL_INTERVAL_MIN: Duration = Duration::from_secs(5);

/// What the pause grows to while nothing gets better; 120 dials an hour at the very worst.
pub const DIAL_INTERVAL_MAX: Duration = Duration::from_mins(1);

/// A connection that lasted this long proves that the world is well again.
pub const HEALTHY_AFTER: Duration = Duration::from_mins(1);

/// Identifies within 24 hours before the bot waits. Discord resets the token at 1,000
/// (Discord docs: gateway, "Session start limit"); a fifth leaves room for other processes.
pub const IDENTIFIES_PER_DAY: usize = 200;

/// Identifies within 24 hours before the operator is warned.
pub const IDENTIFIES_ALARM: usize = 50;

/// Of the starts that Discord says remain, this many are never used.
pub const IDENTIFIES_RESERVED: u32 = 10;

/// One identify per bucket and 5 s (Discord docs: gateway, "Identify rate limits").
pub const IDENTIFY_SPACING: Duration = Duration::from_secs(5);

/// Resumes that were asked for and came to nothing before the session is given up; some sessions
/// never come back, and asking for ever leaves a shard deaf.
pub const FAILED_RESUMES_MAX: u32 = 3;

/// Discord says hello at once; a peer that does not is not a gateway.
pub const HELLO_LIMIT: Duration = Duration::from_secs(20);

/// From identify or resume to READY or RESUMED, which follow all replayed events.
pub const ENTRY_LIMIT: Duration = Duration::from_secs(90);

/// Heartbeat intervals outside these are taken as the nearest; Discord's is about 41 s.
pub const HEARTBEAT_MIN: Duration = Duration::from_secs(1);
/// The other end of [`HEARTBEAT_MIN`].
pub const HEARTBEAT_MAX: Duration = Duration::from_mins(10);

/// Heartbeats asked for by the peer are answered at most this often: 120 sends a minute are
/// allowed (Discord docs: gateway, "Rate limiting").
pub const REQUESTED_BEAT_SPACING: Duration = Duration::from_secs(1);

/// Opening the WebSocket over an open connection.
pub const UPGRADE_LIMIT: Duration = Duration::from_secs(10);

/// Writing one small frame; longer means that the peer has stopped reading.
pub const SEND_LIMIT: Duration = Duration::from_secs(10);

/// The goodbye on stopping. The session survives without it, so it is not worth a wait.
pub const GOODBYE_LIMIT: Duration = Duration::from_secs(1);

/// On stopping, how long events in hand may take, so that the saved sequence covers them.
pub const DRAIN_LIMIT: Duration = Duration::from_secs(4);

/// The session's sequence is saved at most this often.
pub const SAVE_SPACING: Duration = Duration::from_secs(1);

/// How long the store may take to record an identify before it is sent regardless; the count
/// in memory still holds.
pub const RECORD_LIMIT: Duration = Duration::from_secs(3);

/// A pause of random length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The shortest.
    pub least: Duration,
    /// What is added at random, at most.
    pub spread: Duration,
}

/// After a refused session, before the next try.
pub const REFUSED_PAUSE: Pause =
    Pause { least: Duration::from_secs(1), spread: Duration::from_secs(4) };

/// After "rate limited" (close 4008).
pub const TOO_FAST_PAUSE: Pause =
    Pause { least: Duration::from_secs(10), spread: Duration::from_secs(20) };

/// After a dial that nobody answered, before the next: doubled with each in a row, half of it at
/// random. So five dials at once span some seconds, in which most troubles end; from the longest
/// on, the gate of dials is slower.
pub const SILENCE_PAUSE: Backoff =
    Backoff { first: Duration::from_millis(250), max: Duration::from_secs(4) };
