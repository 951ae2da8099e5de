//! Reports: a card of numbers, a chart, and tables for spreadsheets.

mod chart;
mod one;
mod table;

use jiff::civil::Date;
use muster_domain::id::UserId;
use muster_domain::limits::{REMINDED_WHO_CAME, REPORT_WEEKS};
use muster_domain::report::{Comparison, Counted, Share, Slice, Stretch, Trend, compared};
use muster_engine::reports::{Leaderboard, Readers, WeekReport};
use muster_store::model::{MemberTally, OptionTotal, Turnout};

use crate::custom_id::Action;
use crate::rest::{DESCRIPTION_MAX, File};
use crate::views::message::{Button, Choice, Embed, Field, Footer, Image, Message, Style};
use crate::views::messages::{Key, Words};
use crate::views::text::{grouped, length, person_in, plain, shortened};
use crate::views::{dates, described};

pub use self::one::{event, member};

const BLUE: u32 = 0x58_65_F2;

/// Characters of a field's value. (Discord docs: "Embed Limits")
const VALUE_MAX: usize = 1_024;

/// Members named in one list of a card; the tables have them all.
const NAMES_MAX: usize = 20;

const CSV: &str = "text/csv; charset=utf-8";
const PNG: &str = "image/png";

/// The report on some days.
#[must_use]
pub fn week(words: Words, report: &WeekReport, readers: Readers) -> Message {
    let title = title(words, report);
    let card = Embed {
        title: title.clone(),
        description: summary(words, report),
        color: BLUE,
        fields: fields(words, report, readers),
        footer: Some(Footer { text: footer(words, report) }),
        ..Embed::default()
    };
    let name = file_name(report);
    let chart = chart::week(words, report, &title);
    let message = with_chart(words, card, &name, &chart);
    match readers {
        Readers::Everybody => message,
        Readers::Organiser => {
            let first = report.period.days.first().map_or(Date::ZERO, |day| day.begins);
            let show = Action::ReportDays(stretch_number(report.stretch), day_number(first));
            let members = table::members(words, &report.report);
            message
                .file(File::new(&format!("{name}-events.csv"), CSV, table::events(report)))
                .file(File::new(&format!("{name}-members.csv"), CSV, members))
                .row(vec![show_to_all(words, show)])
        }
    }
}

fn show_to_all(words: Words, show: Action) -> Button {
    Button::new(Style::Secondary, words.plain(Key::ReportShow), show)
}

/// The weeks that can be chosen while one is typed.
#[must_use]
pub fn week_choices(words: Words, weeks: &[(Date, Date)], typed: &str) -> Vec<Choice> {
    let typed = typed.trim().to_lowercase();
    let choices = weeks.iter().enumerate().map(|(back, (first, last))| {
        let key = match back {
            0 => Key::ReportChoiceThis,
            1 => Key::ReportChoiceLast,
            _ => Key::ReportChoice,
        };
        Choice { name: from_to(words, key, *first, *last), value: first.to_string() }
    });
    let fits = |choice: &Choice| {
        choice.name.to_lowercase().contains(&typed) || choice.value.starts_with(&typed)
    };
    choices.filter(fits).collect()
}

/// Some days with their year.
fn from_to(words: Words, key: Key, first: Date, last: Date) -> String {
    let year = last.year().to_string();
    let [first, last] = [first, last].map(|day| dates::in_year(words, day));
    words.filled(key, &[("first", &first), ("last", &last), ("year", &year)])
}

/// Which stretch of days a button means.
#[must_use]
pub const fn stretch_of(number: u8) -> Option<Stretch> {
    match number {
        0 => Some(Stretch::Week),
        1 => Some(Stretch::Midweek),
        _ => None,
    }
}

const fn stretch_number(stretch: Stretch) -> u8 {
    match stretch {
        Stretch::Week => 0,
        Stretch::Midweek => 1,
    }
}

/// The day that a button means, as 20261123.
#[must_use]
pub fn day_of(number: u32) -> Option<Date> {
    let year = i16::try_from(number / 10_000).ok()?;
    let month = i8::try_from(number / 100 % 100).ok()?;
    let day = i8::try_from(number % 100).ok()?;
    Date::new(year, month, day).ok()
}

fn day_number(day: Date) -> u32 {
    let part = |number: i8| u32::try_from(number).unwrap_or_default();
    let year = u32::try_from(day.year()).unwrap_or_default();
    year * 10_000 + part(day.month()) * 100 + part(day.day())
}

/// A card with its chart as picture and as file, described for who cannot see it.
fn with_chart(words: Words, card: Embed, name: &str, chart: &muster_chart::Chart) -> Message {
    let file = File::new(&format!("{name}.png"), PNG, chart.png());
    let file = file.described(&described::in_words(words, chart, DESCRIPTION_MAX));
    let image = Some(Image { url: format!("attachment://{}", file.name()) });
    Message::card(Embed { image, ..card }).file(file)
}

/// "Week of 23 – 29 Nov 2026"
fn title(words: Words, report: &WeekReport) -> String {
    let days = &report.period.days;
    let begins = |day: Option<&Slice>| day.map_or(Date::ZERO, |day| day.begins);
    let key = match report.stretch {
        Stretch::Week => Key::ReportWeek,
        Stretch::Midweek => Key::ReportMidweek,
    };
    from_to(words, key, begins(days.first()), begins(days.last()))
}

fn file_name(report: &WeekReport) -> String {
    let first = report.period.days.first().map_or(Date::ZERO, |day| day.begins);
    match report.stretch {
        Stretch::Week => format!("week-{first}"),
        Stretch::Midweek => format!("midweek-{first}"),
    }
}

fn summary(words: Words, report: &WeekReport) -> String {
    let numbers = &report.report;
    let Turnout { events, answered, coming, .. } = numbers.whole;
    if events == 0 {
        return words.plain(Key::ReportNone).to_owned();
    }
    let values = [
        ("events", words.counted(Key::ReportEvents, events)),
        ("answered", grouped(answered)),
        ("members", words.counted(Key::ReportRecent, numbers.seen)),
        ("share", share(words, answered, numbers.seen)),
        ("coming", grouped(coming)),
    ];
    let text = filled(words, Key::ReportSummary, &values);
    let weeks = numbers.weeks.iter();
    let weeks = weeks.map(|week| Counted { events: week.events, amount: week.answered });
    let Some(found) = compared(&report.period.weeks, weeks, report.now) else { return text };
    let keys = [Key::ReportUp, Key::ReportDown, Key::ReportSteady];
    format!("{text}\n{}", course(words, keys, &found))
}

/// Where a number goes: the messages are for up, for down and for neither.
fn course(words: Words, [up, down, steady]: [Key; 3], found: &Comparison) -> String {
    let (key, percent) = match found.trend {
        Trend::Up(percent) => (up, grouped(percent)),
        Trend::Down(percent) => (down, grouped(percent)),
        Trend::Steady => (steady, String::new()),
    };
    words.counted_with(key, found.weeks, &[("percent", &percent)])
}

/// A message with values that are made for it.
fn filled(words: Words, key: Key, values: &[(&str, String)]) -> String {
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    words.filled(key, &values)
}

/// " (74%)"; nothing of nothing.
fn share(words: Words, of: usize, all: usize) -> String {
    let percent = Share { of, all }.percent();
    percent.map_or_else(String::new, |percent| {
        let mut text = " ".to_owned();
        words.push(&mut text, Key::ReportShare, &[("percent", &percent.to_string())]);
        text
    })
}

fn fields(words: Words, report: &WeekReport, readers: Readers) -> Vec<Field> {
    let numbers = &report.report;
    if numbers.whole.events == 0 && numbers.consistent.is_empty() {
        return Vec::new();
    }
    let field = |key, value: &str| field(words, key, value);
    let mut fields = Vec::new();
    fields.extend(field(Key::ReportDays, &days(words, report)));
    fields.extend(field(Key::ReportAnswers, &answers(&numbers.options)));
    if report.leaderboard == Leaderboard::Named {
        let consistent = consistent(words, &numbers.consistent, numbers.begun);
        fields.extend(field(Key::ReportConsistent, &consistent));
    }
    fields.extend(field(Key::ReportAbsent, &absent(words, report, readers)));
    let unanswered = &numbers.unanswered;
    let unanswered = named(words, &unanswered.rows, unanswered.total, readers);
    fields.extend(field(Key::ReportUnanswered, &unanswered));
    fields
}

/// A part of a card; nothing if there is nothing to say.
fn field(words: Words, name: Key, value: &str) -> Option<Field> {
    let (name, value) = (words.plain(name).to_owned(), value.to_owned());
    (!value.is_empty()).then_some(Field { name, value, inline: false })
}

/// As many pieces as fit a field.
fn fitting(pieces: impl IntoIterator<Item = String>, between: &str) -> String {
    let mut text = String::new();
    for piece in pieces {
        let longer = length(&text) + length(between) + length(&piece);
        if longer > VALUE_MAX {
            break;
        }
        if !text.is_empty() {
            text.push_str(between);
        }
        text.push_str(&piece);
    }
    text
}

fn days(words: Words, report: &WeekReport) -> String {
    let lines = report.period.days.iter().zip(&report.report.days).map(|(day, turnout)| {
        let day = dates::in_month(words, day.begins);
        if turnout.events == 0 {
            return format!("{day} · –");
        }
        let key = if turnout.present > 0 { Key::ReportDayThere } else { Key::ReportDay };
        let values = [
            ("day", day),
            ("events", words.counted(Key::ReportEvents, turnout.events)),
            ("answered", grouped(turnout.answered)),
            ("share", share(words, turnout.answered, report.report.seen)),
            ("coming", grouped(turnout.coming)),
            ("there", grouped(turnout.present)),
        ];
        filled(words, key, &values)
    });
    fitting(lines, "\n")
}

/// "✅ Yes **40** · ❌ No **12**"
fn answers(options: &[OptionTotal]) -> String {
    let pieces = options.iter().map(|option| {
        let space = if option.emoji.is_empty() { "" } else { " " };
        let label = plain(&shortened(&option.label, 40));
        format!("{}{space}{label} **{}**", option.emoji, grouped(option.answers))
    });
    fitting(pieces, " · ")
}

fn consistent(words: Words, members: &[MemberTally], begun: usize) -> String {
    let came = members.iter().filter(|tally| tally.came > 0);
    let lines = came.zip(1..).map(|(tally, rank): (_, usize)| {
        let values = [
            ("rank", rank.to_string()),
            ("member", person_in(words, tally.member)),
            ("came", grouped(tally.came)),
            ("all", grouped(begun)),
            ("share", share(words, tally.came, begun)),
        ];
        filled(words, Key::ReportConsistentLine, &values)
    });
    fitting(lines, "\n")
}

fn absent(words: Words, report: &WeekReport, readers: Readers) -> String {
    let tallies = &report.report.members.rows;
    let mut absent: Vec<_> = tallies.iter().filter(|tally| tally.absent > 0).collect();
    absent.sort_by_key(|tally| std::cmp::Reverse(tally.absent));
    match readers {
        Readers::Everybody if report.report.whole.absent > 0 => {
            words.counted(Key::ReportMembers, report.report.whole.absent)
        }
        Readers::Everybody => String::new(),
        Readers::Organiser => {
            let pieces = absent.iter().take(NAMES_MAX).map(|tally| match tally.absent {
                1 => person_in(words, tally.member),
                times => format!("{} ({}×)", person_in(words, tally.member), grouped(times)),
            });
            let names = fitting(pieces, ", ");
            more(words, names, absent.len().saturating_sub(NAMES_MAX))
        }
    }
}

/// Members by name for an organiser, and by number for all.
fn named(words: Words, members: &[UserId], total: usize, readers: Readers) -> String {
    match readers {
        _ if total == 0 => String::new(),
        Readers::Everybody => words.counted(Key::ReportMembers, total),
        Readers::Organiser => {
            let shown = members.iter().take(NAMES_MAX).map(|member| person_in(words, *member));
            let names = fitting(shown, ", ");
            more(words, names, total.saturating_sub(NAMES_MAX.min(members.len())))
        }
    }
}

fn more(words: Words, names: String, left_out: usize) -> String {
    match left_out {
        0 => names,
        _ => words.counted_with(Key::ReportMore, left_out, &[("names", &names)]),
    }
}

fn footer(words: Words, report: &WeekReport) -> String {
    let zone = report.zone.iana_name().unwrap_or("UTC");
    let text = words.counted_with(Key::ReportFooter, days_reminded(), &[("zone", zone)]);
    if report.leaderboard == Leaderboard::Named {
        let consistent = words.counted(Key::ReportFooterConsistent, weeks_told());
        format!("{text} {consistent}")
    } else {
        text
    }
}

/// For how many days somebody who came counts as active.
fn days_reminded() -> usize {
    usize::try_from(REMINDED_WHO_CAME.as_hours() / 24).unwrap_or_default()
}

/// Of how many weeks a report tells.
fn weeks_told() -> usize {
    usize::try_from(REPORT_WEEKS).unwrap_or_default()
}

#[cfg(test)]
mod tests;
