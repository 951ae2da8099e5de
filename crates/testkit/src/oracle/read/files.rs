//! An event as files has every answer with its state, in order, and the whole log; and no
//! spreadsheet takes any of it for a formula.

use std::collections::BTreeMap;

use serde_json::Value;

use super::history::{Entry, What};
use super::{Looked, Snapshot, table};
use crate::oracle::database::KeptSignup;
use crate::oracle::door::Spot;
use crate::oracle::posts;
use crate::stage::Stage;
use crate::words::{NOBODY, at, is_nobody, text};

/// An answer as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    member: String,
    label: String,
    place: String,
    rank: String,
    guests: String,
    note: String,
}

/// A line of the log as it stands in a file: what, and about whom, if about somebody.
type Logged = (String, String);

/// Judges the files of an export.
pub(crate) fn judge(stage: &Stage, looked: Looked<'_>, format: &str, files: &[(String, String)]) {
    let file = |end: &str| files.iter().find(|(name, _)| name.ends_with(end)).map(|(_, f)| f);
    // Refused, as where there is no such event any more.
    if files.is_empty() {
        return;
    }
    let read = if format == "json" {
        file(".json").and_then(|text| document(text))
    } else {
        let answers = file("-answers.csv").and_then(|text| table::rows(text));
        answers.zip(file("-log.csv").and_then(|text| table::rows(text))).map(tables)
    };
    let Some(read) = read else {
        let names: Vec<_> = files.iter().map(|(name, _)| name).collect();
        return stage.ledger.violation("export", format!("{names:?} cannot be read"));
    };
    if let Some(cell) = read.formula {
        stage.ledger.violation("export", format!("{cell:?} is a formula"));
    }
    let Some(now) = looked.same() else { return };
    let is_table = format != "json";
    let expected = (answers(now, is_table), log(now, is_table));
    if read.answers != expected.0 {
        let (id, read) = (now.event.id, read.answers);
        let what = format!("event {id} is exported with {read:#?}, not {:#?}", expected.0);
        stage.ledger.violation("export", what);
    } else if read.log != expected.1 {
        let (id, read) = (now.event.id, read.log);
        let what = format!("event {id} is exported with the log {read:?}, not {:?}", expected.1);
        stage.ledger.violation("export", what);
    }
}

/// What files say.
struct Read {
    answers: Vec<Answer>,
    log: Vec<Logged>,
    /// A cell that is a formula.
    formula: Option<String>,
}

fn tables((answers, log): (Vec<Vec<String>>, Vec<Vec<String>>)) -> Read {
    let mut cells = answers.iter().chain(&log).flatten();
    let formula = cells.find(|cell| table::is_formula(cell)).cloned();
    let cell = |row: &[String], index: usize| row.get(index).cloned().unwrap_or_default();
    let answer = |row: &Vec<String>| Answer {
        member: cell(row, 0),
        label: cell(row, 1),
        place: cell(row, 2),
        rank: cell(row, 3),
        guests: cell(row, 4),
        note: cell(row, 7),
    };
    let logged = |row: &Vec<String>| (cell(row, 2), cell(row, 3));
    let answers = answers.iter().skip(1).map(answer).collect();
    Read { answers, log: log.iter().skip(1).map(logged).collect(), formula }
}

fn document(file: &str) -> Option<Read> {
    let document: Value = serde_json::from_str(file).ok()?;
    let list = |place: &str| at(&document, place).as_array().cloned();
    let answer = |one: &Value| Answer {
        member: text(one, "/member").to_owned(),
        label: text(one, "/answer/label").to_owned(),
        place: text(one, "/answer/place").to_owned(),
        rank: at(one, "/rank").to_string(),
        guests: at(one, "/answer/guests").to_string(),
        note: text(one, "/note").to_owned(),
    };
    let logged = |one: &Value| (text(one, "/what").to_owned(), text(one, "/member").to_owned());
    let answers = list("/answers")?.iter().map(answer).collect();
    Some(Read { answers, log: list("/log")?.iter().map(logged).collect(), formula: None })
}

fn person(member: u64, is_table: bool) -> String {
    match is_table {
        true if is_nobody(member) => NOBODY.to_owned(),
        true => format!("<@{member}>"),
        false => member.to_string(),
    }
}

/// All answers as they must be there: those with a place answer by answer, in order; then offers,
/// the waitlist, and who let an offer lapse.
fn answers(now: &Snapshot, is_table: bool) -> Vec<Answer> {
    let event = &now.event;
    let mut all: Vec<(u64, KeptSignup, u8)> = event
        .signups
        .iter()
        .filter_map(|(member, signup)| Some((*member, *signup, signup.option?)))
        .collect();
    let position = |option: u8| event.all_options().iter().position(|one| one.id == option);
    all.sort_by_key(|(_, signup, option)| match signup.spot {
        Spot::Seated => (0, position(*option), false, signup.sequence),
        Spot::Offered => (1, None, false, signup.sequence),
        Spot::Waiting => (2, None, !signup.is_preferred, signup.sequence),
        Spot::Passed => (3, None, false, signup.sequence),
    });
    let mut ranks: BTreeMap<String, u64> = BTreeMap::new();
    let answer = |(member, signup, option): (u64, KeptSignup, u8)| {
        let line = match signup.spot {
            Spot::Seated => format!("{option}"),
            Spot::Waiting => posts::line_of(event, option).unwrap_or_else(|| "waits".to_owned()),
            Spot::Offered | Spot::Passed => place(signup.spot).to_owned(),
        };
        let rank = ranks.entry(format!("{:?} {line}", signup.spot)).or_default();
        *rank += 1;
        let bare = || event.all_options().iter().find(|one| one.id == option).map(|o| &o.label);
        let note = now.notes.get(&member).cloned().unwrap_or_default();
        let (label, note) = if is_table {
            (table::defused(&now.called(option)), table::defused(&note))
        } else {
            (bare().cloned().unwrap_or_default(), note)
        };
        Answer {
            member: person(member, is_table),
            label,
            place: place(signup.spot).to_owned(),
            rank: rank.to_string(),
            guests: signup.guests.to_string(),
            note,
        }
    };
    all.into_iter().map(answer).collect()
}

const fn place(spot: Spot) -> &'static str {
    match spot {
        Spot::Seated => "confirmed",
        Spot::Waiting => "waitlist",
        Spot::Offered => "offered",
        Spot::Passed => "passed",
    }
}

fn log(now: &Snapshot, is_table: bool) -> Vec<Logged> {
    let line = |entry: &Entry| match &entry.what {
        What::Event(change, true) if is_table => (format!("{change} (undo)"), String::new()),
        What::Event(change, _) => (change.clone(), String::new()),
        What::Deed(deed, _) => (deed.clone(), String::new()),
        What::Mark(member) => ("attendance".to_owned(), person(*member, is_table)),
        What::Answer { member, way, .. } => (way.clone(), person(*member, is_table)),
    };
    now.entries.iter().map(line).collect()
}
