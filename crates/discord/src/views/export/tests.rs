//! What stands in the files, to the letter.

use expect_test::expect;
use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{ChannelId, UserId};
use muster_domain::roster::{Guests, Sequence, Signup};
use muster_domain::signup_details::SignupDetails;
use muster_domain::text::Note;
use muster_engine::limits::{EXPORTED_HISTORY_MAX, EXPORTED_SIGNUPS_MAX};
use muster_store::model::{Deed, Happened, HistoryLine, LoggedAnswer, RosterLine};

use super::*;
use crate::views::judged::check;
use crate::views::samples::{NOW, event, longest_event, posted, sheet_of};

fn signup(option: u8, place: Place, guests: i64) -> Signup {
    let (option, guests) = (OptionId::new(option), Guests::parse(guests).unwrap());
    Signup { option, place, since: Sequence(1), guests, priority: false }
}

fn roster_line(member: u64, signup: Signup, note: &str) -> RosterLine {
    let arrives = (!note.is_empty()).then(|| NOW + SignedDuration::from_hours(7));
    let note = Note::parse(note).ok();
    let details = SignupDetails { note, arrives, ..SignupDetails::default() };
    RosterLine { member: UserId::new(member), signup, details, rank: 1 }
}

fn entry(minutes: i64, by: u64, what: Happened) -> HistoryLine {
    let at = NOW + SignedDuration::from_mins(minutes);
    HistoryLine { version: 1, at, by: UserId::new(by), what }
}

fn tapped(member: u64, before: Option<Signup>, now: Option<Signup>) -> Happened {
    let (before, now) = (before.map(LoggedAnswer::from), now.map(LoggedAnswer::from));
    Happened::Signup { member: UserId::new(member), way: SignupWay::Tap, before, now }
}

fn sample() -> Export {
    let yes = signup(0, Place::Seated, 2);
    let maybe = signup(2, Place::Seated, 0);
    let signups = vec![
        roster_line(123_456_789_012_345_678, yes, "=HYPERLINK(\"evil\")"),
        roster_line(8, signup(0, Place::Waiting, 0), ""),
    ];
    let history = vec![
        entry(9, 8, tapped(8, None, Some(signup(0, Place::Waiting, 0)))),
        entry(5, 123_456_789_012_345_678, tapped(123_456_789_012_345_678, Some(maybe), Some(yes))),
        entry(2, 123_456_789_012_345_678, tapped(123_456_789_012_345_678, None, Some(maybe))),
        entry(1, 4, Happened::Deed(Deed::Reposted(ChannelId::new(5)))),
        entry(1, 4, Happened::Deed(Deed::Reminders)),
        entry(0, 4, Happened::Event(EventStep::Created)),
    ];
    Export {
        posted: posted(sheet_of(&event(), 0)),
        signups: Page { total: 2, rows: signups },
        history: Page { total: 6, rows: history },
        presences: [(UserId::new(123_456_789_012_345_678), Presence::Present)].into(),
    }
}

fn text(message: &Message, file: usize) -> String {
    String::from_utf8(message.files[file].bytes().to_vec()).unwrap()
}

#[test]
fn tables_open_in_a_spreadsheet_as_they_are_meant() {
    let message = export(Words::usual(), sample(), Format::Csv);
    check(&message).unwrap();
    assert_eq!(
        message.content.as_deref(),
        Some("**Raid \\*night\\***: 2 answers and 6 entries of its log.")
    );
    let names: Vec<_> = message.files.iter().map(File::name).collect();
    assert_eq!(names, ["raid-night-answers.csv", "raid-night-log.csv"]);
    let (answers, log) = (text(&message, 0), text(&message, 1));
    let answers = answers.strip_prefix('\u{feff}').expect("a mark for spreadsheets");
    expect![[r#"
        member,answer,place,rank,guests,arrives,leaves,note,since,attendance
        <@123456789012345678>,Yes,confirmed,1,2,2026-11-27 20:00,,"'=HYPERLINK(""evil"")",2026-11-27 13:05,present
        <@8>,Yes,waitlist,1,0,,,,2026-11-27 13:09,unknown
    "#]]
    .assert_eq(&answers.replace("\r\n", "\n"));
    expect![[r"
        when,by,what,member,answer before,place before,guests before,answer,place,guests
        2026-11-27 13:09,<@8>,tap,<@8>,,,,Yes,waitlist,0
        2026-11-27 13:05,<@123456789012345678>,tap,<@123456789012345678>,Maybe,confirmed,0,Yes,confirmed,2
        2026-11-27 13:02,<@123456789012345678>,tap,<@123456789012345678>,,,,Maybe,confirmed,0
        2026-11-27 13:01,<@4>,reposted,,,,,,,
        2026-11-27 13:01,<@4>,reminders,,,,,,,
        2026-11-27 13:00,<@4>,created,,,,,,,
    "]]
    .assert_eq(&log.strip_prefix('\u{feff}').unwrap().replace("\r\n", "\n"));
}

#[test]
fn the_document_has_numbers_as_text_and_times_in_utc() {
    let message = export(Words::usual(), sample(), Format::Json);
    check(&message).unwrap();
    assert_eq!(message.files[0].name(), "raid-night.json");
    let document: serde_json::Value = serde_json::from_slice(message.files[0].bytes()).unwrap();
    assert_eq!(document["format"], 1);
    assert_eq!(document["event"]["title"], "Raid *night*");
    assert_eq!(document["event"]["starts"], "2026-11-27T18:30:00Z");
    assert_eq!(document["event"]["options"][2]["label"], "Maybe");
    let expected = serde_json::json!({
        "member": "123456789012345678",
        "answer": {"option": 0, "label": "Yes", "place": "confirmed", "guests": 2},
        "rank": 1, "arrives": "2026-11-27T19:00:00Z", "leaves": null,
        "attendance": "present", "note": "=HYPERLINK(\"evil\")", "since": "2026-11-27T12:05:00Z",
    });
    assert_eq!(document["answers"][0], expected);
    let expected = serde_json::json!({"at": "2026-11-27T12:00:00Z", "by": "4", "what": "created"});
    assert_eq!(document["log"][5], expected);
    let at = "2026-11-27T12:01:00Z";
    let expected = serde_json::json!({"at": at, "by": "4", "what": "reposted", "channel": "5"});
    assert_eq!(document["log"][3], expected);
    assert_eq!(document["log"][1]["before"]["label"], "Maybe");
}

#[test]
fn what_is_left_out_is_said_and_five_thousand_answers_fit() {
    let mut large = sample();
    let long = "𝕏".repeat(Note::MAX);
    let line = |member| roster_line(u64::MAX - member, signup(0, Place::Seated, 10), &long);
    large.signups.rows = (0..5_000).map(line).collect();
    large.signups.total = 5_001;
    large.posted = posted(sheet_of(&longest_event(), 50));
    for (format, files) in [(Format::Csv, 2), (Format::Json, 1)] {
        let message = export(Words::usual(), large.clone(), format);
        check(&message).unwrap();
        let said = message.content.clone().unwrap();
        assert!(said.ends_with("Only the first 5,000 answers are in it."), "{said}");
        assert_eq!(message.files.len(), files);
        let bytes: usize = message.files.iter().map(|file| file.bytes().len()).sum();
        assert!(bytes < 10 * 1_024 * 1_024, "{bytes}");
    }
}

#[test]
fn an_event_with_as_much_as_is_read_fits_and_the_log_makes_room() {
    let mut large = sample();
    let answers = i64::try_from(EXPORTED_SIGNUPS_MAX).unwrap();
    let line = |n: i64| roster_line(u64::MAX - n.unsigned_abs(), signup(0, Place::Seated, 10), "");
    large.signups = Page { total: EXPORTED_SIGNUPS_MAX, rows: (0..answers).map(line).collect() };
    let (before, now) = (signup(1, Place::Waiting, 10), signup(0, Place::Seated, 10));
    let moved = |n: i64| entry(n, u64::MAX, tapped(u64::MAX, Some(before), Some(now)));
    large.history = Page { total: EXPORTED_HISTORY_MAX, rows: (0..answers).map(moved).collect() };
    large.posted = posted(sheet_of(&longest_event(), 50));
    for format in [Format::Csv, Format::Json] {
        let message = export(Words::usual(), large.clone(), format);
        check(&message).unwrap();
        assert!(message.files.iter().all(|file| file.bytes().len() <= FILE_MAX));
        let said = message.content.unwrap();
        assert!(!said.contains("answers are in it"), "all of them: {said}");
    }
    // Notes of the worst kind: four bytes for each character.
    for line in &mut large.signups.rows {
        line.details.note = Note::parse(&"𝕏".repeat(Note::MAX)).ok();
    }
    let message = export(Words::usual(), large, Format::Json);
    check(&message).unwrap();
    let said = message.content.clone().unwrap();
    assert!(said.contains("answers are in it") && said.contains("newest 0 entries"), "{said}");
    let file = message.files[0].bytes();
    assert!((FILE_MAX / 2..=FILE_MAX).contains(&file.len()), "{}", file.len());
    let document: serde_json::Value = serde_json::from_slice(file).unwrap();
    assert!(document["answers"].as_array().unwrap().len() > EXPORTED_SIGNUPS_MAX / 2);
}

#[test]
fn files_are_called_like_the_event() {
    for (title, name) in [
        ("Raid *night*!", "raid-night"),
        ("../../etc/passwd", "etc-passwd"),
        ("Ярмарка", "event"),
        ("--", "event"),
    ] {
        assert_eq!(file_name(title), name);
    }
    assert_eq!(file_name(&"ab ".repeat(99)).len(), NAME_MAX);
}
