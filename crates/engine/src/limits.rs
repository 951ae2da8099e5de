//! What is bounded in what Muster does, each with its reason.

use std::time::Duration;

use muster_vitals::backoff::Backoff;

/// How long a guild's arrival or removal waits that could not be stored: a full disk lasts, and
/// nobody waits for it.
pub const MEMBERSHIP_RETRY: Backoff =
    Backoff { first: Duration::from_secs(1), max: Duration::from_mins(1) };

/// Members on a page of a roster: with notes, as many as one message holds.
pub const ROSTER_ROWS: usize = 25;

/// Rows of a list on one page: what fits a phone's screen and an embed.
pub const LIST_ROWS: usize = 10;

/// How far a member's attendance looks back.
pub const ATTENDANCE_PAST: jiff::SignedDuration = jiff::SignedDuration::from_hours(90 * 24);

/// Events in one report: many times a busy week.
pub const REPORT_EVENTS_MAX: usize = 500;

/// Answers in one report, by what they are called: more are not read.
pub const REPORT_OPTIONS_MAX: usize = 25;

/// Members named as coming most often: what is read at a glance.
pub const REPORT_CONSISTENT: usize = 10;

/// Members in a report's table: twice the largest event that we promise to show well.
pub const REPORT_MEMBERS_MAX: usize = 10_000;

/// Answers in one export: four times the largest event that we promise to show well. A file for
/// which they are too much has fewer.
pub const EXPORTED_SIGNUPS_MAX: usize = 20_000;

/// Lines of history in one export, the newest ones.
pub const EXPORTED_HISTORY_MAX: usize = 20_000;

/// How long `/rsvp today` asks Discord in all who may see its events: fifty thousand members take
/// longer, and then those count who came lately.
pub const DAY_MEMBERS_WAIT: Duration = Duration::from_secs(10);

/// Events that `/rsvp today` shows at most; each is one embed, and Discord takes ten.
pub const DAY_EVENTS_MAX: usize = 9;

/// How long the answer to `/event create` waits for its post, so that it can link to it. Discord
/// waits three seconds for the answer itself.
pub const POST_WAIT: Duration = Duration::from_millis(1_500);

/// How often it looks in that time whether the scheduler has sent the post.
pub const POST_LOOKS: u32 = 30;

/// How long a refusal waits for the names of what the bot lacks. With [`POST_WAIT`] it leaves
/// enough of the three seconds.
pub const NAMES_WAIT: Duration = Duration::from_millis(700);

/// How long a new event waits for whether its organiser could hand out the roles of its answers.
/// With [`POST_WAIT`] and [`NAMES_WAIT`] it is within the three seconds.
pub const GRANTS_WAIT: Duration = Duration::from_millis(700);

/// How long an answer waits for what Discord knows of a role: well within its three seconds.
pub const ROLE_WAIT: Duration = Duration::from_millis(1_800);

/// Roles given or taken, and rosters looked through for them, between two looks into the store.
pub const GRANTS_AT_ONCE: usize = 32;

/// How long what Discord said of a role holds for the members who get it next: a role that is
/// given to many is not looked at for each of them.
pub const ROLE_KNOWN_FOR: Duration = Duration::from_secs(10);

/// How long a role waits that the bot may not give: an organiser has to change something first.
pub const ROLE_FORBIDDEN_PAUSE: Duration = Duration::from_hours(1);

/// How long a role waits of which nobody knows whether it was given.
pub const ROLE_UNCLEAR_PAUSE: Duration = Duration::from_secs(10);

/// Chores about posts between two looks into the store.
pub const CHORES_AT_ONCE: usize = 32;

/// How often a chore is tried of which nobody knows whether it was done, or for which it was not
/// yet time: over more than a day.
pub const CHORE_TRIES_MAX: u32 = 40;

/// How long a chore waits until it is tried again.
pub const CHORE_RETRY: Backoff =
    Backoff { first: Duration::from_secs(1), max: Duration::from_hours(1) };

/// How long a chore waits whose event cannot be read.
pub const UNREADABLE_PAUSE: Duration = Duration::from_hours(1);

/// How long a new name of a thread waits of which nobody knows whether Discord took it, which takes
/// two in ten minutes.
pub const RENAME_UNCLEAR_PAUSE: Duration = Duration::from_mins(5);

/// How long a post in a forum waits that may be under way already: nothing would keep Discord from
/// making it twice. Longer than any request takes.
pub const FORUM_POST_SETTLES: jiff::SignedDuration = jiff::SignedDuration::from_secs(20);

/// How long a claimed delivery belongs to its claimer. Longer than any attempt with its time-outs.
pub const LEASE: jiff::SignedDuration = jiff::SignedDuration::from_secs(120);

/// How long anything waits at most until it is tried again: Discord may close a channel to us for
/// an hour. What waits longer after a start was planned by a clock that was ahead.
pub const WAIT_MAX: jiff::SignedDuration = jiff::SignedDuration::from_mins(65);

/// How far the clock of this machine may go back without being set: what became due within that has
/// been done, and stays so.
pub const CLOCK_WAVERS: Duration = Duration::from_secs(1);

/// How far the clock of this machine may get ahead of its monotonic clock without counting as set:
/// it is made to go faster or slower when it is compared with others.
pub const CLOCK_DRIFTS: Duration = Duration::from_secs(2);

/// How long work that must not go by a wrong clock waits for what the clock shows to be compared
/// with the store.
pub const CLOCK_DOUBT_PAUSE: Duration = Duration::from_secs(1);

/// How long work that nobody waits for is left alone when the store fails.
pub const STORE_FAILED_PAUSE: Duration = Duration::from_secs(5);

/// How often it is looked at whether the clock was set back, while nothing is due.
pub const CLOCK_LOOKED_AT: Duration = Duration::from_mins(1);

/// How long after its first attempt the same process may send again with the same nonce. Discord
/// remembers a nonce for "a few minutes"; we trust less than one.
pub const SAME_NONCE: jiff::SignedDuration = jiff::SignedDuration::from_secs(50);

/// How long after it was due news about an event is still worth sending.
pub const NEWS_GRACE: jiff::SignedDuration = jiff::SignedDuration::from_hours(2);

/// Deliveries under way at once, one per channel. Discord takes 50 requests a second in all and
/// about one message a second in a channel, so that fewer could not use what it allows.
pub const LANES_MAX: usize = 64;

/// Edits under way at once, one per channel; for the same reason.
pub const EDITS_MAX: usize = 64;

/// Stale posts that wait in memory for their turn to be edited; further ones wait in the store.
pub const STALE_POSTS_MAX: usize = 512;

/// How many of them may be of one channel, so that a busy one does not hold up the others.
pub const STALE_POSTS_OF_CHANNEL_MAX: usize = 16;

/// How long an edit may still take when the program ends. It can be left at any point: what was
/// not seen to be shown is edited after the next start.
pub const EDIT_DRAIN: Duration = Duration::from_secs(2);

/// How long a code to check in is shown; it counts for as long again. Who reads it aloud and who
/// types it need some seconds, and nobody is to pass it on.
pub const CODE_STEP: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

/// Events turned in one commit.
pub const TURNS_PER_COMMIT: usize = 256;

/// How long a guild's data is kept after it removed the bot, unless the operator says otherwise.
pub const REMOVED_GUILD_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(21 * 24);

/// Between two pieces of what is deleted, so that what people wait for goes first.
pub const PURGE_PAUSE: Duration = Duration::from_millis(50);

/// How long a deletion that failed waits until it is tried again, and one for which Discord's clock
/// is not known yet.
pub const PURGE_RETRY: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// How long it is at most until somebody looks whether there is something to delete: all of it is
/// kept for days, so that what is added meanwhile is not missed.
pub const PURGE_LOOK_AGAIN: Duration = Duration::from_hours(12);

/// How long an answer waits for an erasure to be finished: well within the three seconds that
/// Discord gives it.
pub const ERASURE_WAIT: Duration = Duration::from_millis(1_800);

/// Between two edits of one message outside an answer.
pub const EDIT_GAP: Duration = Duration::from_millis(1_200);

/// Between two edits in one channel of messages older than [`OLD_MESSAGE`]: Discord limits those
/// separately (error 30046).
pub const OLD_EDIT_GAP: Duration = Duration::from_secs(7);

/// When Discord's own limit for editing old messages begins.
pub const OLD_MESSAGE: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// Interactions remembered so that a repeat from the gateway is not handled again.
pub const INTERACTIONS_REMEMBERED: usize = 4_096;

/// Shown versions kept in memory before they are written down. They are only a saving: after a
/// crash the posts concerned are edited once more.
pub const SHOWN_UNWRITTEN_MAX: usize = 256;

/// Posts whose message is looked for at start-up.
pub const POSTS_CHECKED_AT_START: usize = 200;

/// How often a delivery is tried after which a look for what it may have left is the last one, if
/// Discord does not answer it: over some two hours, as long as news are worth sending.
pub const LOOKS_MAX: u32 = 32;

/// How long a delivery waits that Discord does not take.
pub const DELIVERY_RETRY: Backoff =
    Backoff { first: Duration::from_secs(1), max: Duration::from_mins(5) };

/// Channels that are tested at start-up at once, over all guilds; each is one request.
pub const CHANNELS_CHECKED_AT_START: usize = 200;

/// Channels that are tested after a start at all: the others one guild after the other, for up to
/// two days.
pub const CHANNELS_CHECKED_LATER: usize = 10_000;

/// Between two guilds that are tested later: what members do comes first, and a request wakes the
/// program some seven times, which is to stay below two wake-ups a second with all else.
pub const CHANNELS_CHECKED_PAUSE: Duration = Duration::from_secs(20);

/// How many such pauses there are before a guild while messages wait to be sent: ten minutes, in
/// which 27,000 are.
pub const CHANNELS_CHECKED_PAUSES_MAX: u32 = 30;

/// Channels that the doctor of a guild tests; each is one request.
pub const DOCTOR_TESTS_MAX: usize = 50;

/// What was given up about posts, of which the doctor tests the channels first.
pub const DOCTOR_CHORES_MAX: usize = 12;

/// Channels that the doctor asks for before it looks how long it took.
pub const DOCTOR_TESTS_TOGETHER: usize = 10;

/// Channels of events to come, roles of each kind, and what else the doctor looks at. It says of
/// how many channels it tested none.
pub const DOCTOR_NEEDS_MAX: usize = 500;

/// How long the doctor waits for what Discord says: somebody looks at the screen.
pub const DOCTOR_WAIT: Duration = Duration::from_secs(10);

/// Lines of one kind in a report, so that all kinds fit one message.
pub const REPORT_LINES: usize = 4;

/// Failed messages on one page of the doctor's list: what fits its panel beside the findings.
pub const FAILED_ROWS: usize = 5;

/// How long a report waits for what Discord says of the channels that it names.
pub const REPORT_WAIT: Duration = Duration::from_secs(15);

/// How far our clock may be from Discord's. Discord tells whole seconds, and an answer takes a
/// moment; who is reminded five seconds off does not notice.
pub const CLOCK_TOLERANCE: jiff::SignedDuration = jiff::SignedDuration::from_secs(5);

/// What was due for longer than this and did not go out is overdue.
pub const OVERDUE: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);

/// Free space below which the disk is said to be nearly full: the log can grow by 8 MB, a new
/// schema needs a copy of the database, and systems fail in odd ways without any.
pub const SPACE_LITTLE: u64 = 256 * 1024 * 1024;
