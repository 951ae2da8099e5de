//! Reports, with the words in their charts and in their tables.

use std::collections::HashMap;

use jiff::civil::date;
use jiff::tz::TimeZone;
use muster_domain::report::{Period, Stretch};
use muster_engine::reports::{Leaderboard, OneEvent, OneMember, Readers, WeekReport};
use muster_store::model::{
    EventReport, MemberReport, MemberTally, MemberWeek, OptionTotal, Report, Turnout,
};

use super::*;
use crate::views::message::Message;
use crate::views::report;
use crate::views::samples::{page, posted};

const READERS: [Readers; 2] = [Readers::Organiser, Readers::Everybody];

/// Fails if something of a report is not said in the made-up language, or of what its chart shows
/// whoever cannot see it.
#[track_caller]
fn is_report_made_up(shown: Message) {
    for file in &shown.files {
        is_all_made_up(&serde_json::json!({ "content": file.description() }));
    }
    let shown = forgotten(&Message { files: Vec::new(), ..shown });
    // The name of a zone is the same in every language.
    let left = shown.replace("Europe/Berlin", "");
    assert!(!left.contains(char::is_alphabetic), "{left}");
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn turnout(members: usize, events: usize) -> Turnout {
    let (coming, present, absent) = (members / 2, members / 3, members / 4);
    Turnout { events, answered: members, coming, present, absent }
}

/// A report on weeks that were so busy, the later ones more or less than those before.
fn some_days(stretch: Stretch, members: usize, later: usize) -> WeekReport {
    let period = Period::of(stretch, date(2026, 11, 27), &zone()).unwrap();
    let tally = |n: u64| MemberTally {
        member: UserId::new(n),
        answered: 2,
        coming: 2,
        came: 1,
        present: 1,
        absent: usize::from(n > 1),
    };
    let tallies: Vec<_> = (1..=members.min(40)).map(|n| tally(n.try_into().unwrap())).collect();
    let option = OptionTotal { emoji: "✅".into(), label: "1".into(), answers: members };
    let half = period.weeks.len() / 2;
    let weeks = (0..period.weeks.len())
        .map(|week| turnout(if week < half { members } else { later }, members.min(2)));
    let report = Report {
        seen: members,
        days: period.days.iter().map(|_| turnout(members, members.min(2))).collect(),
        weeks: weeks.collect(),
        whole: turnout(members, members.min(2)),
        events: page(Vec::new(), 0),
        options: vec![option; 2],
        consistent: tallies.clone(),
        begun: 14,
        unanswered: page(tallies.iter().map(|tally| tally.member).collect(), members),
        members: page(tallies, members),
    };
    let (zone, now, leaderboard) = (zone(), period.time().end, Leaderboard::Named);
    WeekReport { stretch, period, zone, report, leaderboard, now }
}

#[test]
fn the_report_on_some_days_is_in_the_language_of_the_guild() {
    for stretch in [Stretch::Week, Stretch::Midweek] {
        for (members, later) in [(0, 0), (1, 1), (40, 80), (400, 200), (2, 2)] {
            let mut found = some_days(stretch, members, later);
            // Earlier, fewer weeks are over.
            for now in [found.now, found.period.weeks[2].time.start] {
                found.now = now;
                for readers in READERS {
                    is_report_made_up(report::week(words(), &found, readers));
                }
            }
        }
    }
    let week = (date(2026, 11, 23), date(2026, 11, 29));
    let choices = report::week_choices(words(), &[week; 3], "");
    is_all_made_up(&choices.into_iter().map(|choice| choice.name).collect::<Vec<_>>());
}

#[test]
fn the_report_on_an_event_is_in_the_language_of_the_guild() {
    for sheet in sheets() {
        for members in [0, 1, 9, 400] {
            let names: Vec<_> = (1..=members.min(20)).map(UserId::new).collect();
            let total = usize::try_from(members).unwrap();
            let report = EventReport {
                posted: posted(sheet.clone()),
                seen: total * 2,
                turnout: turnout(total, 1),
                absent: page(names.clone(), total),
                unanswered: page(names, total),
            };
            let one = OneEvent { report, signups: Vec::new(), presences: HashMap::new() };
            for readers in READERS {
                is_report_made_up(report::event(words(), &one, readers));
            }
            let message = report::event(words(), &one, Readers::Organiser);
            let table = message.files.iter().find(|file| file.name().contains(".csv")).unwrap();
            let table = String::from_utf8(table.bytes().to_vec()).unwrap();
            // The headings are for programs.
            let rows: Vec<_> = table.lines().skip(1).collect();
            is_all_made_up(&serde_json::json!({ "content": rows.join("\n") }));
        }
    }
}

#[test]
fn the_report_on_a_member_is_in_the_language_of_the_guild() {
    let period = Period::of(Stretch::Week, date(2026, 11, 27), &zone()).unwrap();
    for (early, late, absent) in [(0, 0, 0), (1, 1, 0), (1, 3, 1), (3, 1, 2)] {
        let half = period.weeks.len() / 2;
        let came = |week| if week < half { early } else { late };
        let week = |came| MemberWeek { begun: came, answered: came, came, absent };
        let weeks = (0..period.weeks.len()).map(|number| week(came(number))).collect();
        let report = MemberReport { weeks, events: page(Vec::new(), 0) };
        for now in [period.time().end, period.weeks[2].time.start] {
            let (member, weeks) = (UserId::new(7), period.weeks.clone());
            let one = OneMember { member, weeks, zone: zone(), report: report.clone(), now };
            is_report_made_up(report::member(words(), &one));
        }
    }
}
