//! The weekly schedule as its organisers see it, and the walk through the week that sets it up.

use jiff::civil::{Date, Weekday};
use muster_domain::id::ChannelId;
use muster_domain::series::Series;
use muster_engine::schedule::{PostedAgain, PostedDay, WEEK, Week};
use muster_store::model::{Posted, ScheduleSkip};

use crate::custom_id::Action;
use crate::views::dates;
use crate::views::message::{Button, Component, Message, Select, SelectOption, Style};
use crate::views::messages::{Key, Words};
use crate::views::panel::link;
use crate::views::series::times;
use crate::views::text::{fitted, full, plain, title_of};

const BLUE: u32 = 0x58_65_F2;

/// Characters of one event of a day where the week is not full.
const EVENT_MAX: usize = 140;

/// The same in a full week: seven days of five fit a panel.
const EVENT_OF_MANY_MAX: usize = 45;

/// Events in a week from which on it is full.
const MANY: usize = 12;

/// Characters of the title of a series beside the schedule, and of its rule.
const SERIES_SHOWN_MAX: usize = 70;

/// Series beside the schedule that the panel shows; its list has more.
const SERIES_ROWS: usize = 6;

/// Skips that the panel shows.
const SKIPS_SHOWN: usize = 4;

/// What one select of Discord holds.
const CHOICES_MAX: usize = 25;

/// The whole week, with what rests when, and the series beside it.
#[must_use]
pub fn week(words: Words, week: &Week) -> Message {
    framed(words, week, None)
}

/// The same beneath what is said of it.
fn framed(words: Words, week: &Week, said: Option<Key>) -> Message {
    let text = |key| Component::text(words.plain(key));
    let mut parts: Vec<_> = said.map(text).into_iter().collect();
    parts.extend([text(Key::ScheduleTitle), Component::text(days(words, week))]);
    parts.extend(skips(words, &week.skips));
    if !week.others.is_empty() {
        parts.push(Component::separator());
        parts.push(Component::text(others(words, &week.others)));
    }
    parts.extend(pick(words, week));
    let walk = if week.days.is_empty() { Key::ScheduleSetup } else { Key::ScheduleWalk };
    parts.push(Component::buttons(vec![Button::new(
        Style::Primary,
        words.plain(walk),
        Action::SetupDay(Weekday::Monday),
    )]));
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn days(words: Words, week: &Week) -> String {
    let line = |day: Weekday| {
        let is_today = week.today.weekday() == day;
        let key = if is_today { Key::ScheduleDayToday } else { Key::ScheduleDay };
        let name = words.filled(key, &[("weekday", dates::weekday(words, day))]);
        format!("{name}\n{}", of_day(words, week, day))
    };
    WEEK.map(line).join("\n")
}

fn of_day(words: Words, week: &Week, day: Weekday) -> String {
    let max = if week.days.len() < MANY { EVENT_MAX } else { EVENT_OF_MANY_MAX };
    let lines: Vec<_> =
        week.of(day).map(|series| format!("- {}", event_line(words, series, max))).collect();
    if lines.is_empty() {
        words.plain(Key::ScheduleDayNothing).to_owned()
    } else {
        lines.join("\n")
    }
}

/// "20:00 – 22:00 Raid · Outfit: kilt", its words within so many characters.
fn event_line(words: Words, series: &Series, max: usize) -> String {
    let fields: Vec<_> =
        series.plan.fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let mut what = series.plan.title.to_string();
    if !fields.is_empty() {
        what = format!("{what} · {}", fields.join(", "));
    }
    format!("{} {}", times(words, &series.plan), fitted(&plain(&what), max))
}

/// "24 Dec 2026", or "24 Dec 2026 to 2 Jan 2027".
fn days_in_words(words: Words, first: Date, last: Date) -> String {
    let [from, to] = [first, last].map(|day| dates::whole(words, day));
    if first == last {
        from
    } else {
        words.filled(Key::ScheduleDays, &[("first", &from), ("last", &to)])
    }
}

fn skips(words: Words, skips: &[ScheduleSkip]) -> Vec<Component> {
    let row = |skip: &ScheduleSkip| {
        let days = days_in_words(words, skip.first, skip.last);
        let paused = words.filled(Key::SchedulePaused, &[("days", &days)]);
        Component::section(paused, resume(words, Style::Secondary, skip))
    };
    let mut rows: Vec<_> = skips.iter().take(SKIPS_SHOWN).map(row).collect();
    let more = skips.len().saturating_sub(SKIPS_SHOWN);
    if more > 0 {
        rows.push(Component::text(words.counted(Key::ScheduleMore, more)));
    }
    rows
}

fn resume(words: Words, style: Style, skip: &ScheduleSkip) -> Button {
    let back = Action::Unskip(skip.first, skip.last);
    Button::new(style, words.plain(Key::ScheduleResume), back)
}

fn others(words: Words, others: &[Series]) -> String {
    let line = |series: &Series| {
        let title = fitted(&plain(series.plan.title.as_str()), SERIES_SHOWN_MAX);
        let rule = plain(&series.plan.recurrence.in_words());
        let rule = fitted(&rule, SERIES_SHOWN_MAX);
        format!("- {title}: {rule}, {}", times(words, &series.plan))
    };
    let mut lines = vec![words.plain(Key::ScheduleSeries).to_owned()];
    lines.extend(others.iter().take(SERIES_ROWS).map(line));
    let more = others.len().saturating_sub(SERIES_ROWS);
    lines.extend((more > 0).then(|| words.counted(Key::ScheduleMore, more)));
    lines.join("\n")
}

/// A list from which a series or an event of the week is opened.
fn pick(words: Words, week: &Week) -> Option<Component> {
    let option = |series: &Series| SelectOption {
        label: fitted(series.plan.title.as_str(), 100),
        value: Action::Series(series.id).to_string(),
        description: fitted(&when(words, series), 100),
        ..SelectOption::default()
    };
    let all = week.days.iter().chain(&week.others).take(CHOICES_MAX);
    let options: Vec<_> = all.map(option).collect();
    let what = words.plain(Key::SchedulePick);
    let select = || Select::new(Action::SeriesFrom, what, options.clone());
    (!options.is_empty()).then(|| Component::row(vec![Component::Select(select())]))
}

fn when(words: Words, series: &Series) -> String {
    let times = times(words, &series.plan);
    match series.day {
        Some(day) => format!("{}, {times}", dates::weekday(words, day)),
        None => format!("{}, {times}", series.plan.recurrence.in_words()),
    }
}

/// A day while the week is set up. `None` when all days were walked through.
#[must_use]
pub fn setup(words: Words, week: &Week, day: Option<Weekday>) -> Message {
    let Some(day) = day else { return done(words, week) };
    let index = usize::from(day.to_monday_zero_offset().unsigned_abs());
    let number = index.saturating_add(1).to_string();
    let values = [("weekday", dates::weekday(words, day)), ("number", &number)];
    let heading = words.filled(Key::ScheduleWalkDay, &values);
    let text = format!("{heading}\n{}", of_day(words, week, day));
    let (plan, skip) = match week.of(day).next() {
        Some(_) => (Key::ScheduleWalkMore, Key::ScheduleWalkNext),
        None => (Key::ScheduleWalkPlan, Key::ScheduleWalkNothing),
    };
    let button = |style, key, action| Button::new(style, words.plain(key), action);
    let mut buttons = vec![button(Style::Primary, plan, Action::DayNew(day, true))];
    if let Some(before) = index.checked_sub(1).and_then(|before| WEEK.get(before)) {
        buttons.push(button(Style::Secondary, Key::ScheduleWalkBack, Action::SetupDay(*before)));
    }
    buttons.push(match WEEK.get(index.saturating_add(1)) {
        Some(next) => button(Style::Secondary, skip, Action::SetupDay(*next)),
        None => button(Style::Success, Key::ScheduleWalkDone, Action::SetupEnd),
    });
    let mut parts = vec![Component::text(text)];
    parts.extend(of_day_pick(words, week, day));
    parts.push(Component::buttons(buttons));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// A list from which an event of this day is opened.
fn of_day_pick(words: Words, week: &Week, day: Weekday) -> Option<Component> {
    let days = week.of(day).cloned().collect();
    pick(words, &Week { days, others: Vec::new(), ..week.clone() })
}

fn done(words: Words, planned: &Week) -> Message {
    let is_empty = planned.days.is_empty();
    let said = if is_empty { Key::ScheduleWalkEmpty } else { Key::ScheduleWalkReady };
    framed(words, planned, Some(said))
}

/// An event was planned on a day, or changed there.
#[must_use]
pub fn planned(words: Words, series: &Series) -> Message {
    let weekday = series.day.map(|day| dates::weekday(words, day)).unwrap_or_default();
    let event = event_line(words, series, EVENT_MAX);
    let values = [("weekday", weekday), ("event", &event)];
    let mut text = words.filled(Key::SchedulePlanned, &values);
    if let Some(next) = series.next() {
        text.push('\n');
        words.push(&mut text, Key::SchedulePlannedNext, &[("when", &full(next.at))]);
    }
    let button = |style, key, action| Button::new(style, words.plain(key), action);
    let undo = Action::SeriesUndo(series.id, series.version);
    let buttons = vec![
        button(Style::Secondary, Key::SchedulePlannedOpen, Action::Series(series.id)),
        button(Style::Secondary, Key::ScheduleWeek, Action::Week),
        button(Style::Danger, Key::PanelUndo, undo),
    ];
    let parts = vec![Component::text(text), Component::buttons(buttons)];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// What a day had is planned no longer.
#[must_use]
pub fn cleared(words: Words, day: Weekday, ended: &[Series]) -> Message {
    let row = |series: &Series| {
        let again = Action::DayResume(series.id);
        Component::section(
            event_line(words, series, EVENT_MAX),
            Button::new(Style::Primary, words.plain(Key::ScheduleClearedAgain), again),
        )
    };
    let weekday = dates::weekday(words, day);
    let text = words.filled(Key::ScheduleCleared, &[("weekday", weekday)]);
    let mut parts = vec![Component::text(text)];
    parts.extend(ended.iter().map(row));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// The schedule is to rest.
#[must_use]
pub fn skipped(words: Words, skip: &ScheduleSkip) -> Message {
    let days = days_in_words(words, skip.first, skip.last);
    let text = words.filled(Key::ScheduleSkipped, &[("days", &days)]);
    let buttons = vec![resume(words, Style::Primary, skip)];
    let parts = vec![Component::text(text), Component::buttons(buttons)];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// A day's events are being posted, or were posted already.
#[must_use]
pub fn posted(words: Words, day: &PostedDay) -> Message {
    let mut lines = vec![format!("**{}**", dates::whole(words, day.day))];
    lines.extend(day.new.iter().map(|posted| {
        said_of(words, Key::SchedulePosted, posted, Some(posted.sheet.event.channel))
    }));
    lines.extend(day.known.iter().map(|known| self::known(words, known)));
    let parts = vec![Component::text(lines.join("\n"))];
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn known(words: Words, (posted, done): &(Posted, PostedAgain)) -> String {
    let (key, channel) = match done {
        PostedAgain::Refreshed => (Key::SchedulePostedRefreshed, None),
        PostedAgain::Moved(channel) => (Key::SchedulePostedMoved, Some(*channel)),
        PostedAgain::Restored(channel) => (Key::SchedulePostedRestored, Some(*channel)),
        PostedAgain::Kept => (Key::SchedulePostedKept, None),
    };
    said_of(words, key, posted, channel)
}

/// What is done about an event, with the channel where it goes or else where its post is.
fn said_of(words: Words, key: Key, posted: &Posted, channel: Option<ChannelId>) -> String {
    let event = &posted.sheet.event;
    let title = title_of(event);
    let at = posted.post.message.map(|message| link(event.guild, posted.post.channel, message));
    let at = at.unwrap_or_default();
    let channel = channel.map(|channel| format!("<#{channel}>")).unwrap_or_default();
    words.filled(key, &[("title", &title), ("channel", &channel), ("link", &at)])
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::id::{SeriesId, UserId};
    use muster_domain::limits::{DAY_EVENTS_MAX, EXTRA_FIELDS_MAX, SERIES_MAX, SKIPS_MAX};
    use muster_domain::settings::GuildSettings;

    use super::*;
    use crate::views::judged::check;
    use crate::views::samples::{
        NOW, event, fullest_event, posted as posted_sample, series_of, sheet_of, texts, wrapped,
    };

    fn empty() -> Week {
        Week {
            days: Vec::new(),
            others: Vec::new(),
            skips: Vec::new(),
            today: jiff::civil::date(2026, 11, 27),
            settings: GuildSettings::default(),
        }
    }

    /// As much as a guild can have.
    fn fullest() -> Week {
        let fields = "𝕏: 𝕏𝕏𝕏𝕏𝕏𝕏\n".repeat(EXTRA_FIELDS_MAX);
        let of = |day| (0..DAY_EVENTS_MAX).map(move |_| (day, fullest_event()));
        let skip = ScheduleSkip {
            first: jiff::civil::date(2026, 12, 24),
            last: jiff::civil::date(2027, 12, 24),
            by: UserId::new(4),
            at: NOW,
        };
        let days = WEEK.into_iter().flat_map(of);
        let mut week = Week {
            days: days.map(|(day, event)| series_of(&event, &fields, Some(day))).collect(),
            others: vec![series_of(&fullest_event(), &fields, None); SERIES_MAX],
            skips: vec![skip; SKIPS_MAX],
            ..empty()
        };
        for (number, series) in (1..).zip(week.days.iter_mut().chain(&mut week.others)) {
            series.id = SeriesId::new(series.id.get() - number);
        }
        for (number, skip) in (1..).zip(&mut week.skips) {
            skip.last += jiff::Span::new().days(number);
        }
        week
    }

    #[test]
    fn a_week_is_shown_day_by_day() {
        let raid = series_of(&event(), "Outfit: kilt", Some(Weekday::Tuesday));
        let week = Week { days: vec![raid], ..empty() };
        let shown = super::week(Words::usual(), &week);
        check(&shown).unwrap();
        expect![[r"
            ## Weekly schedule
            **Monday**
            -# nothing
            **Tuesday**
            - 20:00 – 22:00 Raid \*night\* · Outfit\: kilt
            **Wednesday**
            -# nothing
            **Thursday**
            -# nothing
            **Friday** · today
            -# nothing
            **Saturday**
            -# nothing
            **Sunday**
            -# nothing"]]
        .assert_eq(&wrapped(&texts(&shown)));
    }

    #[test]
    fn the_fullest_week_fits_in_all_its_answers() {
        let week = fullest();
        check(&super::week(Words::usual(), &week)).unwrap();
        check(&super::week(Words::usual(), &empty())).unwrap();
        for day in WEEK {
            check(&setup(Words::usual(), &week, Some(day))).unwrap();
            check(&setup(Words::usual(), &empty(), Some(day))).unwrap();
        }
        check(&setup(Words::usual(), &week, None)).unwrap();
        check(&planned(Words::usual(), &week.days[0])).unwrap();
        check(&cleared(Words::usual(), Weekday::Monday, &week.days[..DAY_EVENTS_MAX])).unwrap();
        check(&skipped(Words::usual(), &week.skips[0])).unwrap();
        let sample = || posted_sample(sheet_of(&fullest_event(), 1));
        let place = ChannelId::new(u64::MAX >> 1);
        let day = PostedDay {
            day: week.today,
            new: (0..2).map(|_| sample()).collect(),
            known: [PostedAgain::Refreshed, PostedAgain::Moved(place), PostedAgain::Kept]
                .map(|done| (sample(), done))
                .to_vec(),
        };
        check(&posted(Words::usual(), &day)).unwrap();
    }
}
