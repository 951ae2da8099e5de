//! Takes the lines of a rule apart: which property, which parameters, which value.

use super::parts;
use super::stamps::{self, Clocks};
use crate::limits::REPEAT_TEXT_MAX;
use crate::recurrence::{Recurrence, RecurrenceError};
use crate::when::shortened;

/// Properties after whose name a semicolon is no sign of a rule that goes on.
const NAMES: [&str; 7] = ["RRULE", "EXDATE", "RDATE", "EXRULE", "DTSTART", "DTEND", "DURATION"];

/// `EXDATE;TZID=Europe/Berlin:20270601T200000`
struct Line<'t> {
    name: String,
    params: Vec<(String, &'t str)>,
    value: &'t str,
}

pub(super) fn read(text: &str, clocks: Clocks<'_>) -> Result<Recurrence, RecurrenceError> {
    if text.len() > REPEAT_TEXT_MAX {
        return Err(RecurrenceError::TooLong);
    }
    let chunks = chunks(text);
    let lines: Vec<Line<'_>> = chunks.iter().map(|chunk| line(chunk)).collect::<Result<_, _>>()?;
    let mut rules = lines.iter().filter(|line| line.name == "RRULE");
    let Some(rule) = rules.next() else {
        let strange = lines.iter().map(|line| known(line)).find(Result::is_err);
        return strange.unwrap_or(Ok(())).and(Err(RecurrenceError::NoRule));
    };
    if rules.next().is_some() {
        let (part, instead) = ("a second RRULE".to_owned(), "make a series of its own for it");
        return Err(RecurrenceError::Unsupported { part, instead });
    }
    if let Some((name, _)) = rule.params.first() {
        return Err(no_param("RRULE", name));
    }
    let mut found = Recurrence::new(parts::rule(rule.value, clocks)?)?;
    for line in &lines {
        known(line)?;
        match line.name.as_str() {
            "EXDATE" => {
                for what in stamps::list(&line.params, line.value, clocks)? {
                    found = found.without(what)?;
                }
            }
            "RDATE" => {
                for what in stamps::list(&line.params, line.value, clocks)? {
                    found = found.with(what)?;
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Parts a text at white space, and joins again what does not begin a property: folded lines, and
/// lists with spaces in them.
fn chunks(text: &str) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    for piece in text.split_whitespace() {
        match chunks.last_mut() {
            Some(last) if !begins_property(piece) => last.push_str(piece),
            Some(_) | None => chunks.push(piece.to_owned()),
        }
    }
    chunks
}

fn begins_property(piece: &str) -> bool {
    let end = piece.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(piece.len());
    let (name, rest) = piece.split_at_checked(end).unwrap_or((piece, ""));
    let is_known = NAMES.into_iter().any(|known| known.eq_ignore_ascii_case(name));
    match rest.chars().next() {
        Some(':') => true,
        Some(';') => is_known,
        Some('=') => name.eq_ignore_ascii_case("FREQ"),
        Some(_) | None => false,
    }
}

fn line(chunk: &str) -> Result<Line<'_>, RecurrenceError> {
    let malformed = || RecurrenceError::Malformed {
        part: shortened(chunk),
        example: "RRULE:FREQ=WEEKLY;BYDAY=TU",
    };
    let name_end = chunk.find([':', ';', '=']).ok_or_else(malformed)?;
    // A rule may stand there bare.
    if chunk.get(name_end..).is_some_and(|rest| rest.starts_with('=')) {
        return Ok(Line { name: "RRULE".to_owned(), params: Vec::new(), value: chunk });
    }
    let (head, value) = chunk.split_once(':').ok_or_else(malformed)?;
    let mut pieces = head.split(';');
    let name = pieces.next().unwrap_or_default().to_ascii_uppercase();
    let param = |piece: &str| piece.split_once('=').is_some();
    if !head.split(';').skip(1).all(param) {
        return Err(malformed());
    }
    let params = pieces.filter_map(|piece| piece.split_once('='));
    let params = params.map(|(name, value)| (name.to_ascii_uppercase(), value.trim_matches('"')));
    Ok(Line { name, params: params.collect(), value })
}

/// An error for a property that has no meaning here.
fn known(line: &Line<'_>) -> Result<(), RecurrenceError> {
    let instead = match line.name.as_str() {
        "RRULE" | "EXDATE" | "RDATE" => return Ok(()),
        "EXRULE" => "list the dates that are left out as EXDATE",
        "DTSTART" => "leave the line out and give the first date and time as the event's own",
        "DTEND" | "DURATION" => "leave the line out and give the event's duration",
        _ => "leave it out and keep RRULE, EXDATE and RDATE",
    };
    Err(RecurrenceError::Unsupported { part: shortened(&line.name), instead })
}

pub(super) fn no_param(of: &str, name: &str) -> RecurrenceError {
    let part = shortened(&format!("{name} of {of}"));
    let instead = "write dates like EXDATE;TZID=Europe/Berlin:20270601T200000";
    RecurrenceError::Unsupported { part, instead }
}
