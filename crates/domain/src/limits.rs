//! What is bounded in the rules, each with its reason.

use jiff::SignedDuration;

/// The most places that an event may offer: twice the largest roster that we promise to show well.
pub const CAPACITY_MAX: u32 = 10_000;

/// Guests that one member may bring.
pub const GUESTS_MAX: u8 = 10;

/// Members named in one column of a post. A mention takes at most 23 characters with its line
/// break, so forty and "+4,960 more" fit the 1,024 characters of an embed field.
pub const NAMES_SHOWN_MAX: usize = 40;

/// Answers that an event may offer: what one select menu of Discord holds.
pub const OPTIONS_MAX: usize = 25;

/// Answers that an event may offer or have offered: as many again, so that all can be replaced.
pub const OPTIONS_EVER_MAX: usize = 2 * OPTIONS_MAX;

/// Roles in each list of an event's rules: what one role select of Discord holds.
pub const RULE_ROLES_MAX: usize = 25;

/// The earliest that answers close before the start; earlier, a new event is better.
pub const CLOSE_BEFORE_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The shortest time to accept a place: long enough to be told and to tap.
pub const OFFER_MIN: SignedDuration = SignedDuration::from_mins(1);

/// The longest time to accept a place: others wait meanwhile.
pub const OFFER_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The earliest that an organiser is asked whether too few are coming.
pub const MINIMUM_BEFORE_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Characters of what somebody typed that are said again where it is refused.
pub const QUOTED_MAX: usize = 100;

/// Bytes of the address of an image: what Discord takes in an embed.
pub const IMAGE_URL_MAX: usize = 2_048;

/// Days that a guild can have old events kept: ten years.
pub const RETENTION_DAYS_MAX: u32 = 3_650;

/// How long after a guild has chosen for how long events are kept it takes effect, so that a slip
/// deletes nothing.
pub const RETENTION_GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Hours after the end of an event within which its post can be cleaned away: thirty days.
pub const CLEAN_UP_HOURS_MAX: u16 = 720;

/// Bytes of one emoji: the longest of Unicode's has 35, a server's own at most 56.
pub const EMOJI_MAX: usize = 64;

/// Roles that a guild may name as organisers: what one role select of Discord holds.
pub const ORGANISER_ROLES_MAX: usize = 25;

/// Templates that a guild may have: more than anybody tells apart in a list.
pub const TEMPLATES_MAX: usize = 100;

/// How long a deleted template can be brought back.
pub const TEMPLATE_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long an event lasts when nobody says.
pub const DURATION_DEFAULT: SignedDuration = SignedDuration::from_hours(2);

/// The longest event; beyond it a mistyped year is likelier than a real event.
pub const DURATION_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long a cancelled or deleted event can be brought back.
pub const KEPT_AFTER_CANCEL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long after a change whoever made it can undo it: by then others rely on it.
pub const UNDO_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// Members mentioned in one message. Twenty under Discord's 100 per list, so that a message with
/// its words stays within 2,000 characters.
pub const MENTIONS_PER_MESSAGE_MAX: usize = 80;

/// Members mentioned one by one for one piece of news; above, the role is mentioned, or nobody.
pub const MENTIONS_MAX: usize = 400;

/// Direct messages about one thing that go out at the same moment.
pub const DIRECT_TOGETHER: usize = 5;

/// How long after them the next ones follow: five a second at most for one thing, so that Discord
/// does not take them for spam.
pub const DIRECT_GAP: SignedDuration = SignedDuration::from_secs(1);

/// Reminders of one event, or of all events of a guild: far more than anybody adds by hand. Each of
/// them stands in what is kept of a series or a template with all its words, and all are looked at
/// whenever an event is planned anew.
pub const REMINDERS_MAX: usize = 50;

/// The earliest that a reminder is before the start.
pub const REMINDER_BEFORE_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The latest that a reminder is after the start: then it is thanks, or a question how it was.
pub const REMINDER_AFTER_MAX: SignedDuration = SignedDuration::from_hours(24);

/// How late the reminder at the start is still worth sending.
pub const REMINDED_AT_START: SignedDuration = SignedDuration::from_mins(15);

/// How late a reminder after the start is still worth sending.
pub const REMINDED_AFTER_START: SignedDuration = SignedDuration::from_hours(2);

/// How far those who are reminded because they came before lie back.
pub const REMINDED_WHO_CAME: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Characters of what stands in braces in a reminder and may be meant as a placeholder: the longest
/// has ten; what is much longer is a sentence.
pub const PLACEHOLDER_MAX: usize = 30;

/// Weeks that a report looks back on, its own included: two months, of which the later half is
/// compared with the earlier.
pub const REPORT_WEEKS: u32 = 8;

/// How long before the start members can check in: they arrive early.
pub const CHECK_IN_BEFORE: SignedDuration = SignedDuration::from_mins(15);

/// Between two tellings of one event, so that those who are coming read the second.
pub const TELL_GAP: SignedDuration = SignedDuration::from_mins(5);

/// Tellings of one event within a day.
pub const TELLINGS_A_DAY: usize = 10;

/// How long a new event waits while its answers are put together; then it is posted in any case.
pub const EDITOR_HOLDS: SignedDuration = SignedDuration::from_mins(15);

/// How long news of a move, a cancellation or a lost place waits for second thoughts, so that an
/// organiser who mistypes and corrects, or cancels and undoes, disturbs nobody.
pub const SECOND_THOUGHTS: SignedDuration = SignedDuration::from_secs(15);

/// Days, weeks, months or years between two turns of a series: no club meets less often.
pub const REPEAT_INTERVAL_MAX: u16 = 1_000;

/// The most times that a counted series repeats: daily for ten years. Every one has to be counted
/// from the first on, so that the bound keeps old series cheap.
pub const REPEAT_COUNT_MAX: u16 = 3_650;

/// Dates that a series leaves out: a daily one for a year. More, and it is another series.
pub const REPEAT_EXCLUDED_MAX: usize = 366;

/// Dates that a series has beside its rule.
pub const REPEAT_ADDED_MAX: usize = 100;

/// How long a rule may be without a date before it counts as having no more: the rarest that are
/// meant, a leap day on one weekday, come back within forty years.
pub const REPEAT_SEARCH_YEARS: i16 = 100;

/// Bytes of a rule as text: what the most dates of both kinds take, and as much again.
pub const REPEAT_TEXT_MAX: usize = 20_000;

/// The earliest that an occurrence of a series is posted, where its day is counted.
pub const POSTED_DAYS_AHEAD_MAX: u8 = 30;

/// The same where hours and minutes are counted.
pub const POSTED_AHEAD_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Extra fields of a day of the weekly schedule: they stand in one form, beneath one description.
pub const EXTRA_FIELDS_MAX: usize = 10;

/// Characters of an extra field, its name included.
pub const EXTRA_FIELD_MAX: usize = 150;

/// Series that a guild may have beside its weekly schedule: more than anybody keeps in mind.
pub const SERIES_MAX: usize = 100;

/// Events that a day of the weekly schedule may have: what its panel shows at once.
pub const DAY_EVENTS_MAX: usize = 5;

/// Times that the weekly schedule can be told to skip, and that are not over yet.
pub const SKIPS_MAX: usize = 25;

/// Days that one skip of the weekly schedule may take in: a year and a little.
pub const SKIP_DAYS_MAX: i32 = 400;

/// Characters of words for a series: a sentence with two dozen exceptions.
pub const REPEAT_WORDS_MAX: usize = 1_000;

/// How late organisers are still told that nothing is planned for the week. Who was without the bot
/// for a day has noticed by then.
pub const NUDGE_LATE: SignedDuration = SignedDuration::from_hours(24);
