//! The log of an event, and what was changed about it.

use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::event::Span;
use muster_domain::id::{ChannelId, RoleId};
use muster_domain::rules::{CheckIn, EventRules, Minimum};
use muster_domain::text::ImageUrl;
use muster_domain::zone::Zone;
use muster_engine::history::{Log, LogLine};
use muster_store::model::{
    Deed, EventStep, Happened, HistoryLine, LoggedAnswer, LoggedPlace, Presence, SignupWay,
};

use super::*;
use crate::views::differences::differences;
use crate::views::history;
use crate::views::samples::page;

/// Everything that can be different about an event, of which none has letters but its zone.
fn changes() -> Vec<(Event, Event)> {
    let before = without_letters();
    let mut after = before.clone();
    after.details.title = Title::parse("2*").unwrap();
    after.details.span = Span::new(NOW, before.details.span.start()).unwrap();
    (after.details.location, after.details.description) = (None, None);
    after.details.zone = Zone::parse("UTC").unwrap();
    after.details.capacity = Capacity::parse(5).ok();
    after.rules = EventRules {
        guests_max: Guests::parse(2).unwrap(),
        offer: Some(SignedDuration::from_mins(30)),
        close_before: SignedDuration::from_hours(26),
        minimum: Some(Minimum {
            people: Capacity::parse(6).unwrap(),
            before_start: SignedDuration::from_hours(12),
        }),
        allowed: (1..=7).map(RoleId::new).collect(),
        denied: vec![RoleId::new(8)],
        priority: vec![RoleId::new(9)],
        names_hidden: true,
        check_in: CheckIn::Button,
    };
    after.mention = Some(RoleId::new(8));
    after.image = ImageUrl::parse("https://example.org/1.png").ok();
    let mut options: Vec<_> = before.options.iter().cloned().collect();
    options[0].removed = true;
    options[1].label = "8".into();
    let bench = AnswerOption { id: OptionId::new(9), ..options[2].clone() };
    options.push(AnswerOption { label: "9".into(), ..bench });
    after.options = Options::new(options).unwrap();
    let mut by_code = before.clone();
    by_code.rules.check_in = CheckIn::Code;
    let mut in_order: Vec<_> = before.options.iter().cloned().collect();
    in_order.swap(0, 1);
    by_code.options = Options::new(in_order).unwrap();
    let shared = |words| Event { options: option_words::read(words).unwrap(), ..before.clone() };
    let (two, more) = (shared("1 1: 2, 3; 4"), shared("1 3: 2, 3; 4"));
    vec![(before.clone(), after.clone()), (after, before.clone()), (before, by_code), (two, more)]
}

#[test]
fn the_log_of_an_event_is_in_the_language_of_the_guild() {
    let mut happened = Vec::new();
    for step in [
        EventStep::Created,
        EventStep::Edited,
        EventStep::Cancelled,
        EventStep::Restored,
        EventStep::Closed,
        EventStep::Reopened,
        EventStep::Deleted,
        EventStep::Rules,
        EventStep::Options,
        EventStep::Image,
    ] {
        happened.extend([Happened::Event(step), Happened::Undone(step)]);
    }
    let deeds = [Deed::Reminders, Deed::Reposted(ChannelId::new(5)), Deed::Told];
    happened.extend(deeds.map(Happened::Deed));
    for member in [UserId::erased(4), UserId::new(7)] {
        let marks = [None, Some(Presence::Present), Some(Presence::Absent)];
        happened.extend(marks.map(|now| Happened::Presence { member, before: None, now }));
        for way in WAYS {
            let (none, some) = (None, Some(logged(0, LoggedPlace::Seated, 0)));
            let other = Some(logged(1, LoggedPlace::Waiting, 2));
            let third = Some(logged(2, LoggedPlace::Offered, 1));
            let gone = Some(logged(77, LoggedPlace::Passed, 0));
            for (before, now) in [(none, some), (some, none), (some, some), (none, none)] {
                happened.push(Happened::Signup { member, way, before, now });
            }
            for (before, now) in [(some, other), (other, third), (third, gone)] {
                happened.push(Happened::Signup { member, way, before, now });
            }
        }
    }
    let line = |what| LogLine {
        line: HistoryLine { version: 1, at: NOW, by: UserId::erased(4), what },
        change: None,
    };
    for rows in happened.chunks(10).chain([&[][..]]) {
        let rows: Vec<_> = rows.iter().copied().map(line).collect();
        let log = Log { event: without_letters(), page: page(rows, 60) };
        is_all_made_up(&history::log(words(), &log, 1));
    }
    for (before, after) in changes() {
        for change in differences(words(), &before, &after) {
            let shown = forgotten(&serde_json::json!({ "content": change }));
            let left = shown.replace("Europe/Berlin", "").replace("UTC", "");
            assert!(!left.contains(char::is_alphabetic), "{left}");
        }
        let change = Some(Box::new((before, after)));
        let edited = LogLine { change, ..line(Happened::Event(EventStep::Edited)) };
        let log = Log { event: without_letters(), page: page(vec![edited], 1) };
        let shown = forgotten(&history::log(words(), &log, 0));
        let left = shown.replace("Europe/Berlin", "").replace("UTC", "");
        assert!(!left.contains(char::is_alphabetic), "{left}");
    }
}

/// In which ways an answer changes.
const WAYS: [SignupWay; 9] = [
    SignupWay::Tap,
    SignupWay::Promoted,
    SignupWay::Unseated,
    SignupWay::Offered,
    SignupWay::Passed,
    SignupWay::Organiser,
    SignupWay::Reassigned,
    SignupWay::Details,
    SignupWay::Erased,
];

fn logged(option: u8, place: LoggedPlace, guests: i64) -> LoggedAnswer {
    let guests = Guests::parse(guests).unwrap();
    LoggedAnswer { option: OptionId::new(option), place, guests }
}
