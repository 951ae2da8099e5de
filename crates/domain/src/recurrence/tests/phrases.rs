//! What words for series mean, phrase by phrase (`phrases.txt`).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::phrase_table;
use crate::recurrence::{Context, Recurrence, RecurrenceError, Understood, parse_recurrence};
use crate::when::{DateOrder, WhenError};

const PHRASES: &str = include_str!("../phrases.txt");

/// When and where the phrases of a section are said.
pub(super) struct Section {
    now: Timestamp,
    zone: TimeZone,
    date_order: DateOrder,
    first: Option<Date>,
}

impl Section {
    /// `2026-11-23 13:00 Europe/Berlin DayFirst`, perhaps with the date of the start.
    pub(super) fn parse(line: &str) -> Self {
        let words: Vec<&str> = line.split_whitespace().collect();
        let zone = TimeZone::get(words[2]).unwrap();
        let local: DateTime = format!("{}T{}", words[0], words[1]).parse().unwrap();
        let date_order = match words[3] {
            "DayFirst" => DateOrder::DayFirst,
            "Ask" => DateOrder::Ask,
            _ => panic!("no such date order: {line}"),
        };
        let first = words.get(4).map(|date| date.parse().unwrap());
        Self { now: zone.to_timestamp(local).unwrap(), zone, date_order, first }
    }

    pub(super) fn read(&self, phrase: &str) -> Result<Understood, RecurrenceError> {
        let Self { now, zone, date_order, first } = self;
        let ctx = Context { now: *now, zone, date_order: *date_order, first: *first };
        parse_recurrence(phrase, &ctx)
    }

    /// What a phrase means here, as `phrases.txt` writes it.
    fn meaning(&self, phrase: &str) -> String {
        match self.read(phrase) {
            Ok(Understood::One(series)) => written(&series),
            Ok(Understood::Several(all)) => {
                format!("ask {}", all.iter().map(written).collect::<Vec<_>>().join(" / "))
            }
            Err(error) => refusal(&error),
        }
    }
}

fn written(series: &Recurrence) -> String {
    series.to_text().trim_start_matches("RRULE:").replace('\n', " ")
}

/// The name of the error and the part that it points at.
fn refusal(error: &RecurrenceError) -> String {
    let debug = format!("{error:?}");
    let name = debug.split([' ', '(']).next().unwrap();
    if let RecurrenceError::When(WhenError::NoSuchDate { part }) = error {
        return format!("NoSuchDate {part}");
    }
    if let RecurrenceError::NotUnderstood { part }
    | RecurrenceError::Unsupported { part, .. }
    | RecurrenceError::Malformed { part, .. }
    | RecurrenceError::Twice { part }
    | RecurrenceError::TimeOfDay { part }
    | RecurrenceError::UnknownZone { name: part } = error
    {
        return format!("{name} {part}");
    }
    name.to_owned()
}

#[test]
fn phrases_mean_what_the_table_says() {
    let checked = phrase_table::check(PHRASES, Section::parse, Section::meaning);
    assert!(checked >= 250, "only {checked} phrases left in the table");
}

#[test]
fn the_organisers_guide_has_only_phrases_that_mean_one_thing() {
    let guide = include_str!("../../../../../docs/organisers-guide.md");
    let (_, after) = guide.split_once("# Repeating events\n").unwrap();
    let rows = after.lines().skip_while(|line| !line.starts_with("|---"));
    let rows = rows.skip(1).take_while(|line| line.starts_with('|'));
    let section = Section::parse("2026-11-23 13:00 Europe/Berlin DayFirst");
    let mut checked = 0;
    for phrase in rows.flat_map(|row| row.split('`').skip(1).step_by(2)) {
        let meaning = section.read(phrase);
        assert!(matches!(meaning, Ok(Understood::One(_))), "{phrase}: {meaning:?}");
        checked += 1;
    }
    assert!(checked >= 30, "only {checked} phrases in the guide");
}
