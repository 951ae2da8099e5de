//! Refusals and faults in words, in one place: what happened, and what to do next.

mod changes;
mod channels;
mod door;
mod given;
mod number;
mod options;
mod places;
mod planning;
mod roles;
mod templates;
mod text;
mod when;

use muster_domain::event::Phase;
use muster_domain::id::UserId;
use muster_domain::roster::NotSwapped;
use muster_engine::refusal::Refusal;

pub use self::door::{failed, told_before};
pub use self::number::label;
use crate::views::messages::{Key, Words};
use crate::views::text::{person_in, plain};

/// One or two sentences for the person who asked, at most 500 characters, in markdown.
#[must_use]
pub fn said(words: Words, refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotOrganiser => just(words, Key::RefusalOrganiser),
        Refusal::NotManager => just(words, Key::RefusalManager),
        Refusal::GuildOnly => just(words, Key::RefusalServer),
        Refusal::NoSuchEvent => just(words, Key::RefusalEvent),
        Refusal::NoEventThere => just(words, Key::RefusalEventPost),
        Refusal::NoEventLike(given) => no_event_like(words, given),
        Refusal::AnswersClosed(phase) => just(words, answers_closed(*phase)),
        Refusal::NoSuchOption => just(words, Key::RefusalAnswer),
        Refusal::SeveralOptions(names) => options::several(words, names),
        Refusal::NothingToWithdraw => just(words, Key::RefusalUnanswered),
        Refusal::NotSwapped(why) => just(words, not_swapped(*why)),
        Refusal::NoAnswerYet => just(words, Key::RefusalUnansweredFirst),
        Refusal::NotComing => just(words, Key::RefusalComing),
        Refusal::NotEligible(why, needed) => roles::not_eligible(words, *why, needed),
        Refusal::NoRoomForGuests => just(words, Key::RefusalRoom),
        Refusal::NeverRoom(answer, most) => never_room(words, answer, *most),
        Refusal::Change(refusal) => changes::said(words, *refusal),
        Refusal::ChangedMeanwhile => just(words, Key::RefusalChanged),
        Refusal::ChangedSince(by) => of_member(words, Key::RefusalChangedSince, *by),
        Refusal::AnsweredSince(by) => of_member(words, Key::RefusalAnsweredSince, *by),
        Refusal::TooLateToUndo => just(words, Key::RefusalUndo),
        Refusal::TooManyTaps(rate) => door::too_many_taps(words, *rate),
        Refusal::NotLetIn(why) => door::said(words, *why),
        Refusal::Text(field, error) => text::said(words, *field, *error),
        Refusal::In(number, refusal) => number::wrong(words, *number, refusal),
        Refusal::Capacity(error) => places::impossible(words, *error),
        Refusal::CapacityNotANumber(given) => places::no_number(words, given),
        Refusal::Options(error) => options::unread(words, error),
        Refusal::OptionEdit(error) => options::not_edited(words, error),
        Refusal::NotAnEmoji(given) => of_words(words, Key::RefusalEmoji, given),
        Refusal::GuestsNotPossible(given) => given::guests(words, given),
        Refusal::Close(error) => when::closes(words, error),
        Refusal::ClosesInThePast(at) => when::at(words, Key::RefusalClosesPast, *at),
        Refusal::Image(error) => given::image(words, *error),
        Refusal::When(error) => when::said(words, error),
        Refusal::Duration(error) => when::duration(words, error),
        Refusal::Span => just(words, Key::RefusalSpan),
        Refusal::Zone(error) => when::zone(words, error),
        Refusal::TimeOfDay(error) => when::time_of_day(words, error),
        Refusal::HoursAfterEnd(given) => given::hours_after_end(words, given),
        Refusal::CannotPost(channel, missing) => channels::cannot_post(words, *channel, *missing),
        Refusal::WrongKindOfChannel(channel) => channels::wrong_kind(words, *channel),
        Refusal::ChannelGone(channel) => channels::gone(words, *channel),
        Refusal::MayNotMention(role) => roles::of_role(words, Key::RefusalMention, *role),
        Refusal::NoTimeInEvent(given, span) => when::no_time_in_event(words, given, *span),
        Refusal::Times(error, span) => when::times(words, *error, *span),
        Refusal::NamesHidden => just(words, Key::RefusalHidden),
        Refusal::NobodyToTell => just(words, Key::RefusalToldNobody),
        Refusal::ToldEnough(then) => given::told_enough(words, *then),
        Refusal::ReminderTime(error) => when::reminder(words, error),
        Refusal::Reminders(error) => given::reminders(words, *error),
        Refusal::NoSuchReminder => just(words, Key::RefusalReminder),
        Refusal::Placeholder(error) => given::placeholder(words, error),
        Refusal::NeedsMemberLists => just(words, Key::RefusalLists),
        Refusal::RemindersChangedSince => just(words, Key::RefusalReminderChanged),
        Refusal::RemindersTooLate => just(words, Key::RefusalReminderLate),
        Refusal::QuietHours(error) => when::quiet_hours(words, error),
        Refusal::NotGiven(role, why) => roles::not_given(words, *role, *why),
        Refusal::RoleUnknown => just(words, Key::RefusalGivesUnknown),
        Refusal::NoSuchWeek(given) => of_words(words, Key::RefusalWeek, given),
        Refusal::CheckIn(why) => given::check_in(words, *why),
        Refusal::NoSuchMember => just(words, Key::RefusalStranger),
        Refusal::NothingOfTheirs(member) => of_member(words, Key::RefusalTheirs, *member),
        Refusal::Template(why) => templates::said(words, why),
        Refusal::DraftGone => just(words, Key::RefusalForm),
        Refusal::PostExists(_) => just(words, Key::RefusalPost),
        Refusal::Planning(refusal) => planning::said(words, refusal),
        Refusal::Unknown => just(words, Key::RefusalUnknown),
    }
}

/// A message in which nothing is filled in.
fn just(words: Words, key: Key) -> String {
    words.plain(key).to_owned()
}

/// A message about what somebody wrote, its `{words}`.
fn of_words(words: Words, key: Key, given: &str) -> String {
    words.filled(key, &[("words", &plain(given))])
}

/// A message about a member.
fn of_member(words: Words, key: Key, member: UserId) -> String {
    words.filled(key, &[("member", &person_in(words, member))])
}

fn never_room(words: Words, answer: &str, most: usize) -> String {
    words.counted_with(Key::RefusalRoomNever, most, &[("answer", &plain(answer))])
}

fn no_event_like(words: Words, given: &str) -> String {
    if given.trim().is_empty() {
        return words.plain(Key::RefusalEventUnnamed).to_owned();
    }
    of_words(words, Key::RefusalEventLike, given)
}

const fn answers_closed(phase: Phase) -> Key {
    match phase {
        Phase::Open => Key::RefusalOpen,
        Phase::Closed => Key::RefusalClosed,
        Phase::Running => Key::RefusalRunning,
        Phase::Over => Key::RefusalOver,
        Phase::Cancelled => Key::RefusalCancelled,
        Phase::Deleted => Key::RefusalEvent,
    }
}

const fn not_swapped(why: NotSwapped) -> Key {
    match why {
        NotSwapped::NoPlace => Key::RefusalSwapPlace,
        NotSwapped::NoRoom => Key::RefusalSwapRoom,
    }
}

/// "A", "A or B", "A, B or C", by the message that puts a last one to the others.
fn listed<T: AsRef<str>>(words: Words, key: Key, names: &[T]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.as_ref().to_owned(),
        Some((last, others)) => {
            let others: Vec<_> = others.iter().map(AsRef::as_ref).collect();
            words.filled(key, &[("others", &others.join(", ")), ("last", last.as_ref())])
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
