//! What is understood, phrase by phrase (`phrases.txt`), and what holds for every text.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::words::LANGUAGES;
use super::{
    Context, DateOrder, Moment, Note, Understood, WhenError, YEARS_AHEAD_MAX, canonical, describe,
    label, understand, understand_day,
};
use crate::phrase_table;

const PHRASES: &str = include_str!("phrases.txt");

/// When and where the phrases of a section are said.
#[derive(Debug)]
struct Section {
    now: Timestamp,
    zone: TimeZone,
    date_order: DateOrder,
}

impl Section {
    /// `2026-11-23 13:00 Europe/Berlin DayFirst`
    fn parse(line: &str) -> Self {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [date, time, zone, order] = words[..] else {
            panic!("a section is a date, a time, a zone and a date order: {line}");
        };
        let zone = TimeZone::get(zone).unwrap();
        let local: DateTime = format!("{date}T{time}").parse().unwrap();
        let date_order = match order {
            "DayFirst" => DateOrder::DayFirst,
            "MonthFirst" => DateOrder::MonthFirst,
            "Ask" => DateOrder::Ask,
            _ => panic!("no such date order: {order}"),
        };
        Self { now: zone.to_timestamp(local).unwrap(), zone, date_order }
    }

    fn context(&self) -> Context<'_> {
        Context { now: self.now, zone: &self.zone, date_order: self.date_order }
    }

    /// What a phrase means here, as `phrases.txt` writes it.
    fn meaning(&self, phrase: &str) -> String {
        match understand(phrase, &self.context()) {
            Ok(Understood::One(moment)) => self.moment(&moment),
            Ok(Understood::Several(moments)) => {
                let all: Vec<String> = moments.iter().map(|m| self.moment(m)).collect();
                format!("ask {}", all.join(" / "))
            }
            Err(error) => refusal(&error),
        }
    }

    fn moment(&self, moment: &Moment) -> String {
        let local = |at| self.zone.to_datetime(at);
        let start = local(moment.start);
        let mut said = start.strftime("%a %Y-%m-%d %H:%M").to_string();
        if start.second() != 0 {
            write!(said, ":{:02}", start.second()).unwrap();
        }
        if let Some(end) = moment.end.map(local) {
            let format =
                if end.date() == start.date() { " to %H:%M" } else { " to %a %Y-%m-%d %H:%M" };
            said += &end.strftime(format).to_string();
        }
        match moment.note {
            None => said,
            Some(Note::Skipped) => said + " (skipped)",
            Some(Note::Repeated) => said + " (repeated)",
            Some(Note::AfterMidnight) => said + " (after midnight)",
            Some(Note::LaterYear) => said + " (later year)",
        }
    }
}

/// The name of the error and the part that it points at.
fn refusal(error: &WhenError) -> String {
    match error {
        WhenError::NotUnderstood { part } => format!("NotUnderstood {part}"),
        WhenError::NoSuchDate { part } => format!("NoSuchDate {part}"),
        WhenError::NoSuchTime { part } => format!("NoSuchTime {part}"),
        WhenError::AmbiguousZone { name, .. } => format!("AmbiguousZone {name}"),
        WhenError::UnknownZone { name } => format!("UnknownZone {name}"),
        WhenError::Past { .. } => "Past".to_owned(),
        WhenError::WeekdayMismatch { .. } => "WeekdayMismatch".to_owned(),
        WhenError::Empty
        | WhenError::TooLong
        | WhenError::PartMismatch
        | WhenError::NoTime
        | WhenError::NoDay
        | WhenError::OutOfRange
        | WhenError::BadEnd
        | WhenError::TooManyReadings => format!("{error:?}"),
    }
}

#[test]
fn phrases_mean_what_the_table_says() {
    let checked = phrase_table::check(PHRASES, Section::parse, Section::meaning);
    assert!(checked >= 350, "only {checked} phrases left in the table");
}

fn monday_in_berlin() -> Section {
    Section::parse("2026-11-23 13:00 Europe/Berlin DayFirst")
}

#[test]
fn a_refusal_says_what_to_write() {
    let cases = [
        ("", "write when, for example \"fri 8pm\" or \"tomorrow 19:30\""),
        (
            "raid night",
            "I do not understand \"raid\" in a time: write it like \"fri 8pm\", \"12 March \
             20:00\" or \"in 2 hours\"",
        ),
        (
            "31 feb 8pm",
            "\"31 feb\" is not in the calendar: write another date, like \"12 March 20:00\"",
        ),
        ("fri 25:00", "\"25:00\" is not a time of day: write it like \"8pm\" or \"20:00\""),
        (
            "tonight 8am",
            "the hour and the part of the day do not agree: write only the hour, like \"20:00\"",
        ),
        (
            "today 10am",
            "that time is already over: write a later one, or \"in 5 minutes\" for soon",
        ),
        ("friday", "the day is clear but not the time: add it, like \"20:00\" or \"8pm\""),
        (
            "next week 8pm",
            "the day is missing: add it, like \"next week friday 8pm\" or \"5 December 8pm\"",
        ),
        ("5 december 2099 8pm", "that is too far away: write a date within 10 years"),
        (
            "tue 22 nov 2026 8pm",
            "22 November 2026 is a Sunday, not a Tuesday: write only one of them",
        ),
        (
            "fri 8pm for 31 days",
            "the end must come after the start and within 30 days: write it like \"8pm to 10pm\"",
        ),
        (
            "fri 8pm cst",
            "\"CST\" means several time zones: write \"America/Chicago\" or \"Asia/Shanghai\" \
             instead",
        ),
        (
            "fri 8pm Europe/Atlantis",
            "no time zone is called \"europe/atlantis\": write it like \"Europe/Berlin\" or \
             \"UTC+2\"",
        ),
    ];
    let section = monday_in_berlin();
    for (phrase, sentence) in cases {
        let error = understand(phrase, &section.context()).unwrap_err();
        assert_eq!(error.to_string(), sentence, "{phrase}");
    }
}

#[test]
fn too_many_readings_and_too_long_a_text_are_refused() {
    let section = Section::parse("2026-11-23 13:00 Europe/Berlin Ask");
    let ctx = section.context();
    let error = understand("5/4 8 EST", &ctx).unwrap_err();
    assert_eq!(
        error.to_string(),
        "that can mean too many things: write am or pm, and the month by its name"
    );
    let error = understand(&"a".repeat(201), &ctx).unwrap_err();
    assert_eq!(
        error.to_string(),
        "that is too long for a time: write at most 200 characters, like \"fri 8pm\""
    );
    assert!(matches!(
        understand(&"a".repeat(200), &ctx),
        Err(WhenError::NotUnderstood { part }) if part.chars().count() == 40
    ));
}

#[test]
fn an_event_over_a_change_of_the_clocks_keeps_its_true_length() {
    let section = Section::parse("2027-03-13 13:00 America/New_York MonthFirst");
    let meaning = understand("tomorrow 1am for 2 hours", &section.context());
    let Ok(Understood::One(moment)) = meaning else {
        panic!("{meaning:?}");
    };
    let lasts = moment.end.unwrap().duration_since(moment.start);
    assert_eq!(lasts.as_mins(), 120);
}

#[test]
fn words_that_mean_nothing_together_are_given_up_quickly() {
    let section = monday_in_berlin();
    for word in ["8 ", "fri ", "5/4 ", "- ", "in 2 ", "may ", "8pm - ", "a "] {
        let text = word.repeat(200 / word.len());
        let meaning = understand(&text, &section.context());
        assert!(meaning.is_err(), "{text}: {meaning:?}");
    }
}

/// References and zones with every kind of oddity.
const SECTIONS: [&str; 9] = [
    "2026-11-23 13:00 Europe/Berlin DayFirst",
    "2026-10-25 00:30 Europe/Berlin Ask",
    "2027-03-14 01:59 America/New_York MonthFirst",
    "2026-10-03 23:59 Australia/Lord_Howe Ask",
    "2028-02-29 12:00 Asia/Kolkata DayFirst",
    "2026-12-31 23:59 Pacific/Kiritimati Ask",
    "2026-01-01 00:00 Pacific/Pago_Pago Ask",
    "2027-03-27 22:00 Africa/Casablanca Ask",
    "2026-06-15 08:15 UTC MonthFirst",
];

fn section() -> impl Strategy<Value = Section> {
    prop::sample::select(SECTIONS.to_vec()).prop_map(Section::parse)
}

/// Words that are not in the tables of the languages.
const OTHER_WORDS: [&str; 40] = [
    "8",
    "12",
    "20",
    "24",
    "31",
    "0",
    "5th",
    "20:00",
    "8:30",
    "25:00",
    "2026",
    "2026-11-28",
    "28/11",
    "5.12.",
    "8pm",
    "12am",
    "20h30",
    "1930",
    "2h",
    "90m",
    "1.5",
    "-",
    ",",
    ":",
    "+",
    "/",
    "<t:1795982400>",
    "1795982400",
    "utc",
    "+02:00",
    "-05:00",
    "est",
    "cst",
    "europe/berlin",
    "new",
    "years",
    "christmas",
    "T20:00Z",
    "½",
    "🎉",
];

/// Up to nine words that each mean something, in any order, with or without spaces.
fn shuffled_vocabulary() -> impl Strategy<Value = String> {
    let known = LANGUAGES.into_iter().flat_map(|language| language.words).map(|(word, _)| *word);
    let words: Vec<&str> = known.chain(OTHER_WORDS).collect();
    let spaced = prop::sample::select(vec![" ", " ", " ", "", ", "]);
    let piece = (prop::sample::select(words), spaced);
    prop::collection::vec(piece, 1..10)
        .prop_map(|pieces| pieces.iter().flat_map(|(word, gap)| [*word, *gap]).collect())
}

/// A day, a time and a zone in a sensible order.
fn likely() -> impl Strategy<Value = String> {
    let days = vec![
        "",
        "fri",
        "next tuesday",
        "tomorrow",
        "5 december",
        "the 5th",
        "28/11",
        "first sunday of may",
        "29 feb",
        "a week from sunday",
        "in 3 weeks",
        "next week monday",
        "tonight",
    ];
    let times =
        vec!["8pm", "8", "02:30", "midnight", "20h", "half past 8", "8-10pm", "22:00-02:00"];
    let ends = vec!["", "", "", "for 2 hours", "EST", "Europe/London", "+05:30"];
    let pick = prop::sample::select;
    (pick(days), pick(times), pick(ends)).prop_map(|(day, time, end)| format!("{day} {time} {end}"))
}

/// What holds for everything that is understood.
fn check_promises(section: &Section, text: &str) -> Result<(), TestCaseError> {
    let moments = match understand(text, &section.context()) {
        Ok(Understood::One(moment)) => vec![moment],
        Ok(Understood::Several(moments)) => {
            prop_assert!((2..=super::READINGS_MAX).contains(&moments.len()));
            moments
        }
        Err(error) => {
            prop_assert!(error.to_string().chars().count() < 200);
            return Ok(());
        }
    };
    let sorted = moments.is_sorted_by(|a, b| (a.start, a.end) < (b.start, b.end));
    prop_assert!(sorted, "{:?}", moments);
    let years = i64::from(YEARS_AHEAD_MAX);
    for moment in moments {
        let ahead_s = moment.start.as_second() - section.now.as_second();
        prop_assert!(ahead_s > 0 && ahead_s <= years * 366 * 86_400, "{:?}", moment);
        if let Some(end) = moment.end {
            let lasts_s = end.as_second() - moment.start.as_second();
            prop_assert!((60..=30 * 86_400).contains(&lasts_s), "{:?}", moment);
        }
        let read_back = understand(&canonical(&moment), &section.context());
        let plain = Moment { note: None, ..moment };
        prop_assert_eq!(read_back, Ok(Understood::One(plain)));
        prop_assert!(label(&moment, section.now, &section.zone).chars().count() <= 70);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_text_keeps_the_promises(section in section(), text in "\\PC{0,60}") {
        check_promises(&section, &text)?;
    }

    #[test]
    fn shuffled_words_keep_the_promises(
        section in section(),
        text in shuffled_vocabulary(),
    ) {
        check_promises(&section, &text)?;
    }

    #[test]
    fn likely_texts_keep_the_promises(section in section(), text in likely()) {
        check_promises(&section, &text)?;
    }

    #[test]
    fn what_is_described_is_understood(section in section(), minutes in 1_i64..5_000_000) {
        let second = section.now.as_second() + minutes * 60;
        let at = Timestamp::from_second(second).unwrap();
        let words = describe(at, &section.zone);
        // A time that the clocks show twice is read as the first.
        let local = section.zone.to_datetime(at);
        let first = section.zone.to_ambiguous_timestamp(local).earlier().unwrap();
        prop_assume!(first > section.now);
        match understand(&words, &section.context()) {
            Ok(Understood::One(moment)) => prop_assert_eq!(moment.start, first),
            other => prop_assert!(false, "{words}: {other:?}"),
        }
    }
}

#[test]
fn a_day_alone_is_understood_at_the_time_that_is_usual() {
    let section = Section::parse("2026-11-23 13:00 Europe/Berlin DayFirst");
    let at = |words: &str, hour| {
        let time = jiff::civil::time(hour, 0, 0, 0);
        match understand_day(words, time, &section.context()) {
            Ok(Understood::One(moment)) => section.moment(&moment),
            Ok(Understood::Several(_)) => "several".to_owned(),
            Err(error) => refusal(&error),
        }
    };
    for (day, full) in [
        ("fri", "fri 20:00"),
        ("12 March", "12 March 20:00"),
        ("in 2 days", "in 2 days 20:00"),
        ("next friday", "next friday 20:00"),
        ("today", "today 20:00"),
        ("monday for 3 hours", "monday 20:00 for 3 hours"),
    ] {
        assert_eq!(section.meaning(day), refusal(&WhenError::NoTime), "{day}");
        assert_eq!(at(day, 20), section.meaning(full), "{day}");
    }
    // Today's time is over.
    assert_eq!(at("monday", 9), section.meaning("monday 09:00"));
    assert_eq!(at("today", 9), section.meaning("today 09:00"));
    // What says no day, or more than one, is what it was.
    for words in ["next week", "tomorrow evening", "friday to 10pm", "soon"] {
        assert_eq!(at(words, 20), section.meaning(words), "{words}");
    }
}
