//! Reports on one event, and on one member.

use muster_domain::report::{Counted, compared};
use muster_domain::sheet::Sheet;
use muster_engine::reports::{OneEvent, OneMember, Readers};
use muster_store::model::{EventReport, MemberWeek, OptionTotal};

use super::{
    BLUE, CSV, answers, chart, course, days_reminded, field, filled, named, share, show_to_all,
    table, weeks_told, with_chart,
};
use crate::custom_id::Action;
use crate::rest::File;
use crate::views::message::{Embed, Footer, Message};
use crate::views::messages::{Key, Words};
use crate::views::text::{full, grouped, person_in, title_of};

/// The report on one event.
#[must_use]
pub fn event(words: Words, one: &OneEvent, readers: Readers) -> Message {
    let report = &one.report;
    let event = &report.posted.sheet.event;
    let absent = named(words, &report.absent.rows, report.absent.total, readers);
    let unanswered = named(words, &report.unanswered.rows, report.unanswered.total, readers);
    let fields = [
        field(words, Key::ReportAnswers, &answers(&totals(words, report))),
        field(words, Key::ReportAbsent, &absent),
        field(words, Key::ReportUnanswered, &unanswered),
    ];
    let footer = words.counted(Key::ReportEventFooter, days_reminded());
    let card = Embed {
        title: words.filled(Key::ReportEvent, &[("title", &title_of(event))]),
        description: in_numbers(words, report),
        color: BLUE,
        fields: fields.into_iter().flatten().collect(),
        footer: Some(Footer { text: footer }),
        ..Embed::default()
    };
    let chart = chart::event(words, report);
    let message = with_chart(words, card, &format!("event-{}", event.id), &chart);
    match readers {
        Readers::Everybody => message,
        Readers::Organiser => {
            let name = format!("event-{}-members.csv", event.id);
            let show = show_to_all(words, Action::ReportEvent(event.id));
            message.file(File::new(&name, CSV, table::event(words, one))).row(vec![show])
        }
    }
}

/// How many answered, were to come and were there.
fn in_numbers(words: Words, report: &EventReport) -> String {
    let turnout = report.turnout;
    let start = full(report.posted.sheet.event.details.span.start());
    let values = [
        ("answered", grouped(turnout.answered)),
        ("members", words.counted(Key::ReportMembers, report.seen)),
        ("share", share(words, turnout.answered, report.seen)),
        ("coming", grouped(turnout.coming)),
    ];
    let mut text = format!("{start}\n{}", filled(words, Key::ReportEventAnswered, &values));
    let known = turnout.present + turnout.absent;
    if known > 0 {
        let values = [
            ("present", grouped(turnout.present)),
            ("known", grouped(known)),
            ("share", share(words, turnout.present, known)),
        ];
        text = format!("{text}\n{}", filled(words, Key::ReportEventThere, &values));
        let open = turnout.coming.saturating_sub(known);
        if open > 0 {
            text = format!("{text} {}", words.counted(Key::ReportEventOpen, open));
        }
    }
    text
}

/// What was answered, in the order of the event, then those without a place: together all who
/// answered.
fn totals(words: Words, report: &EventReport) -> Vec<OptionTotal> {
    let sheet = &report.posted.sheet;
    let placeless = placeless(words, report).map(|(emoji, label, answers)| OptionTotal {
        emoji: emoji.into(),
        label: label.into(),
        answers,
    });
    let total = |id| sheet.columns.iter().find(|(known, _)| *known == id);
    let options = sheet.event.options.iter();
    options
        .map(|option| OptionTotal {
            emoji: option.emoji.clone(),
            label: sheet.event.options.name_of(option).into(),
            answers: total(option.id).map_or(0, |(_, names)| names.total),
        })
        .chain(placeless)
        .collect()
}

/// Those who would come and have no place, by why, if there are any: how they are called, and how
/// many they are.
pub(super) fn placeless(
    words: Words,
    report: &EventReport,
) -> impl Iterator<Item = (&'static str, &'static str, usize)> {
    let Sheet { waitlist, offered, passed, .. } = &report.posted.sheet;
    let all = [
        ("🎟️", Key::ReportOffered, offered.total),
        ("⏳", Key::ReportWaiting, waitlist.total),
        ("⌛", Key::ReportPassed, passed.total),
    ];
    let some = all.into_iter().filter(|(_, _, members)| *members > 0);
    some.map(move |(emoji, key, members)| (emoji, words.plain(key), members))
}

/// The report on one member. It is for organisers: what somebody did is not shown to all.
#[must_use]
pub fn member(words: Words, report: &OneMember) -> Message {
    let sum = |of: fn(&MemberWeek) -> usize| report.report.weeks.iter().map(of).sum::<usize>();
    let (begun, answered) = (sum(|week| week.begun), sum(|week| week.answered));
    let (came, absent) = (sum(|week| week.came), sum(|week| week.absent));
    let who = person_in(words, report.member);
    let mut lines = vec![if begun == 0 {
        words.counted_with(Key::ReportMemberNone, weeks_told(), &[("member", &who)])
    } else {
        let values = [
            ("member", who),
            ("came", grouped(came)),
            ("events", words.counted(Key::ReportEvents, begun)),
            ("share", share(words, came, begun)),
            ("answered", grouped(answered)),
            ("part", share(words, answered, begun)),
        ];
        filled(words, Key::ReportMemberCame, &values)
    }];
    if absent > 0 {
        lines.push(words.counted(Key::ReportMemberAbsent, absent));
    }
    let weeks = report.report.weeks.iter();
    let weeks = weeks.map(|week| Counted { events: week.begun, amount: week.came });
    let keys = [Key::ReportMemberMore, Key::ReportMemberLess, Key::ReportMemberSame];
    let found = compared(&report.weeks, weeks, report.now);
    lines.extend(found.map(|found| course(words, keys, &found)));
    let card = Embed {
        title: words.plain(Key::ReportMember).to_owned(),
        description: lines.join("\n"),
        color: BLUE,
        footer: Some(Footer { text: words.counted(Key::ReportMemberFooter, weeks_told()) }),
        ..Embed::default()
    };
    let name = format!("member-{}", report.member);
    with_chart(words, card, &name, &chart::member(words, report)).file(File::new(
        &format!("{name}.csv"),
        CSV,
        table::member(report),
    ))
}
