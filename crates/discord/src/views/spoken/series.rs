//! Series, their forms, and the weekly schedule.

use jiff::SignedDuration;
use jiff::civil::{Weekday, date};
use muster_domain::id::{ChannelId, InteractionId, RoleId, SeriesId};
use muster_domain::recurrence::Recurrence;
use muster_domain::reminder::{Reminder, ReminderTime, Reminders};
use muster_domain::series::{Posting, Series};
use muster_domain::settings::GuildSettings;
use muster_engine::schedule::{PostedAgain, PostedDay, SeriesForm, WEEK, Week};
use muster_engine::series::SeriesView;
use muster_store::model::{Posted, ScheduleSkip};

use super::*;
use crate::custom_id::FormAction;
use crate::views::samples::{posted, series_of};
use crate::views::text::plain;
use crate::views::undo::Made;
use crate::views::{schedule, series};

/// Fails if something is not in the made-up language but the name of a zone, which is the same in
/// every language, and how a series repeats, which is said as it is typed.
#[track_caller]
fn is_made_up(shown: &impl serde::Serialize) {
    let rules = all_series().into_iter().map(|series| series.plan.recurrence.in_words());
    let rules = rules.flat_map(|rule| [plain(&rule), rule]);
    let mut typed: Vec<_> = rules.chain(["Europe/Berlin".to_owned()]).collect();
    // One begins like another.
    typed.sort_by_key(|typed| std::cmp::Reverse(typed.len()));
    let left = typed.iter().fold(forgotten(shown), |left, typed| left.replace(typed, ""));
    // An address may stand right behind a title.
    let words = left.split_whitespace().filter_map(|word| word.split("https://").next());
    let words: Vec<_> = words.filter(|word| word.contains(char::is_alphabetic)).collect();
    assert_eq!(words, [""; 0]);
}

/// Series that are posted at different times, and have none, some and many reminders.
fn all_series() -> Vec<Series> {
    let minutes = SignedDuration::from_mins;
    let usual = series_of(&without_letters(), "", None);
    let of = |change: &dyn Fn(&mut Series)| {
        let mut series = usual.clone();
        change(&mut series);
        series
    };
    let day = |before, time| Posting::Day { before, time };
    let noon = jiff::civil::time(12, 0, 0, 0);
    let many = |count: i64| (1..=count).map(minutes).map(ReminderTime::Before);
    let times = many(3).chain([
        ReminderTime::Before(SignedDuration::ZERO),
        ReminderTime::After(minutes(5)),
        ReminderTime::OfDay(noon),
    ]);
    let reminders = |times: Vec<ReminderTime>| {
        Some(Reminders::from_stored(times.into_iter().map(Reminder::at)))
    };
    let remarked = ["FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=5FR"];
    let remarked = remarked.map(|rule| Recurrence::from_text(&format!("RRULE:{rule}")).unwrap());
    let times: Vec<_> = times.collect();
    vec![
        of(&|series| series.day = Some(Weekday::Tuesday)),
        of(&|series| series.plan.posting = day(1, Some(noon))),
        of(&|series| series.plan.posting = day(3, None)),
        of(&|series| series.plan.posting = Posting::Ahead(SignedDuration::ZERO)),
        of(&|series| series.plan.posting = Posting::Ahead(minutes(90))),
        of(&|series| series.plan.made_of.reminders = Some(Reminders::none())),
        of(&|series| series.plan.made_of.reminders = reminders(times.clone())),
        of(&|series| series.plan.made_of.reminders = reminders(many(40).collect())),
        of(&|series| series.plan.made_of.duration = SignedDuration::from_hours(50)),
        of(&|series| series.plan.made_of.mention = Some(RoleId::new(5))),
        of(&|series| series.ended_at = Some(NOW)),
        of(&|series| {
            let skipped = series.plan.following(None, 1)[0].wall;
            let rule = series.plan.recurrence.clone();
            // What is left out would be named in the rule.
            series.plan.recurrence = rule.with_excluded(skipped).unwrap();
        }),
    ]
    .into_iter()
    .chain(remarked.map(|rule| of(&|series| series.plan.recurrence = rule.clone())))
    .collect()
}

/// Events of a series that are posted or not, and cancelled or not.
fn made() -> Vec<Posted> {
    let sheet = Sheet::of(&without_letters(), &answered(&without_letters(), &[0]), |_| None);
    let there = posted(sheet);
    let cancelled = |posted: &Posted| {
        let mut posted = posted.clone();
        posted.sheet.event.cancelled_at = Some(NOW);
        posted
    };
    let mut alone = there.clone();
    alone.post.message = None;
    vec![cancelled(&there), cancelled(&alone), there, alone]
}

#[test]
fn a_series_is_in_the_language_of_the_guild() {
    for plan in all_series() {
        let settings = GuildSettings::default();
        let view = SeriesView { series: plan.clone(), settings, events: made(), made: Vec::new() };
        is_made_up(&series::panel(words(), &view, Made::Nothing));
        let fresh = SeriesView { events: Vec::new(), ..view.clone() };
        is_made_up(&series::created(words(), &fresh, &[RoleId::new(5)]));
        is_made_up(&series::place(words(), &plan));
        let next = plan.plan.following(None, 1)[0];
        is_made_up(&series::one(words(), &plan, next));
        is_made_up(&series::skipped(words(), &view, next.wall));
        is_made_up(&series::unskipped(words(), &view, next.wall));
        let rules = [plan.plan.recurrence.clone()];
        is_made_up(&series::which_repeat(words(), InteractionId::new(1), &rules));
        is_made_up(&series::posting_form(words(), &plan, "1"));
        let title = series::edit_title(words(), &plan);
        is_made_up(&serde_json::json!({ "content": title }));
    }
    for posted in made() {
        is_made_up(&series::posting_now(words(), &posted));
    }
}

#[test]
fn the_week_is_in_the_language_of_the_guild() {
    let of = |day| {
        let mut series = series_of(&without_letters(), "1: 2", Some(day));
        series.id = SeriesId::new(u64::from(day.to_monday_one_offset().unsigned_abs()));
        series
    };
    let first = date(2026, 12, 24);
    let last = [first, date(2027, 1, 2)];
    let skips = last.map(|last| ScheduleSkip { first, last, by: UserId::new(4), at: NOW });
    let full = Week {
        days: WEEK.map(of).to_vec(),
        others: vec![series_of(&without_letters(), "", None); 9],
        skips: skips.iter().cycle().take(9).copied().collect(),
        today: date(2026, 11, 27),
        settings: GuildSettings::default(),
    };
    let (days, others) = (Vec::new(), Vec::new());
    let empty = Week { days, others, skips: Vec::new(), ..full.clone() };
    for week in [&full, &empty] {
        is_made_up(&schedule::week(words(), week));
        for day in WEEK.map(Some).into_iter().chain([None]) {
            is_made_up(&schedule::setup(words(), week, day));
        }
    }
    for series in &full.days {
        is_made_up(&schedule::planned(words(), series));
        let day = series.day.unwrap();
        is_made_up(&schedule::cleared(words(), day, std::slice::from_ref(series)));
        let form = SeriesForm {
            repeat: Some("1".to_owned()),
            fields: Some("2".to_owned()),
            ..SeriesForm::default()
        };
        let (action, title) =
            (FormAction::DayNew(day, true, None), series::day_title(words(), day));
        is_made_up(&series::form(words(), action, &title, &form));
    }
    for skip in &skips {
        is_made_up(&schedule::skipped(words(), skip));
    }
    let channel = ChannelId::new(3);
    let done = [
        PostedAgain::Refreshed,
        PostedAgain::Moved(channel),
        PostedAgain::Restored(channel),
        PostedAgain::Kept,
    ];
    let known = done.into_iter().zip(made()).map(|(done, posted)| (posted, done)).collect();
    is_made_up(&schedule::posted(words(), &PostedDay { day: first, new: made(), known }));
}
