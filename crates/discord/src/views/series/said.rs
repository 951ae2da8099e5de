//! What is said of the plan of a series: when it takes place, when it is posted, and who is
//! reminded when.

use jiff::SignedDuration;
use jiff::civil::{DateTime, Time};
use muster_domain::recurrence::Remark;
use muster_domain::series::{Posting, Series, SeriesPlan};
use muster_domain::settings::GuildSettings;

use crate::views::dates;
use crate::views::messages::{Key, Words};
use crate::views::reminders::time_in_words;
use crate::views::span;
use crate::views::text::{fitted, plain};

/// Times of reminders that a panel names.
const TIMES_SHOWN: usize = 10;

/// Characters of a rule in words where there is room for one.
const RULE_MAX: usize = 300;

/// "every Tuesday and Thursday, 20:00 – 22:00 (Europe/Berlin)".
pub(crate) fn rhythm(words: Words, series: &Series) -> String {
    let plan = &series.plan;
    let rule = fitted(&plain(&plan.recurrence.in_words()), RULE_MAX);
    let (times, zone) = (times(words, plan), plan.zone.to_string());
    let values = [("rule", rule.as_str()), ("times", &times), ("zone", &zone)];
    words.filled(Key::SeriesRhythm, &values)
}

/// "20:00 – 22:00", or "20:00, for 3d".
pub(crate) fn times(words: Words, plan: &SeriesPlan) -> String {
    let begins = of_day(plan.start.time());
    let lasts = plan.made_of.duration;
    let ends = plan.start.checked_add(lasts).ok().filter(|_| lasts.as_hours() < 24);
    if let Some(ends) = ends {
        return format!("{begins} – {}", of_day(ends.time()));
    }
    let values = [("time", begins.as_str()), ("duration", &span::in_short(words, lasts))];
    words.filled(Key::SeriesTimesLong, &values)
}

/// "20:00".
fn of_day(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// What is to be known of a rule that leaves out what one might expect, on a line of its own.
pub(super) fn remark(words: Words, plan: &SeriesPlan) -> String {
    let Some(remark) = plan.recurrence.remark(plan.start) else { return String::new() };
    let remark = words.plain(match remark {
        Remark::ShortMonths => Key::SeriesRemarkMonths,
        Remark::LeapDay => Key::SeriesRemarkLeap,
        Remark::NoFifth => Key::SeriesRemarkFifth,
    });
    format!("\n{remark}")
}

/// When and where it is posted, if it is still.
pub(super) fn posting(words: Words, series: &Series, settings: &GuildSettings) -> String {
    let plan = &series.plan;
    let when = posting_in_words(words, plan.posting, settings.posts_at());
    let channel = format!("<#{}>", plan.channel);
    let said = words.filled(Key::SeriesPosted, &[("when", &when), ("channel", &channel)]);
    match series.ended_at {
        Some(_) => format!("{said}\n{}", words.plain(Key::SeriesEnded)),
        None => said,
    }
}

fn posting_in_words(words: Words, posting: Posting, usual: Time) -> String {
    match posting {
        Posting::Day { before, time } => {
            let time = of_day(time.unwrap_or(usual));
            match usize::from(before) {
                0 => words.filled(Key::SeriesPostedDay, &[("time", &time)]),
                days => words.counted_with(Key::SeriesPostedBefore, days, &[("time", &time)]),
            }
        }
        Posting::Ahead(ahead) if ahead.is_zero() => words.plain(Key::SeriesPostedStart).to_owned(),
        Posting::Ahead(ahead) => lasting(words, Key::SeriesPostedAhead, ahead),
    }
}

/// With which reminders its events begin, if they are not those of the server, on a line of its
/// own.
pub(super) fn reminding(words: Words, plan: &SeriesPlan) -> String {
    let Some(own) = &plan.made_of.reminders else { return String::new() };
    if own.is_empty() {
        return format!("\n{}", words.plain(Key::SeriesRemindersNone));
    }
    let mut times: Vec<_> = own.in_order(None).into_iter().map(|one| one.time).collect();
    times.dedup();
    let more = times.len().saturating_sub(TIMES_SHOWN);
    times.truncate(TIMES_SHOWN);
    let times: Vec<_> = times.into_iter().map(|time| time_in_words(words, time)).collect();
    let times = times.join(", ");
    let said = match more {
        0 => words.filled(Key::SeriesReminders, &[("times", &times)]),
        _ => words.counted_with(Key::SeriesRemindersMore, more, &[("times", &times)]),
    };
    format!("\n{said}")
}

fn lasting(words: Words, key: Key, duration: SignedDuration) -> String {
    words.filled(key, &[("duration", &span::in_short(words, duration))])
}

/// "Tue 24 Dec 2026, 20:00", as it stands on the wall of the series' zone.
pub(super) fn wall_in_words(words: Words, wall: DateTime) -> String {
    format!("{}, {}", dates::whole(words, wall.date()), of_day(wall.time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_typed_is_said_as_it_is_typed() {
        let (words, noon) = (Words::usual(), jiff::civil::time(12, 0, 0, 0));
        for typed in ["on the day at 09:00", "the day before at 18:00", "3 days before at 07:05"] {
            let posting = Posting::parse(typed).unwrap();
            assert_eq!(posting_in_words(words, posting, noon), typed);
        }
        let posting = |typed| posting_in_words(words, Posting::parse(typed).unwrap(), noon);
        assert_eq!([posting("2h before"), posting("")], ["2h before", "on the day at 12:00"]);
    }

    #[test]
    fn remarks_are_those_of_the_domain() {
        let of = |remark: Remark| format!("-# {}", remark.sentence());
        let words = Words::usual();
        assert_eq!(words.plain(Key::SeriesRemarkMonths), of(Remark::ShortMonths));
        assert_eq!(words.plain(Key::SeriesRemarkLeap), of(Remark::LeapDay));
        assert_eq!(words.plain(Key::SeriesRemarkFifth), of(Remark::NoFifth));
    }
}
