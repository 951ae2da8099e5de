//! An event as tables for spreadsheets. Times are those of clocks in the event's zone; members are
//! mentions, as spreadsheets would round a number of so many digits.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::table::Table;
use muster_domain::text::Note;
use muster_engine::history::Export;
use muster_store::model::{Happened, HistoryLine, LoggedAnswer, RosterLine};

use super::{deed, place, place_now, presence, step, way};
use crate::views::text::person;

/// One row for each answer, in the order of the post.
pub(super) fn answers(export: &Export) -> String {
    const HEADING: [&str; 10] = [
        "member",
        "answer",
        "place",
        "rank",
        "guests",
        "arrives",
        "leaves",
        "note",
        "since",
        "attendance",
    ];
    let mut table = Table::new(&HEADING);
    let event = &export.posted.sheet.event;
    let answered = export.answered_at();
    for line in &export.signups.rows {
        let RosterLine { member, signup, details, rank } = line;
        let at = |instant: Option<Timestamp>| instant.map_or_else(String::new, |t| at(event, t));
        let cells = [
            person(*member),
            label(event, LoggedAnswer::from(*signup)),
            place_now(signup.place).to_owned(),
            rank.to_string(),
            signup.guests.get().to_string(),
            at(details.arrives),
            at(details.leaves),
            details.note.as_ref().map_or_else(String::new, |note| Note::as_str(note).to_owned()),
            at(answered.get(member).copied()),
            presence(export.presences.get(member).copied()).to_owned(),
        ];
        table.row(cells.iter().map(String::as_str));
    }
    table.into_text()
}

/// One row for each line of the history, newest first.
pub(super) fn log(export: &Export) -> String {
    const HEADING: [&str; 10] = [
        "when",
        "by",
        "what",
        "member",
        "answer before",
        "place before",
        "guests before",
        "answer",
        "place",
        "guests",
    ];
    let mut table = Table::new(&HEADING);
    let event = &export.posted.sheet.event;
    for line in &export.history.rows {
        let cells = log_row(event, line);
        table.row(cells.iter().map(String::as_str));
    }
    table.into_text()
}

fn log_row(event: &Event, line: &HistoryLine) -> Vec<String> {
    let mut cells = vec![at(event, line.at), person(line.by)];
    match line.what {
        Happened::Event(what) => {
            cells.push(step(what).to_owned());
            cells.resize(10, String::new());
        }
        Happened::Undone(what) => {
            cells.push(format!("{} (undo)", step(what)));
            cells.resize(10, String::new());
        }
        Happened::Deed(what) => {
            cells.push(deed(what).to_owned());
            cells.resize(10, String::new());
        }
        Happened::Signup { member, way: how, before, now } => {
            cells.extend([way(how).to_owned(), person(member)]);
            cells.extend([before, now].into_iter().flat_map(|answer| answer_cells(event, answer)));
        }
        Happened::Presence { member, before, now } => {
            cells.extend(["attendance".to_owned(), person(member)]);
            let [before, now] = [before, now].map(|one| presence(one).to_owned());
            let none = String::new;
            cells.extend([before, none(), none(), now, none(), none()]);
        }
    }
    cells
}

fn answer_cells(event: &Event, answer: Option<LoggedAnswer>) -> [String; 3] {
    answer.map_or_else(Default::default, |answer| {
        let guests = answer.guests.get().to_string();
        [label(event, answer), place(answer.place).to_owned(), guests]
    })
}

fn label(event: &Event, answer: LoggedAnswer) -> String {
    let found = event.options.get(answer.option);
    let name = |option| event.options.name_of(option).into_owned();
    found.map_or_else(|| answer.option.get().to_string(), name)
}

/// "2026-11-27 19:30", which every spreadsheet reads.
fn at(event: &Event, instant: Timestamp) -> String {
    let local = instant.to_zoned_datetime(event.details.zone.rules().clone());
    local.strftime("%Y-%m-%d %H:%M").to_string()
}
