//! Words about what else a new event was given: its answers, when they close, its picture.

use jiff::Timestamp;
use muster_domain::answer_option::OptionsError;
use muster_domain::duration::DurationError;
use muster_domain::event::Span;
use muster_domain::grant::NotGiven;
use muster_domain::id::RoleId;
use muster_domain::limits::{
    CLEAN_UP_HOURS_MAX, GUESTS_MAX, OPTIONS_MAX, TELL_GAP, TELLINGS_A_DAY,
};
use muster_domain::option_edit::OptionEditError;
use muster_domain::option_words::OptionWordsError;
use muster_domain::reminder::{
    QuietHoursError, ReminderTimeError, RemindersError, UnknownPlaceholder,
};
use muster_domain::signup_details::TimesError;
use muster_domain::text::{ImageUrlError, TextError};
use muster_domain::when::TimeOfDayError;
use muster_engine::refusal::CheckInRefusal;
use muster_vitals::limiter::CODE_RATE;

use super::{duration, sentence};
use crate::views::text::{full, plain, relative, shortened};

pub(super) const NAMES_HIDDEN: &str = "Names are hidden in this event; its organisers see them. The post says how many come; ask an \
     organiser for more.";

pub(super) const NO_SUCH_MEMBER: &str =
    "That is not a member of this server. Choose somebody who is.";

pub(super) const NOBODY_TO_TELL: &str = "Nobody has said yet that they come, or may come, so nobody would be told. Try again when \
     somebody has.";

pub(super) const NO_SUCH_REMINDER: &str =
    "There is no such reminder; `/reminders view` shows those that there are.";

pub(super) fn several_options(names: &[String]) -> String {
    const NAMED: usize = 3;
    let shown = names.iter().take(NAMED);
    let shown: Vec<_> = shown.map(|name| format!("**{}**", plain(&shortened(name, 50)))).collect();
    let more = match names.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("That fits more than one answer: {}{more}. Choose one from the list.", shown.join(", "))
}

pub(super) fn may_not_mention(role: RoleId) -> String {
    format!(
        "You may not mention <@&{role}> yourself, so I do not do it for you. Choose a role \
         that may be mentioned, or ask somebody with Manage Server to set it under /settings."
    )
}

pub(super) fn closes_in_the_past(at: Timestamp) -> String {
    format!(
        "Answers would have closed at {}, before anybody could give one. Choose a later time, \
         or say with `close` that they close later.",
        full(at)
    )
}

pub(super) fn closed_at_once(at: Timestamp) -> String {
    format!(
        "With that, answers would be closed already, since {}. Write a shorter time before the \
         start, or close them yourself with `/event close`.",
        full(at)
    )
}

pub(super) fn hours_after_end(given: &str) -> String {
    format!(
        "\"{}\" is not a number of hours: write one from 1 to {CLEAN_UP_HOURS_MAX}, like 24.",
        plain(given)
    )
}

pub(super) fn time_of_day(error: &TimeOfDayError) -> String {
    let error = match error {
        TimeOfDayError::WhichHalf(words) => TimeOfDayError::WhichHalf(plain(words)),
        TimeOfDayError::NotUnderstood(words) => TimeOfDayError::NotUnderstood(plain(words)),
    };
    sentence(&error.to_string())
}

pub(super) fn reminder_time(error: &ReminderTimeError) -> String {
    let error = match error {
        ReminderTimeError::WhichHalf(words) => ReminderTimeError::WhichHalf(plain(words)),
        ReminderTimeError::NotUnderstood(words) => ReminderTimeError::NotUnderstood(plain(words)),
        plain @ (ReminderTimeError::Empty
        | ReminderTimeError::TooEarly
        | ReminderTimeError::TooLate) => plain.clone(),
    };
    sentence(&error.to_string())
}

pub(super) fn reminders(error: RemindersError) -> String {
    let next = match error {
        RemindersError::Twice => "Choose another time, or other people.",
        RemindersError::Unreachable => "Choose the channel, or those who are coming.",
        RemindersError::Full => "Remove one first, with `/reminders view`.",
    };
    format!("{} {next}", sentence(&error.to_string()))
}

pub(super) fn placeholder(error: &UnknownPlaceholder) -> String {
    let error = UnknownPlaceholder(plain(&error.0));
    format!("{} Nothing was added; write it without the braces.", sentence(&error.to_string()))
}

pub(super) const NEEDS_MEMBER_LISTS: &str = "I may not read who has a role here. Remind *those \
     who have not answered* without naming a role, or remind the whole role. Whoever runs me can \
     allow it, with `MEMBER_LISTS=true` and the Server Members Intent in Discord's developer portal.";

pub(super) const REMINDERS_CHANGED: &str =
    "The reminders have changed since, so nothing was undone. `/reminders view` shows them.";

pub(super) const REMINDERS_TOO_LATE: &str = "A change can be undone for 15 minutes only, so it is \
     too late. `/reminders view` shows what holds.";

pub(super) fn quiet_hours(error: &QuietHoursError) -> String {
    match error {
        QuietHoursError::Time(error) => {
            format!("{} Write both: \"22:00 to 08:00\".", time_of_day(error))
        }
        no_end @ QuietHoursError::NoEnd => sentence(&no_end.to_string()),
    }
}

pub(super) const ROLE_UNKNOWN: &str =
    "Discord did not say in time what that role may do, so nothing was changed. Try again.";

pub(super) fn not_given(role: RoleId, why: NotGiven) -> String {
    let why = match why {
        NotGiven::NoSuchRole => "That role does not exist any more, or is everyone's. Choose \
             another one."
            .to_owned(),
        NotGiven::Managed => format!("<@&{role}> is handed out by an integration, not by people."),
        NotGiven::HasPower => format!(
            "<@&{role}> can moderate or manage, and nobody gets that by a tap. Choose a role \
             without such permissions."
        ),
        NotGiven::NotYours => format!(
            "You cannot hand out <@&{role}> yourself: that takes Manage Roles, and a role of yours \
             above it. Ask somebody who can."
        ),
        NotGiven::BotMayNot => "I may not hand out roles here. Give me the permission Manage \
                                Roles, in the server's settings under Roles."
            .to_owned(),
        NotGiven::AboveBot => format!(
            "<@&{role}> is not below my own role. Drag mine above it, in the server's settings under \
             Roles."
        ),
    };
    format!("{why} Nothing was changed.")
}

pub(super) fn told_enough(then: Timestamp) -> String {
    let minutes = TELL_GAP.as_mins();
    format!(
        "One message about an event can be sent every {minutes} minutes, and {TELLINGS_A_DAY} a \
         day, so nothing was sent. You can send the next one {}.",
        relative(then)
    )
}

pub(super) fn options(error: &OptionWordsError) -> String {
    let example = "Write them with commas between, and a number for places, as in `Tank 2, Healer \
                   3, Bench`.";
    let (words, why) = match error {
        OptionWordsError::None => return format!("That names no answer. {example}"),
        OptionWordsError::TooMany(count) => {
            return format!(
                "That is {count} answers, and an event offers {OPTIONS_MAX} at most. Leave some out."
            );
        }
        OptionWordsError::Twice(words) => (words, "is there twice, and nobody could tell which"),
        OptionWordsError::Label { words, error: TextError::Empty } => {
            (words, "has no name beside its emoji or number")
        }
        OptionWordsError::Label { words, error: TextError::TooLong { .. } } => {
            (words, "is too long for a button")
        }
        OptionWordsError::Places { words, .. } => (words, "has an impossible number of places"),
        OptionWordsError::BareHeading(words) => {
            let words = plain(&shortened(words, 100));
            return format!(
                "The heading \"{words}\" has no answers. Write them after its colon, as in \
                 `Tank 2: Warrior, Paladin`, or leave the colon out."
            );
        }
        OptionWordsError::SharedPlaces { words, .. } => {
            let words = plain(&shortened(words, 100));
            return format!(
                "The heading \"{words}\" has an impossible number of places. Write it as in \
                 `Tank 2: Warrior, Paladin`."
            );
        }
    };
    let words = plain(&shortened(words, 100));
    format!("The answer \"{words}\" {why}. {example}")
}

pub(super) fn closes(error: &DurationError) -> String {
    let example = "Say how long before the start answers close, as in `2h` or `1 day`.";
    before_start(error, example)
}

/// That it is not understood how long before the start something is, with what to write.
pub(super) fn before_start(error: &DurationError, example: &str) -> String {
    if *error == DurationError::TooShort {
        return format!("That is too short. {example}");
    }
    format!("{} {example}", duration(error))
}

pub(super) fn looks_in_the_past(at: Timestamp) -> String {
    format!(
        "The minimum would have been checked {}, which has passed. Write a shorter time before \
         the start, as in `2h` (a day if you leave it empty).",
        full(at)
    )
}

pub(super) fn image(error: ImageUrlError) -> String {
    let what = sentence(&format!("I cannot show that picture: {error}"));
    format!("{what} Copy the address of a picture; it begins with `https://`.")
}

pub(super) fn cannot_offer(error: OptionsError) -> String {
    format!("{} {}", sentence(&error.to_string()), possible_instead(error))
}

const fn possible_instead(error: OptionsError) -> &'static str {
    match error {
        OptionsError::None => "Add another one before you remove it.",
        OptionsError::TooMany(_) => "Remove some first.",
        // Who picked one keeps it, so it stays with the event for good.
        OptionsError::TooManyEver(_) => {
            "*Offer one again* under *Answers* and rename it, instead of adding another."
        }
        OptionsError::Twice => "Open the answers again.",
    }
}

pub(super) fn option_edit(error: &OptionEditError) -> String {
    let next = match error {
        OptionEditError::Options(error) => possible_instead(*error),
        OptionEditError::NoSuchOption => "Open the answers again.",
        OptionEditError::Twice(_) => "Choose another name.",
        OptionEditError::PlacesNeedComing => "Clear its places first.",
        OptionEditError::GrantNeedsComing => "Make it count as coming first.",
        OptionEditError::SharedPlacesNeedComing(_) => "Clear the places of the heading first.",
        OptionEditError::SharedPlacesNeedHeading => "Write one, or clear them.",
        OptionEditError::TooManyRoles(_) => "Choose fewer.",
    };
    format!("{} {next}", sentence(&plain_error(error)))
}

fn plain_error(error: &OptionEditError) -> String {
    match error {
        OptionEditError::Twice(label) => OptionEditError::Twice(plain(label).into()).to_string(),
        OptionEditError::SharedPlacesNeedComing(heading) => {
            OptionEditError::SharedPlacesNeedComing(plain(heading).into()).to_string()
        }
        error @ (OptionEditError::NoSuchOption
        | OptionEditError::PlacesNeedComing
        | OptionEditError::SharedPlacesNeedHeading
        | OptionEditError::GrantNeedsComing
        | OptionEditError::TooManyRoles(_)
        | OptionEditError::Options(_)) => error.to_string(),
    }
}

pub(super) fn not_an_emoji(given: &str) -> String {
    let given = plain(given);
    format!(
        "\"{given}\" is not an emoji. Give one of your keyboard, or one of this server, or none."
    )
}

pub(super) fn guests(given: &str) -> String {
    let given = plain(given);
    format!("\"{given}\" guests are not possible. Write a number from 0 to {GUESTS_MAX}.")
}

pub(super) fn no_time_in_event(given: &str, span: Span) -> String {
    let given = plain(given);
    format!("\"{given}\" is not a time during the event. {}", between(span))
}

pub(super) fn times(error: TimesError, span: Span) -> String {
    format!("{} {}", sentence(&error.to_string()), between(span))
}

fn between(span: Span) -> String {
    let (start, end) = (full(span.start()), full(span.end()));
    format!("It begins {start} and ends {end}: write a time between, as in `20:30`, or `15m`.")
}

pub(super) fn no_such_week(given: &str) -> String {
    let given = plain(given);
    format!(
        "\"{given}\" is not a week. Leave it empty for this one, write `last`, or a date in it, \
         as in `2026-11-23`."
    )
}

pub(super) fn check_in(why: CheckInRefusal) -> String {
    match why {
        CheckInRefusal::NotYet(from) => {
            format!("Check-in opens {}. Come back then.", full(from))
        }
        CheckInRefusal::Closed => "Nobody can check in to this event now. An organiser can still \
                                   mark who was there."
            .to_owned(),
        CheckInRefusal::WrongCode => "That is not the current code. It changes every minute: look \
             again, and type it right away."
            .to_owned(),
        CheckInRefusal::TooManyCodes => {
            let (codes, seconds) = (CODE_RATE.times(), CODE_RATE.within().as_secs());
            format!("You typed {codes} codes within {seconds} s. Wait a minute, then try again.")
        }
        CheckInRefusal::NoCode => "This event has no check-in code. *Rules* under \"⋯\" can ask \
             for one."
            .to_owned(),
        CheckInRefusal::NoPlace => "Only members who are coming and have a place can check in. If \
             you are here anyway, ask an organiser."
            .to_owned(),
    }
}
