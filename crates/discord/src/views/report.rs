//! Reports: a card of numbers, a chart, and tables for spreadsheets.

mod chart;
mod one;
mod table;

use jiff::civil::Date;
use muster_domain::id::UserId;
use muster_domain::limits::{REMINDED_WHO_CAME, REPORT_WEEKS};
use muster_domain::report::{Counted, Share, Slice, Stretch, Trend, compared};
use muster_engine::reports::{Leaderboard, Readers, WeekReport};
use muster_store::model::{MemberTally, OptionTotal, Turnout};

use crate::custom_id::Action;
use crate::rest::{DESCRIPTION_MAX, File};
use crate::views::message::{Button, Choice, Embed, Field, Footer, Image, Message, Style};
use crate::views::text::{counted, grouped, length, person, plain, shortened};

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
pub fn week(report: &WeekReport, readers: Readers) -> Message {
    let title = title(report);
    let fields = fields(report, readers);
    let card = Embed {
        title: title.clone(),
        description: summary(report),
        color: BLUE,
        fields,
        footer: Some(Footer { text: footer(report) }),
        ..Embed::default()
    };
    let name = file_name(report);
    let chart = chart::week(report, &title);
    let message = with_chart(card, &name, &chart);
    match readers {
        Readers::Everybody => message,
        Readers::Organiser => {
            let first = report.period.days.first().map_or(Date::ZERO, |day| day.begins);
            let show = Action::ReportDays(stretch_number(report.stretch), day_number(first));
            let members = table::members(&report.report);
            message
                .file(File::new(&format!("{name}-events.csv"), CSV, table::events(report)))
                .file(File::new(&format!("{name}-members.csv"), CSV, members))
                .row(vec![Button::new(Style::Secondary, "Show to all", show)])
        }
    }
}

/// The weeks that can be chosen while one is typed.
#[must_use]
pub fn week_choices(weeks: &[(Date, Date)], typed: &str) -> Vec<Choice> {
    let typed = typed.trim().to_lowercase();
    let choices = weeks.iter().enumerate().map(|(back, (first, last))| {
        let words = match back {
            0 => "This week · ".to_owned(),
            1 => "Last week · ".to_owned(),
            _ => String::new(),
        };
        let name = format!("{words}{} – {} {}", short_day(*first), short_day(*last), last.year());
        Choice { name, value: first.to_string() }
    });
    let fits = |choice: &Choice| {
        choice.name.to_lowercase().contains(&typed) || choice.value.starts_with(&typed)
    };
    choices.filter(fits).collect()
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
fn with_chart(card: Embed, name: &str, chart: &muster_chart::Chart) -> Message {
    let file = File::new(&format!("{name}.png"), PNG, chart.png());
    let file = file.described(&chart.in_words(DESCRIPTION_MAX));
    let image = Some(Image { url: format!("attachment://{}", file.name()) });
    Message::card(Embed { image, ..card }).file(file)
}

/// "Week of 23 – 29 Nov 2026"
fn title(report: &WeekReport) -> String {
    let days = &report.period.days;
    let (first, last) = (days.first(), days.last());
    let day = |slice: Option<&Slice>| slice.map_or_else(String::new, |day| short_day(day.begins));
    let year = last.map_or(0, |last| last.begins.year());
    let what = match report.stretch {
        Stretch::Week => "Week",
        Stretch::Midweek => "Midweek",
    };
    format!("{what} of {} – {} {year}", day(first), day(last))
}

fn file_name(report: &WeekReport) -> String {
    let first = report.period.days.first().map_or(Date::ZERO, |day| day.begins);
    match report.stretch {
        Stretch::Week => format!("week-{first}"),
        Stretch::Midweek => format!("midweek-{first}"),
    }
}

/// "23 Nov"
fn short_day(day: Date) -> String {
    day.strftime("%-d %b").to_string()
}

/// "Mon 23"
fn weekday(day: Date) -> String {
    day.strftime("%a %-d").to_string()
}

fn summary(report: &WeekReport) -> String {
    let numbers = &report.report;
    let Turnout { events, answered, coming, .. } = numbers.whole;
    if events == 0 {
        return "No events in this time.".to_owned();
    }
    let share = share(answered, numbers.seen);
    let events = counted(events, "event", "events");
    let members = counted(numbers.seen, "recently active member", "recently active members");
    let text = format!(
        "{events}. **{}** of {members} answered{share}, **{}** said that they come.",
        grouped(answered),
        grouped(coming)
    );
    let weeks = numbers.weeks.iter();
    let weeks = weeks.map(|week| Counted { events: week.events, amount: week.answered });
    let Some(found) = compared(&report.period.weeks, weeks, report.now) else { return text };
    let change = match found.trend {
        Trend::Up(percent) => format!("up {}% on", grouped(percent)),
        Trend::Down(percent) => format!("down {percent}% on"),
        Trend::Steady => "about as in".to_owned(),
    };
    let half = found.weeks;
    format!("{text}\n{}: {change} the {half} before.", last_weeks(half))
}

/// What is compared with the time before.
fn last_weeks(count: usize) -> String {
    match count {
        1 => "The last full week".to_owned(),
        _ => format!("The last {count} full weeks"),
    }
}

/// " (74%)"; nothing of nothing.
fn share(of: usize, all: usize) -> String {
    Share { of, all }.percent().map_or_else(String::new, |percent| format!(" ({percent}%)"))
}

fn fields(report: &WeekReport, readers: Readers) -> Vec<Field> {
    let numbers = &report.report;
    if numbers.whole.events == 0 && numbers.consistent.is_empty() {
        return Vec::new();
    }
    let mut fields = Vec::new();
    fields.extend(field("Each day", &days(report)));
    fields.extend(field("Answers", &answers(&numbers.options)));
    if report.leaderboard == Leaderboard::Named {
        fields.extend(field("Most consistent", &consistent(&numbers.consistent, numbers.begun)));
    }
    fields.extend(field("Said yes, was absent", &absent(report, readers)));
    let unanswered: Vec<_> = numbers.unanswered.rows.clone();
    let unanswered = named(&unanswered, numbers.unanswered.total, readers);
    fields.extend(field("Came before, did not answer", &unanswered));
    fields
}

/// A part of a card; nothing if there is nothing to say.
fn field(name: &str, value: &str) -> Option<Field> {
    let (name, value) = (name.to_owned(), value.to_owned());
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

fn days(report: &WeekReport) -> String {
    let lines = report.period.days.iter().zip(&report.report.days).map(|(day, turnout)| {
        let name = weekday(day.begins);
        if turnout.events == 0 {
            return format!("{name} · –");
        }
        let share = share(turnout.answered, report.report.seen);
        let (answered, coming) = (grouped(turnout.answered), grouped(turnout.coming));
        let events = counted(turnout.events, "event", "events");
        let there = if turnout.present > 0 {
            format!(", {} there", grouped(turnout.present))
        } else {
            String::new()
        };
        format!("{name} · {events} · **{answered}** answered{share}, **{coming}** coming{there}")
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

fn consistent(members: &[MemberTally], begun: usize) -> String {
    let came = members.iter().filter(|tally| tally.came > 0);
    let lines = came.zip(1..).map(|(tally, rank)| {
        let (who, came, all) = (person(tally.member), grouped(tally.came), grouped(begun));
        format!("{rank}. {who} · {came} of {all}{}", share(tally.came, begun))
    });
    fitting(lines, "\n")
}

fn absent(report: &WeekReport, readers: Readers) -> String {
    let tallies = &report.report.members.rows;
    let mut absent: Vec<_> = tallies.iter().filter(|tally| tally.absent > 0).collect();
    absent.sort_by_key(|tally| std::cmp::Reverse(tally.absent));
    match readers {
        Readers::Everybody if report.report.whole.absent > 0 => {
            counted(report.report.whole.absent, "member", "members")
        }
        Readers::Everybody => String::new(),
        Readers::Organiser => {
            let pieces = absent.iter().take(NAMES_MAX).map(|tally| match tally.absent {
                1 => person(tally.member),
                times => format!("{} ({}×)", person(tally.member), grouped(times)),
            });
            let names = fitting(pieces, ", ");
            more(names, absent.len().saturating_sub(NAMES_MAX))
        }
    }
}

/// Members by name for an organiser, and by number for all.
fn named(members: &[UserId], total: usize, readers: Readers) -> String {
    match readers {
        _ if total == 0 => String::new(),
        Readers::Everybody => counted(total, "member", "members"),
        Readers::Organiser => {
            let shown = members.iter().take(NAMES_MAX).map(|member| person(*member));
            let names = fitting(shown, ", ");
            more(names, total.saturating_sub(NAMES_MAX.min(members.len())))
        }
    }
}

fn more(names: String, left_out: usize) -> String {
    match left_out {
        0 => names,
        _ => format!("{names} and {} more", grouped(left_out)),
    }
}

fn footer(report: &WeekReport) -> String {
    let days = REMINDED_WHO_CAME.as_hours() / 24;
    let mut text = format!(
        "Recently active: members who answered in this time, or came in the {days} days before. \
         Days are those of {}.",
        report.zone.iana_name().unwrap_or("UTC")
    );
    if report.leaderboard == Leaderboard::Named {
        text = format!(
            "{text} Most consistent: who came to most of the events of {REPORT_WEEKS} weeks. \
             Came: said so, had a place, and was not marked as absent."
        );
    }
    text
}

#[cfg(test)]
mod tests;
