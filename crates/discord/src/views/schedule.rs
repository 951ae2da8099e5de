//! The weekly schedule as its organisers see it, and the walk through the week that sets it up.

use jiff::civil::{Date, Weekday};
use muster_domain::series::Series;
use muster_domain::when::weekday_name;
use muster_engine::schedule::{PostedAgain, PostedDay, WEEK, Week};
use muster_store::model::{Posted, ScheduleSkip};

use crate::custom_id::Action;
use crate::views::message::{Button, Component, Message, Select, SelectOption, Style};
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
pub fn week(week: &Week) -> Message {
    framed(week, None)
}

/// The same beneath what is said of it.
fn framed(week: &Week, said: Option<String>) -> Message {
    let mut parts: Vec<_> = said.map(Component::text).into_iter().collect();
    parts.extend([Component::text("## Weekly schedule"), Component::text(days(week))]);
    parts.extend(skips(&week.skips));
    if !week.others.is_empty() {
        parts.push(Component::separator());
        parts.push(Component::text(others(&week.others)));
    }
    parts.extend(pick(week));
    parts.push(Component::buttons(vec![Button::new(
        Style::Primary,
        if week.days.is_empty() { "Set up the week" } else { "Walk through the week" },
        Action::SetupDay(Weekday::Monday),
    )]));
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn days(week: &Week) -> String {
    let line = |day: Weekday| {
        let today = if week.today.weekday() == day { " · today" } else { "" };
        format!("**{}**{today}\n{}", weekday_name(day), of_day(week, day))
    };
    WEEK.map(line).join("\n")
}

fn of_day(week: &Week, day: Weekday) -> String {
    let max = if week.days.len() < MANY { EVENT_MAX } else { EVENT_OF_MANY_MAX };
    let lines: Vec<_> =
        week.of(day).map(|series| format!("- {}", event_line(series, max))).collect();
    if lines.is_empty() { "-# nothing".to_owned() } else { lines.join("\n") }
}

/// "20:00 – 22:00 Raid · Outfit: kilt", its words within so many characters.
fn event_line(series: &Series, max: usize) -> String {
    let fields: Vec<_> =
        series.plan.fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let mut words = series.plan.title.to_string();
    if !fields.is_empty() {
        words = format!("{words} · {}", fields.join(", "));
    }
    format!("{} {}", times(&series.plan), fitted(&plain(&words), max))
}

/// "24 Dec 2026", or "24 Dec 2026 to 2 Jan 2027".
#[must_use]
pub fn days_in_words(first: Date, last: Date) -> String {
    let words = |day: Date| day.strftime("%a %-d %b %Y").to_string();
    if first == last { words(first) } else { format!("{} to {}", words(first), words(last)) }
}

fn skips(skips: &[ScheduleSkip]) -> Vec<Component> {
    let row = |skip: &ScheduleSkip| {
        let words = format!("⏸ Paused {}", days_in_words(skip.first, skip.last));
        let back = Action::Unskip(skip.first, skip.last);
        Component::section(words, Button::new(Style::Secondary, "Resume", back))
    };
    let mut rows: Vec<_> = skips.iter().take(SKIPS_SHOWN).map(row).collect();
    let more = skips.len().saturating_sub(SKIPS_SHOWN);
    if more > 0 {
        rows.push(Component::text(format!("-# and {more} more")));
    }
    rows
}

fn others(others: &[Series]) -> String {
    let line = |series: &Series| {
        let title = fitted(&plain(series.plan.title.as_str()), SERIES_SHOWN_MAX);
        let rule = plain(&series.plan.recurrence.in_words());
        format!("- {title}: {}, {}", fitted(&rule, SERIES_SHOWN_MAX), times(&series.plan))
    };
    let lines: Vec<_> = others.iter().take(SERIES_ROWS).map(line).collect();
    let more = others.len().saturating_sub(lines.len());
    let more = if more > 0 { format!("\n-# and {more} more") } else { String::new() };
    format!("**Series**\n{}{more}", lines.join("\n"))
}

/// A list from which a series or an event of the week is opened.
fn pick(week: &Week) -> Option<Component> {
    let option = |series: &Series| SelectOption {
        label: fitted(series.plan.title.as_str(), 100),
        value: Action::Series(series.id).to_string(),
        description: fitted(&when(series), 100),
        ..SelectOption::default()
    };
    let all = week.days.iter().chain(&week.others).take(CHOICES_MAX);
    let options: Vec<_> = all.map(option).collect();
    let what = "Open one: its dates, changes, an end";
    let select = || Select::new(Action::SeriesFrom, what, options.clone());
    (!options.is_empty()).then(|| Component::row(vec![Component::Select(select())]))
}

fn when(series: &Series) -> String {
    match series.day {
        Some(day) => format!("{}, {}", weekday_name(day), times(&series.plan)),
        None => format!("{}, {}", series.plan.recurrence.in_words(), times(&series.plan)),
    }
}

/// A day while the week is set up. `None` when all days were walked through.
#[must_use]
pub fn setup(week: &Week, day: Option<Weekday>) -> Message {
    let Some(day) = day else { return done(week) };
    let name = weekday_name(day);
    let index = usize::from(day.to_monday_zero_offset().unsigned_abs());
    let text = format!(
        "## {name}\n-# Day {} of 7. Every choice is saved at once; another organiser can continue \
         here with `/schedule setup`.\n{}",
        index.saturating_add(1),
        of_day(week, day)
    );
    let mut buttons = vec![Button::new(
        Style::Primary,
        if week.of(day).next().is_some() { "One more event" } else { "Plan an event" },
        Action::DayNew(day, true),
    )];
    if let Some(before) = index.checked_sub(1).and_then(|before| WEEK.get(before)) {
        buttons.push(Button::new(Style::Secondary, "Back", Action::SetupDay(*before)));
    }
    let next = WEEK.get(index.saturating_add(1));
    let label = if week.of(day).next().is_some() { "Next day" } else { "Nothing on this day" };
    buttons.push(match next {
        Some(next) => Button::new(Style::Secondary, label, Action::SetupDay(*next)),
        None => Button::new(Style::Success, "Done", Action::SetupEnd),
    });
    let mut parts = vec![Component::text(text)];
    parts.extend(of_day_pick(week, day));
    parts.push(Component::buttons(buttons));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// A list from which an event of this day is opened.
fn of_day_pick(week: &Week, day: Weekday) -> Option<Component> {
    let days = week.of(day).cloned().collect();
    pick(&Week { days, others: Vec::new(), ..week.clone() })
}

fn done(planned: &Week) -> Message {
    let count = planned.days.len();
    let said = match count {
        0 => "Nothing is planned yet. Walk through the week whenever you like.".to_owned(),
        _ => "The week is set up. It repeats until you change it; `/schedule skip` pauses it, and \
             `/reminders view` shows who is reminded when."
            .to_owned(),
    };
    framed(planned, Some(said))
}

/// An event was planned on a day, or changed there.
#[must_use]
pub fn planned(series: &Series) -> Message {
    let day = series.day.map(weekday_name).unwrap_or_default();
    let next = series.next();
    let next = next.map(|next| format!("\nThe next one: {}.", full(next.at)));
    let text =
        format!("**Every {day}**: {}{}", event_line(series, EVENT_MAX), next.unwrap_or_default());
    let buttons = vec![
        Button::new(Style::Secondary, "Open it", Action::Series(series.id)),
        Button::new(Style::Secondary, "Weekly schedule", Action::Week),
        Button::new(Style::Danger, "Undo", Action::SeriesUndo(series.id, series.version)),
    ];
    let parts = vec![Component::text(text), Component::buttons(buttons)];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// What a day had is planned no longer.
#[must_use]
pub fn cleared(day: Weekday, ended: &[Series]) -> Message {
    let row = |series: &Series| {
        let again = Action::DayResume(series.id);
        Component::section(
            event_line(series, EVENT_MAX),
            Button::new(Style::Primary, "Plan it again", again),
        )
    };
    let text = format!(
        "**{}** is empty from now on. What is posted already stays; `/event cancel` calls it off.",
        weekday_name(day)
    );
    let mut parts = vec![Component::text(text)];
    parts.extend(ended.iter().map(row));
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// The schedule is to rest.
#[must_use]
pub fn skipped(skip: &ScheduleSkip) -> Message {
    let text = format!(
        "The weekly schedule is paused **{}**. What is posted already stays; `/event cancel` \
         calls it off.",
        days_in_words(skip.first, skip.last)
    );
    let back = Action::Unskip(skip.first, skip.last);
    let buttons = vec![Button::new(Style::Primary, "Resume", back)];
    let parts = vec![Component::text(text), Component::buttons(buttons)];
    Message::panel(vec![Component::container(BLUE, parts)])
}

/// A day's events are being posted, or were posted already.
#[must_use]
pub fn posted(day: &PostedDay) -> Message {
    let mut lines = vec![format!("**{}**", days_in_words(day.day, day.day))];
    lines.extend(day.new.iter().map(|posted| {
        let event = &posted.sheet.event;
        let title = title_of(event);
        format!("- {title} is being posted in <#{}>", event.channel)
    }));
    lines.extend(day.known.iter().map(known));
    let parts = vec![Component::text(lines.join("\n"))];
    Message::panel(vec![Component::container(BLUE, parts)])
}

fn known((posted, done): &(Posted, PostedAgain)) -> String {
    let event = &posted.sheet.event;
    let title = title_of(event);
    let at = posted.post.message.map(|message| link(event.guild, posted.post.channel, message));
    let at = at.unwrap_or_default();
    match done {
        PostedAgain::Refreshed => {
            format!("- {title} is posted already, and brought up to date with its answers: {at}")
        }
        PostedAgain::Moved(channel) => {
            format!("- {title} moves to <#{channel}>, with all answers")
        }
        PostedAgain::Restored(channel) => {
            format!("- {title} is being posted again in <#{channel}>, with all answers")
        }
        PostedAgain::Kept => format!("- {title} is cancelled or over, so nothing was done: {at}"),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use muster_domain::id::{ChannelId, SeriesId, UserId};
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
        let shown = super::week(&week);
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
        check(&super::week(&week)).unwrap();
        check(&super::week(&empty())).unwrap();
        for day in WEEK {
            check(&setup(&week, Some(day))).unwrap();
            check(&setup(&empty(), Some(day))).unwrap();
        }
        check(&setup(&week, None)).unwrap();
        check(&planned(&week.days[0])).unwrap();
        check(&cleared(Weekday::Monday, &week.days[..DAY_EVENTS_MAX])).unwrap();
        check(&skipped(&week.skips[0])).unwrap();
        let sample = || posted_sample(sheet_of(&fullest_event(), 1));
        let place = ChannelId::new(u64::MAX >> 1);
        let day = PostedDay {
            day: week.today,
            new: (0..2).map(|_| sample()).collect(),
            known: [PostedAgain::Refreshed, PostedAgain::Moved(place), PostedAgain::Kept]
                .map(|done| (sample(), done))
                .to_vec(),
        };
        check(&posted(&day)).unwrap();
    }
}
