//! Reports on nobody, on a few, and on thousands, with the longest of all texts.

use std::collections::HashMap;

use expect_test::expect;
use jiff::civil::date;
use muster_domain::answer_option::OptionId;
use muster_domain::capacity::Capacity;
use muster_domain::id::EventId;
use muster_domain::report::Period;
use muster_domain::roster::{Guests, Place};
use muster_domain::signup_details::SignupDetails;
use muster_domain::zone::Zone;
use muster_engine::reports::{OneEvent, OneMember};
use muster_store::model::{
    EventReport, EventTurnout, LoggedAnswer, LoggedPlace, MemberEvent, MemberReport, MemberWeek,
    Presence, Report, RosterLine,
};

use super::*;
use crate::views::judged::check;
use crate::views::samples::{
    NOW, event as sample_event, fullest_event, page, posted, sheet_of, signup, texts, wrapped,
};

fn period(stretch: Stretch) -> (Period, jiff::tz::TimeZone) {
    let zone = Zone::parse("Europe/Berlin").unwrap().rules().clone();
    (Period::of(stretch, date(2026, 11, 27), &zone).unwrap(), zone)
}

/// Numbers of nineteen digits, the longest that somebody with a name can have.
const LARGE: u64 = 4_000_000_000_000_000_000;

/// A week in which so many members of the longest numbers do everything that a report tells.
fn report(members: usize, stretch: Stretch) -> WeekReport {
    let (period, zone) = period(stretch);
    let turnout = Turnout {
        events: members.min(2),
        answered: members,
        coming: members / 2,
        present: members / 3,
        absent: members / 4,
    };
    let user = |n: usize| UserId::new(LARGE - u64::try_from(n).unwrap());
    let tally = |n: usize| MemberTally {
        member: user(n),
        answered: 2,
        coming: 2,
        came: 1,
        present: 1,
        absent: usize::from(n % 2 == 1),
    };
    let tallies: Vec<_> = (0..members).map(tally).collect();
    let title: Box<str> = "=𝕏,".repeat(33).into();
    let starts = period.days[0].time.start;
    let event = |n: usize| EventTurnout {
        event: EventId::new(u64::try_from(n).unwrap()),
        title: title.clone(),
        starts,
        turnout,
    };
    let option = OptionTotal {
        emoji: "<a:as_long_as_the_name_of_one_may_b:18446744073709551615>".into(),
        label: "*".repeat(80).into(),
        answers: members,
    };
    let report = Report {
        seen: members + members / 10,
        days: vec![turnout; period.days.len()],
        weeks: (1..=period.weeks.len())
            .map(|week| Turnout { answered: turnout.answered * week, ..turnout })
            .collect(),
        whole: turnout,
        events: page((0..members.min(500)).map(event).collect(), members),
        options: vec![option; members.min(25)],
        consistent: tallies.iter().copied().take(10).collect(),
        begun: 14,
        members: page(tallies, members),
        unanswered: page((0..members).map(user).collect(), members),
    };
    let now = period.time().end;
    WeekReport { stretch, period, zone, report, leaderboard: Leaderboard::Named, now }
}

fn file(message: &Message, end: &str) -> String {
    let found = message.files.iter().find(|file| file.name().ends_with(end)).unwrap();
    String::from_utf8(found.bytes().to_vec()).unwrap()
}

#[test]
fn every_report_fits_whoever_reads_it() {
    for members in [0, 1, 40, 5_000] {
        for stretch in [Stretch::Week, Stretch::Midweek] {
            for readers in [Readers::Organiser, Readers::Everybody] {
                let message = week(Words::usual(), &report(members, stretch), readers);
                check(&message).unwrap();
                let chart = &message.files[0];
                assert!(chart.bytes().len() < 40_000 && chart.description().len() <= 1_024);
            }
        }
    }
}

#[test]
fn a_week_is_told_in_numbers() {
    let mut few = report(4, Stretch::Midweek);
    few.report.options = vec![
        OptionTotal { emoji: "✅".into(), label: "Yes".into(), answers: 5 },
        OptionTotal { emoji: String::new().into(), label: "No*".into(), answers: 1 },
    ];
    for (n, tally) in (7..).zip(few.report.members.rows.iter_mut()) {
        tally.member = UserId::new(n);
    }
    few.report.consistent = few.report.members.rows[..2].to_vec();
    few.report.unanswered = page(vec![UserId::new(21), UserId::new(22)], 30);
    expect![[r"
        Midweek of 23 Nov – 25 Nov 2026
        2 events. **4** of 4 recently active members answered (100%), **2** said that
            they come.
        The last 4 full weeks: up 160% on the 4 before.
        [Each day]
        Mon 23 · 2 events · **4** answered (100%), **2** coming, 1 there
        Tue 24 · 2 events · **4** answered (100%), **2** coming, 1 there
        Wed 25 · 2 events · **4** answered (100%), **2** coming, 1 there
        [Answers]
        ✅ Yes **5** · No\* **1**
        [Most consistent]
        1. <@7> · 1 of 14 (7%)
        2. <@8> · 1 of 14 (7%)
        [Said yes, was absent]
        <@8>, <@10>
        [Came before, did not answer]
        <@21>, <@22> and 28 more
        Recently active: members who answered in this time, or came in the 90 days
            before. Days are those of Europe/Berlin. Most consistent: who came to most
            of the events of 8 weeks. Came: said so, had a place, and was not marked as
            absent."]]
    .assert_eq(&wrapped(&texts(&week(Words::usual(), &few, Readers::Organiser))));
}

#[test]
fn what_all_read_names_nobody_unless_the_server_has_leaderboards() {
    let mut shown = report(40, Stretch::Week);
    let named = |report: &WeekReport| {
        let message = week(Words::usual(), report, Readers::Everybody);
        assert_eq!(message.files.len(), 1, "the chart alone");
        (texts(&message).matches("<@").count(), message.components.len())
    };
    assert_eq!(named(&shown), (10, 0));
    shown.leaderboard = Leaderboard::Hidden;
    assert_eq!(named(&shown), (0, 0));
}

#[test]
fn a_week_without_events_says_so() {
    let message = week(Words::usual(), &report(0, Stretch::Week), Readers::Organiser);
    assert!(texts(&message).contains("No events in this time."), "{}", texts(&message));
}

#[test]
fn the_tables_have_everybody_and_no_formulas() {
    let message = week(Words::usual(), &report(40, Stretch::Week), Readers::Organiser);
    let members = file(&message, "-members.csv");
    assert_eq!(members.lines().count(), 1 + 40 + 40);
    let events = file(&message, "-events.csv");
    assert!(events.contains("2026-11-23 00:00,\"'=𝕏,"), "{events}");
    assert_eq!(message.files[0].name(), "week-2026-11-23.png");
    assert!(message.files[0].description().contains("Mon 23 answered 40, coming 20"));
}

#[test]
fn weeks_are_suggested_by_their_days() {
    let weeks =
        [(date(2026, 11, 23), date(2026, 11, 29)), (date(2026, 11, 16), date(2026, 11, 22))];
    let names = |typed: &str| {
        let choices = week_choices(Words::usual(), &weeks, typed);
        choices.into_iter().map(|choice| (choice.name, choice.value)).collect::<Vec<_>>()
    };
    let this = ("This week · 23 Nov – 29 Nov 2026".to_owned(), "2026-11-23".to_owned());
    let last = ("Last week · 16 Nov – 22 Nov 2026".to_owned(), "2026-11-16".to_owned());
    assert_eq!(names(""), [this, last.clone()]);
    assert_eq!((names("LAST"), names("2026-11-16")), (vec![last.clone()], vec![last]));
}

#[test]
fn a_button_says_which_days_it_shows() {
    let day = date(2026, 11, 23);
    assert_eq!((day_number(day), day_of(20_261_123)), (20_261_123, Some(day)));
    assert_eq!([day_of(20_261_332), day_of(u32::MAX), day_of(0)], [None; 3]);
    let stretches = [Stretch::Week, Stretch::Midweek];
    assert_eq!(stretches.map(stretch_number).map(stretch_of), stretches.map(Some));
    assert_eq!(stretch_of(2), None);
}

fn event_report(event: &muster_domain::event::Event, members: u64) -> OneEvent {
    let total = usize::try_from(members).unwrap();
    let names = |count: u64| (0..count).map(|n| UserId::new(LARGE - n)).collect::<Vec<_>>();
    let report = EventReport {
        posted: posted(sheet_of(event, members)),
        seen: total * 2,
        turnout: Turnout {
            events: 1,
            answered: total,
            coming: total,
            present: total / 2,
            absent: total / 3,
        },
        absent: page(names(members / 3), total / 3),
        unanswered: page(names(members), total),
    };
    OneEvent { report, signups: Vec::new(), presences: HashMap::new() }
}

#[test]
fn an_event_is_told_in_numbers_and_every_one_fits() {
    for members in [0, 1, 40, 5_000] {
        for event_of in [sample_event(), fullest_event()] {
            for readers in [Readers::Organiser, Readers::Everybody] {
                let message = event(Words::usual(), &event_report(&event_of, members), readers);
                check(&message).unwrap();
                assert!(message.files[0].bytes().len() < 40_000);
            }
        }
    }
    let mut one_left = event_report(&sample_event(), 4);
    one_left.report.turnout = Turnout { events: 1, answered: 4, coming: 3, present: 1, absent: 1 };
    let text = texts(&event(Words::usual(), &one_left, Readers::Organiser));
    assert!(text.contains("**1** of 2 marked were there (50%). **1** is not marked."), "{text}");
    let message = event(Words::usual(), &event_report(&sample_event(), 40), Readers::Everybody);
    expect![[r"
        Report on Raid \*night\*
        <t:1795804200:F>
        **40** of 80 members seen answered (50%), **40** coming.
        **20** of 33 marked were there (61%). **7** are not marked.
        [Answers]
        ✅ Yes **10** · ❌ No **10** · ❓ Maybe **10** · 📱 Mobile **10**
        [Said yes, was absent]
        13 members
        [Came before, did not answer]
        40 members
        Seen: who answered, or came in the 90 days before."]]
    .assert_eq(&wrapped(&texts(&message)));
}

#[test]
fn who_waits_is_told_and_the_table_has_all_who_answered() {
    let mut full = sample_event();
    full.details.capacity = Capacity::parse(2).ok();
    let mut report = event_report(&full, 9);
    let place = |member: u64, place| {
        let signup = signup(place, Guests::parse(1).unwrap());
        let details = SignupDetails::default();
        RosterLine { member: UserId::new(member), signup, details, rank: 1 }
    };
    report.signups = vec![place(7, Place::Seated), place(8, Place::Waiting)];
    report.presences = [(UserId::new(7), Presence::Absent)].into();
    report.report.unanswered = page(vec![UserId::new(9)], 1);
    let message = event(Words::usual(), &report, Readers::Organiser);
    check(&message).unwrap();
    expect![[r"
        Report on Raid \*night\*
        <t:1795804200:F>
        **9** of 18 members seen answered (50%), **9** coming.
        **4** of 7 marked were there (57%). **2** are not marked.
        [Answers]
        ✅ Yes **1** · ❌ No **2** · ❓ Maybe **2** · 📱 Mobile **1** · ⏳ Waiting **3**
        [Said yes, was absent]
        <@4000000000000000000>, <@3999999999999999999>, <@3999999999999999998>
        [Came before, did not answer]
        <@9>
        Seen: who answered, or came in the 90 days before."]]
    .assert_eq(&wrapped(&texts(&message)));
    expect![[r"
        member,answer,place,guests,attendance
        <@7>,Yes,confirmed,1,absent
        <@8>,Yes,waitlist,1,unknown
        <@9>,,did not answer,,
    "]]
    .assert_eq(&file(&message, "-members.csv").replace(['\r', '\u{feff}'], ""));
    assert!(message.files[0].description().contains("highest 3 (Waiting)"));
}

fn member_report(weeks: [usize; 8], absent: usize) -> OneMember {
    let (period, zone) = period(Stretch::Week);
    let week = |came: &usize| MemberWeek { begun: 4, answered: came + 1, came: *came, absent };
    let answer =
        LoggedAnswer { option: OptionId::new(0), place: LoggedPlace::Seated, guests: Guests::NONE };
    let events = (0..500).map(|n| MemberEvent {
        event: EventId::new(n),
        title: "=1+1".into(),
        starts: NOW,
        answer: (n % 2 == 0).then(|| ("@Yes".into(), answer)),
        presence: (n % 3 == 0).then_some(Presence::Absent),
    });
    let report = MemberReport {
        weeks: weeks.iter().map(week).collect(),
        events: page(events.collect(), 900),
    };
    let now = period.time().end;
    OneMember { member: UserId::new(7), weeks: period.weeks, zone, report, now }
}

#[test]
fn a_member_is_told_in_numbers() {
    let message = member(Words::usual(), &member_report([1, 1, 1, 1, 2, 2, 2, 3], 1));
    check(&message).unwrap();
    expect![[r"
        Report on a member
        <@7> came to **13** of 32 events (41%), and answered **21** (66%).
        Said yes and was absent: **8 times**.
        The last 4 full weeks: 125% more often than before.
        The last 8 weeks. Came: said so, had a place, and was not marked as absent."]]
    .assert_eq(&wrapped(&texts(&message)));
    let table = file(&message, ".csv");
    assert!(table.contains("2026-11-27 13:00,\"'=1+1\",\"'@Yes\",confirmed,0,absent"), "{table}");
    assert_eq!(message.components, [], "it is not for all");
}

#[test]
fn a_week_that_is_not_over_is_no_fall() {
    let mut now = report(4, Stretch::Week);
    for week in &mut now.report.weeks {
        week.answered = 4;
    }
    now.report.weeks[7].answered = 0;
    let text = |report: &WeekReport| texts(&week(Words::usual(), report, Readers::Organiser));
    assert!(text(&now).contains("full weeks: down 25% on"), "{}", text(&now));
    now.now = now.period.time().start;
    assert!(text(&now).contains("The last 3 full weeks: about as in the 3 before."));
    let mut of_one = member_report([1, 1, 1, 1, 1, 1, 1, 0], 0);
    of_one.now = now.now;
    assert!(
        texts(&member(Words::usual(), &of_one))
            .contains("The last 3 full weeks: about as often as before.")
    );
    of_one.now = of_one.weeks[2].time.end;
    assert!(
        texts(&member(Words::usual(), &of_one))
            .contains("The last full week: about as often as before.")
    );
}

#[test]
fn who_never_came_is_told_so() {
    let mut nothing = member_report([0; 8], 0);
    for week in &mut nothing.report.weeks {
        *week = MemberWeek::default();
    }
    let text = texts(&member(Words::usual(), &nothing));
    assert!(text.contains("<@7>: no events in the last 8 weeks."), "{text}");
}

#[test]
fn an_event_whose_words_cannot_be_drawn_is_drawn_with_numbers() {
    let chart = chart::event(Words::usual(), &event_report(&fullest_event(), 40).report);
    assert_eq!(chart.title, "Answers to the event");
    assert_eq!(chart.panels[0].columns[0].label, "Answer 1");
}
