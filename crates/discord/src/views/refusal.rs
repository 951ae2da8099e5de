//! Refusals and faults in words, in one place: what happened, and what to do next.

mod changes;
mod channels;
mod door;
mod given;
mod number;
mod places;
mod planning;
mod templates;

use muster_domain::duration::DurationError;
use muster_domain::event::Phase;
use muster_domain::id::{RoleId, UserId};
use muster_domain::roster::NotSwapped;
use muster_domain::rules::NotEligible;
use muster_domain::text::TextError;
use muster_domain::when::WhenError;
use muster_domain::zone::{self, ZoneError};
use muster_engine::refusal::{Field, Refusal};
use muster_engine::tap_limit::TapRate;

pub use self::door::NOT_NOW;
pub use self::number::label;
use crate::views::text::{counted, full, grouped, person, plain};

/// Zones that are suggested instead of a wrong one.
const ZONES_NEAR: usize = 3;

/// The answer when something is broken on our side or Discord's.
pub const FAILED: &str =
    "That could not be saved. Nothing was changed; please try again in a moment.";

const NOT_ORGANISER: &str = "Only organisers can do this. Ask somebody with the permission Manage \
     Server to give you an organisers' role, or to choose one of yours under `/settings`.";
const NOT_MANAGER: &str =
    "Only members with the permission Manage Server can do this. Ask one of them.";
const GUILD_ONLY: &str = "This works in a server only. Use it in a channel of your server.";
const NO_SUCH_EVENT: &str = "There is no such event here; it may have been deleted. `/event list` \
     shows what is planned.";
const NO_EVENT_THERE: &str = "That message does not belong to an event of mine. Use this on an \
     event's post, or use `/event log`.";
const NO_SUCH_OPTION: &str = "This event does not offer that answer. Pick one of the answers that \
     its post shows now.";
const NOTHING_TO_WITHDRAW: &str =
    "You have not answered this event, so there is nothing to withdraw.";
const NO_ANSWER_YET: &str = "You have not answered this event. Answer first, with the buttons on \
     its post.";
const NOT_COMING: &str = "Answer first that you are coming; then you can add guests under *My \
     answer*.";
const NO_ROOM_FOR_GUESTS: &str = "There is no room for so many guests, so nothing was changed: \
     your place or your rank on the waitlist is as it was. Bring fewer, or ask an organiser for \
     more places.";
const SPAN: &str = "An event lasts from 1 minute to 30 days. Choose another end or duration.";
const DRAFT_GONE: &str = "That form is no longer kept. Please use the command again.";
const POST_EXISTS: &str = "The post is there already. `/event show` leads to it.";
const CHANGED_MEANWHILE: &str = "Somebody else changed this event at the same moment, so nothing \
     was changed. Look at it with `/event show`, then try again.";
const TOO_LATE_TO_UNDO: &str = "A change can be undone for 15 minutes only, so it is too late. \
     `/event log` shows what was changed; `/event edit` and `/event cancel` still work.";
const UNKNOWN: &str = "This button or form is not one that I know; it may come from another \
     version. Please use the command again; `/help` lists them all.";

/// One or two sentences for the person who asked, at most 500 characters, in markdown.
#[must_use]
pub fn words(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotOrganiser => NOT_ORGANISER.to_owned(),
        Refusal::NotManager => NOT_MANAGER.to_owned(),
        Refusal::GuildOnly => GUILD_ONLY.to_owned(),
        Refusal::NoSuchEvent => NO_SUCH_EVENT.to_owned(),
        Refusal::NoEventThere => NO_EVENT_THERE.to_owned(),
        Refusal::NoEventLike(given) => no_event_like(given),
        Refusal::AnswersClosed(phase) => answers_closed(*phase).to_owned(),
        Refusal::NoSuchOption => NO_SUCH_OPTION.to_owned(),
        Refusal::SeveralOptions(names) => given::several_options(names),
        Refusal::NothingToWithdraw => NOTHING_TO_WITHDRAW.to_owned(),
        Refusal::NotSwapped(why) => not_swapped(*why).to_owned(),
        Refusal::NoAnswerYet => NO_ANSWER_YET.to_owned(),
        Refusal::NotComing => NOT_COMING.to_owned(),
        Refusal::NotEligible(why, roles) => not_eligible(*why, roles),
        Refusal::NoRoomForGuests => NO_ROOM_FOR_GUESTS.to_owned(),
        Refusal::NeverRoom(answer, most) => never_room(answer, *most),
        Refusal::Change(refusal) => changes::words(*refusal),
        Refusal::ChangedMeanwhile => CHANGED_MEANWHILE.to_owned(),
        Refusal::ChangedSince(by) => changed_since(*by),
        Refusal::AnsweredSince(by) => answered_since(*by),
        Refusal::TooLateToUndo => TOO_LATE_TO_UNDO.to_owned(),
        Refusal::TooManyTaps(rate) => too_many_taps(*rate),
        Refusal::NotLetIn(why) => door::words(*why),
        Refusal::Text(field, error) => text(*field, *error),
        Refusal::In(number, refusal) => number::wrong(*number, refusal),
        Refusal::Capacity(error) => places::impossible(*error),
        Refusal::CapacityNotANumber(given) => places::no_number(given),
        Refusal::Options(error) => given::options(error),
        Refusal::OptionEdit(error) => given::option_edit(error),
        Refusal::NotAnEmoji(given) => given::not_an_emoji(given),
        Refusal::GuestsNotPossible(given) => given::guests(given),
        Refusal::Close(error) => given::closes(error),
        Refusal::ClosesInThePast(at) => given::closes_in_the_past(*at),
        Refusal::Image(error) => given::image(*error),
        Refusal::When(error) => when(error),
        Refusal::Duration(error) => duration(error),
        Refusal::Span => SPAN.to_owned(),
        Refusal::Zone(error) => unknown_zone(error),
        Refusal::TimeOfDay(error) => given::time_of_day(error),
        Refusal::HoursAfterEnd(given) => given::hours_after_end(given),
        Refusal::CannotPost(channel, missing) => channels::cannot_post(*channel, *missing),
        Refusal::WrongKindOfChannel(channel) => channels::wrong_kind(*channel),
        Refusal::ChannelGone(channel) => channels::channel_gone(*channel),
        Refusal::MayNotMention(role) => given::may_not_mention(*role),
        Refusal::NoTimeInEvent(given, span) => given::no_time_in_event(given, *span),
        Refusal::Times(error, span) => given::times(*error, *span),
        Refusal::NamesHidden => given::NAMES_HIDDEN.to_owned(),
        Refusal::NobodyToTell => given::NOBODY_TO_TELL.to_owned(),
        Refusal::ToldEnough(then) => given::told_enough(*then),
        Refusal::ReminderTime(error) => given::reminder_time(error),
        Refusal::Reminders(error) => given::reminders(*error),
        Refusal::NoSuchReminder => given::NO_SUCH_REMINDER.to_owned(),
        Refusal::Placeholder(error) => given::placeholder(error),
        Refusal::NeedsMemberLists => given::NEEDS_MEMBER_LISTS.to_owned(),
        Refusal::RemindersChangedSince => given::REMINDERS_CHANGED.to_owned(),
        Refusal::RemindersTooLate => given::REMINDERS_TOO_LATE.to_owned(),
        Refusal::QuietHours(error) => given::quiet_hours(error),
        Refusal::NotGiven(role, why) => given::not_given(*role, *why),
        Refusal::RoleUnknown => given::ROLE_UNKNOWN.to_owned(),
        Refusal::NoSuchWeek(given) => given::no_such_week(given),
        Refusal::CheckIn(why) => given::check_in(*why),
        Refusal::NoSuchMember => given::NO_SUCH_MEMBER.to_owned(),
        Refusal::NothingOfTheirs(member) => nothing_of_theirs(*member),
        Refusal::Template(why) => templates::words(why),
        Refusal::DraftGone => DRAFT_GONE.to_owned(),
        Refusal::PostExists(_) => POST_EXISTS.to_owned(),
        Refusal::Planning(refusal) => planning::words(refusal),
        Refusal::Unknown => UNKNOWN.to_owned(),
    }
}

fn never_room(answer: &str, most: usize) -> String {
    format!(
        "**{}** has room for {} at most, guests among them, so nothing was changed. Bring fewer \
         guests, with *My answer* under \"⋯\", pick another answer, or ask an organiser for more \
         places.",
        plain(answer),
        counted(most, "person", "people")
    )
}

fn changed_since(by: UserId) -> String {
    format!(
        "{} has changed this event since, so nothing was undone. `/event log` shows what was \
         changed.",
        person(by)
    )
}

fn nothing_of_theirs(member: UserId) -> String {
    format!("{} has not answered this event. Nothing was changed.", person(member))
}

fn answered_since(by: UserId) -> String {
    format!(
        "{} has changed this answer since, so nothing was undone. *Members* changes it again.",
        person(by)
    )
}

fn too_many_taps(rate: TapRate) -> String {
    let taps = counted(usize::try_from(rate.times()).unwrap_or(usize::MAX), "tap", "taps");
    let seconds = usize::try_from(rate.within().as_secs()).unwrap_or(usize::MAX);
    let within = counted(seconds, "second", "seconds");
    format!(
        "That was more than {taps} in {within}, so this tap does not count; your last answer \
         does. Wait {within}, then tap again."
    )
}

fn no_event_like(given: &str) -> String {
    let pick = "pick one from the suggestions that appear while you type";
    if given.trim().is_empty() {
        return format!("Which event? Name it, or {pick}.");
    }
    format!("\"{}\" does not name just one event. Please {pick}.", plain(given))
}

const fn answers_closed(phase: Phase) -> &'static str {
    match phase {
        Phase::Open => "Answers were closed just now and are open again. Please answer once more.",
        Phase::Closed => {
            "Answers to this event are closed. If you have answered and cannot come, *Withdraw my \
             answer* under \"⋯\" takes yours back until the start. An organiser can open answers \
             again with `/event reopen`, or change yours for you, with *Members* under \"⋯\"."
        }
        Phase::Running => {
            "This event has begun and takes no more answers. An organiser can open them again \
             with `/event reopen`, or change your answer for you, with *Members* under \"⋯\"."
        }
        Phase::Over => {
            "This event is over and takes no more answers. `/event list` shows what comes next."
        }
        Phase::Cancelled => {
            "This event is cancelled and takes no answers. An organiser can bring it back, with \
             `/event show`."
        }
        Phase::Deleted => NO_SUCH_EVENT,
    }
}

const fn not_swapped(why: NotSwapped) -> &'static str {
    match why {
        NotSwapped::NoPlace => {
            "Nothing was changed: only who has a place under that answer can give it up. Please \
             choose somebody else."
        }
        NotSwapped::NoRoom => {
            "Nothing was changed: with their guests there is no room for both where they would be, \
             or one would get an answer that is no longer offered. Please choose somebody else."
        }
    }
}

/// How who may not answer any more gets off the roster.
const WITHDRAWS: &str = "An answer that you gave before stays; *Withdraw my answer* under \"⋯\" \
     takes it back.";

/// At most five roles are named, so that the answer stays short.
const ROLES_NAMED_MAX: usize = 5;

fn not_eligible(why: NotEligible, roles: &[RoleId]) -> String {
    let names: Vec<_> =
        roles.iter().take(ROLES_NAMED_MAX).map(|role| format!("<@&{role}>")).collect();
    let one_of = match (names.is_empty(), roles.len() > names.len()) {
        (true, _) => "a role that you do not have".to_owned(),
        (false, false) => joined(&names, " or "),
        (false, true) => format!("{} or another role", names.join(", ")),
    };
    match why {
        NotEligible::Event => format!(
            "This event is for members with {one_of}, so your answer was not taken. Ask an \
             organiser if you should be among them. {WITHDRAWS}"
        ),
        NotEligible::Denied => format!(
            "This event is closed to one of your roles, so your answer was not taken. Ask an \
             organiser if that is a mistake. {WITHDRAWS}"
        ),
        NotEligible::Option => format!(
            "This answer is for members with {one_of}, so it was not taken. Pick another answer, \
             or ask an organiser. {WITHDRAWS}"
        ),
        NotEligible::Guests(max) if max.get() == 0 => {
            "Nobody can bring guests to this event. Ask an organiser to allow them.".to_owned()
        }
        NotEligible::Guests(max) => format!(
            "Everybody can bring {} to this event at most. Choose fewer.",
            counted(usize::from(max.get()), "guest", "guests")
        ),
    }
}

fn text(field: Field, error: TextError) -> String {
    let name = match field {
        Field::Title => "title",
        Field::Description => "description",
        Field::Location | Field::LocationAlone => "location",
        Field::TemplateName | Field::Answer => "name",
        Field::Note => "note",
        Field::Announcement => "message",
        Field::Group => "heading",
    };
    match error {
        TextError::Empty => format!("The {name} is empty. Please write one."),
        TextError::TooLong { length, max } => {
            let (length, max) = (grouped(length), grouped(max));
            let then = match field {
                Field::Title
                | Field::Description
                | Field::TemplateName
                | Field::Answer
                | Field::Note
                | Field::Announcement
                | Field::LocationAlone
                | Field::Group => "Please shorten it.",
                Field::Location => "I go on without it; the button Location adds a shorter one.",
            };
            format!("The {name} has {length} characters; {max} are possible. {then}")
        }
    }
}

/// The words of the domain, as a sentence, with what a person wrote made plain.
fn when(error: &WhenError) -> String {
    let plain_error = match error.clone() {
        WhenError::NotUnderstood { part } => WhenError::NotUnderstood { part: plain(&part) },
        WhenError::NoSuchDate { part } => WhenError::NoSuchDate { part: plain(&part) },
        WhenError::NoSuchTime { part } => WhenError::NoSuchTime { part: plain(&part) },
        WhenError::UnknownZone { name } => WhenError::UnknownZone { name: plain(&name) },
        WhenError::AmbiguousZone { name, instead } => {
            WhenError::AmbiguousZone { name: plain(&name), instead }
        }
        WhenError::Past { at } => {
            let at = full(at);
            return format!("That time is over: {at}. Write a later one, like \"tomorrow 19:30\".");
        }
        as_it_is @ (WhenError::Empty
        | WhenError::TooLong
        | WhenError::PartMismatch
        | WhenError::NoTime
        | WhenError::NoDay
        | WhenError::OutOfRange
        | WhenError::WeekdayMismatch { .. }
        | WhenError::BadEnd
        | WhenError::TooManyReadings) => as_it_is,
    };
    sentence(&plain_error.to_string())
}

fn duration(error: &DurationError) -> String {
    let plain_error = match error.clone() {
        DurationError::NotUnderstood { part } => {
            DurationError::NotUnderstood { part: plain(&part) }
        }
        as_it_is @ (DurationError::Empty
        | DurationError::NoUnit { .. }
        | DurationError::TooShort
        | DurationError::TooLong) => as_it_is,
    };
    sentence(&plain_error.to_string())
}

/// With a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let mut sentence: String = first.into_iter().flatten().chain(letters).collect();
    if !sentence.ends_with('.') {
        sentence.push('.');
    }
    sentence
}

fn unknown_zone(error: &ZoneError) -> String {
    let given = plain(&error.given);
    let near: Vec<_> = near(&error.given).iter().map(|name| format!("`{name}`")).collect();
    if near.is_empty() {
        return format!(
            "No time zone is called \"{given}\". Write it like `Europe/Berlin` or \
             `America/New_York`: the continent and a large city."
        );
    }
    format!("No time zone is called \"{given}\". Try {}.", joined(&near, " or "))
}

/// Zones whose names are like what was given, or like one of its words.
fn near(given: &str) -> Vec<String> {
    let words = given.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
    let found = std::iter::once(given).chain(words).map(|word| zone::suggest(word, ZONES_NEAR));
    found.into_iter().find(|names| !names.is_empty()).unwrap_or_default()
}

/// "A", "A and B", "A, B and C" with " and " as the last.
fn joined<T: AsRef<str>>(names: &[T], last: &str) -> String {
    let mut words = String::new();
    for (index, name) in names.iter().enumerate() {
        let between = match index {
            0 => "",
            _ if index + 1 == names.len() => last,
            _ => ", ",
        };
        words.push_str(between);
        words.push_str(name.as_ref());
    }
    words
}

#[cfg(test)]
mod tests;
