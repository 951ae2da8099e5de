//! An event as files: who answered what, and its history.

mod csv;
mod json;

use muster_domain::roster::Place;
use muster_engine::history::Export;
use muster_store::model::{Deed, EventStep, LoggedPlace, Page, Presence, SignupWay};

use crate::rest::File;
use crate::views::message::Message;
use crate::views::messages::{Key, Words};
use crate::views::text::title_of;

/// Characters of a title in the name of a file.
const NAME_MAX: usize = 60;

/// In which format an event is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Two tables, for spreadsheets.
    #[default]
    Csv,
    /// One document, for programs.
    Json,
}

impl Format {
    /// All formats, with the words that stand for them.
    pub const ALL: [(&'static str, Self); 2] = [("csv", Self::Csv), ("json", Self::Json)];

    /// The format of this name; the usual one for an empty one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name.is_empty() {
            return Some(Self::default());
        }
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, format)| format)
    }
}

/// The answer to an export: what is in the files, and the files.
#[must_use]
pub fn export(words: Words, mut export: Export, format: Format) -> Message {
    let files = loop {
        let files = files(&export, format);
        let largest = files.iter().map(|file| file.bytes().len()).max().unwrap_or_default();
        if largest <= FILE_MAX || !leave_out(&mut export, largest) {
            break files;
        }
    };
    let told = Message::text(what_is_in_them(words, &export));
    files.into_iter().fold(told, Message::file)
}

/// Leaves so much out that a file that had so many bytes is likely to be small enough: the oldest
/// entries of the log, as long as there are any. Returns false if nothing is left.
fn leave_out(export: &mut Export, bytes: usize) -> bool {
    let (answers, entries) = (&mut export.signups.rows, &mut export.history.rows);
    if entries.is_empty() {
        answers.truncate(answers.len() * FILE_MAX / bytes * 9 / 10);
    } else {
        // What the answers take is not known here: of the log goes at least as much as is too much.
        entries.truncate((entries.len() * FILE_MAX / bytes).saturating_sub(1_000));
    }
    !export.signups.rows.is_empty()
}

fn files(export: &Export, format: Format) -> Vec<File> {
    let name = file_name(export.posted.sheet.event.details.title.as_str());
    match format {
        Format::Csv => vec![
            File::new(&format!("{name}-answers.csv"), CSV, csv::answers(export)),
            File::new(&format!("{name}-log.csv"), CSV, csv::log(export)),
        ],
        Format::Json => vec![File::new(&format!("{name}.json"), JSON, json::all(export))],
    }
}

fn what_is_in_them(words: Words, export: &Export) -> String {
    let (answers, entries) = (&export.signups, &export.history);
    let values = [
        ("title", title_of(&export.posted.sheet.event)),
        ("answers", words.counted(Key::ExportAnswers, answers.total)),
        ("entries", words.counted(Key::ExportEntries, entries.total)),
    ];
    let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut lines = vec![words.filled(Key::ExportIn, &values)];
    lines.extend(left_out(words, answers, Key::ExportCutAnswers));
    lines.extend(left_out(words, entries, Key::ExportCutEntries));
    lines.join("\n")
}

/// Bytes of one file: a little less than Discord takes (10 MiB; Discord docs: uploading files).
const FILE_MAX: usize = 10 * 1_024 * 1_024 - 64 * 1_024;

const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";

/// What is too much for one file, in words.
fn left_out<T>(words: Words, page: &Page<T>, key: Key) -> Option<String> {
    let kept = page.rows.len();
    (kept < page.total).then(|| words.counted(key, kept))
}

/// "raid-night"
fn file_name(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    let name: String = name.chars().take(NAME_MAX).collect();
    if name.is_empty() { "event".to_owned() } else { name }
}

/// Whether an answer has a place, in one word.
pub(super) const fn place(place: LoggedPlace) -> &'static str {
    match place {
        LoggedPlace::Seated => "confirmed",
        LoggedPlace::Waiting => "waitlist",
        LoggedPlace::Offered => "offered",
        LoggedPlace::Passed => "passed",
    }
}

fn place_now(now: Place) -> &'static str {
    place(now.into())
}

/// What was done to an event, in one word.
const fn step(step: EventStep) -> &'static str {
    match step {
        EventStep::Created => "created",
        EventStep::Edited => "edited",
        EventStep::Cancelled => "cancelled",
        EventStep::Restored => "restored",
        EventStep::Closed => "closed",
        EventStep::Reopened => "reopened",
        EventStep::Deleted => "deleted",
        EventStep::Rules => "rules",
        EventStep::Options => "options",
        EventStep::Image => "image",
    }
}

/// What was done to what goes with an event, in one word.
const fn deed(deed: Deed) -> &'static str {
    match deed {
        Deed::Reminders => "reminders",
        Deed::Reposted(_) => "reposted",
        Deed::Told => "told",
    }
}

/// In which way an answer changed, in one word.
const fn way(way: SignupWay) -> &'static str {
    match way {
        SignupWay::Tap => "tap",
        SignupWay::Promoted => "promoted",
        SignupWay::Unseated => "unseated",
        SignupWay::Offered => "offered",
        SignupWay::Passed => "passed",
        SignupWay::Organiser => "organiser",
        SignupWay::Reassigned => "reassigned",
        SignupWay::Details => "details",
        SignupWay::Erased => "erased",
    }
}

/// Whether somebody was there, in one word.
pub(super) const fn presence(presence: Option<Presence>) -> &'static str {
    match presence {
        Some(Presence::Present) => "present",
        Some(Presence::Absent) => "absent",
        None => "unknown",
    }
}

#[cfg(test)]
mod tests;
