//! Reports as tables for spreadsheets. Members are mentions, as spreadsheets would round a number
//! of so many digits.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use muster_domain::table::Table;
use muster_engine::reports::{OneEvent, OneMember, WeekReport};
use muster_store::model::{MemberTally, Presence, Report, RosterLine};

use crate::views::export;
use crate::views::messages::{Key, Words};
use crate::views::text::person_in;

/// One row for each event, soonest first.
pub(super) fn events(report: &WeekReport) -> String {
    const HEADING: [&str; 6] = ["begins", "event", "answered", "coming", "there", "absent"];
    let mut table = Table::new(&HEADING);
    for event in &report.report.events.rows {
        let turnout = event.turnout;
        let numbers = [turnout.answered, turnout.coming, turnout.present, turnout.absent];
        let mut cells = vec![at(event.starts, &report.zone), event.title.to_string()];
        cells.extend(numbers.map(|number| number.to_string()));
        table.row(cells.iter().map(String::as_str));
    }
    table.into_text()
}

/// One row for each member: those who answered, then those who came before and did not.
pub(super) fn members(words: Words, report: &Report) -> String {
    const HEADING: [&str; 6] = ["member", "answered", "coming", "came", "there", "absent"];
    let mut table = Table::new(&HEADING);
    for tally in &report.members.rows {
        let MemberTally { member, answered, coming, came, present, absent } = *tally;
        row(&mut table, &person_in(words, member), [answered, coming, came, present, absent]);
    }
    for member in &report.unanswered.rows {
        row(&mut table, &person_in(words, *member), [0; 5]);
    }
    table.into_text()
}

fn row(table: &mut Table, member: &str, numbers: [usize; 5]) {
    let mut cells = vec![member.to_owned()];
    cells.extend(numbers.map(|number| number.to_string()));
    table.row(cells.iter().map(String::as_str));
}

/// One row for each member: those who answered, then those who came before and did not.
pub(super) fn event(words: Words, one: &OneEvent) -> String {
    let mut table = Table::new(&["member", "answer", "place", "guests", "attendance"]);
    let options = &one.report.posted.sheet.event.options;
    for RosterLine { member, signup, .. } in &one.signups {
        let answer = options.get(signup.option).map(|option| options.name_of(option));
        table.row([
            person_in(words, *member).as_str(),
            answer.as_deref().unwrap_or_default(),
            export::place(signup.place.into()),
            signup.guests.get().to_string().as_str(),
            export::presence(one.presences.get(member).copied()),
        ]);
    }
    for member in &one.report.unanswered.rows {
        let silent = words.plain(Key::ReportEventSilent);
        table.row([person_in(words, *member).as_str(), "", silent, "", ""]);
    }
    table.into_text()
}

/// One row for each event, the latest first.
pub(super) fn member(report: &OneMember) -> String {
    let mut table = Table::new(&["begins", "event", "answer", "place", "guests", "attendance"]);
    for event in &report.report.events.rows {
        let (answer, place, guests) = match &event.answer {
            None => (String::new(), "", String::new()),
            Some((label, answer)) => {
                let place = export::place(answer.place);
                (label.to_string(), place, answer.guests.get().to_string())
            }
        };
        let presence: Option<Presence> = event.presence;
        let cells = [
            at(event.starts, &report.zone),
            event.title.to_string(),
            answer,
            place.to_owned(),
            guests,
            export::presence(presence).to_owned(),
        ];
        table.row(cells.iter().map(String::as_str));
    }
    table.into_text()
}

/// "2026-11-27 19:30", which every spreadsheet reads.
fn at(instant: Timestamp, zone: &TimeZone) -> String {
    instant.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}
