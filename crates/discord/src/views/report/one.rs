//! Reports on one event, and on one member.

use muster_domain::limits::{REMINDED_WHO_CAME, REPORT_WEEKS};
use muster_domain::report::{Counted, Trend, compared};
use muster_domain::sheet::Sheet;
use muster_engine::reports::{OneEvent, OneMember, Readers};
use muster_store::model::{EventReport, MemberWeek, OptionTotal};

use super::{BLUE, CSV, answers, chart, field, last_weeks, named, share, table, with_chart};
use crate::custom_id::Action;
use crate::rest::File;
use crate::views::message::{Button, Embed, Footer, Message, Style};
use crate::views::text::{counted, full, grouped, person, title_of};

/// The report on one event.
#[must_use]
pub fn event(one: &OneEvent, readers: Readers) -> Message {
    let report = &one.report;
    let event = &report.posted.sheet.event;
    let turnout = report.turnout;
    let seen = counted(report.seen, "member", "members");
    let mut description = format!(
        "{}\n**{}** of {seen} seen answered{}, **{}** coming.",
        full(event.details.span.start()),
        grouped(turnout.answered),
        share(turnout.answered, report.seen),
        grouped(turnout.coming),
    );
    let known = turnout.present + turnout.absent;
    if known > 0 {
        description = format!(
            "{description}\n**{}** of {} marked were there{}.",
            grouped(turnout.present),
            grouped(known),
            share(turnout.present, known)
        );
        let open = turnout.coming.saturating_sub(known);
        if open > 0 {
            let are = if open == 1 { "is" } else { "are" };
            description = format!("{description} **{}** {are} not marked.", grouped(open));
        }
    }
    let days = REMINDED_WHO_CAME.as_hours() / 24;
    let absent = named(&report.absent.rows, report.absent.total, readers);
    let unanswered = named(&report.unanswered.rows, report.unanswered.total, readers);
    let fields = [
        field("Answers", &answers(&totals(report))),
        field("Said yes, was absent", &absent),
        field("Came before, did not answer", &unanswered),
    ];
    let footer = format!("Seen: who answered, or came in the {days} days before.");
    let card = Embed {
        title: format!("Report on {}", title_of(event)),
        description,
        color: BLUE,
        fields: fields.into_iter().flatten().collect(),
        footer: Some(Footer { text: footer }),
        ..Embed::default()
    };
    let message = with_chart(card, &format!("event-{}", event.id), &chart::event(report));
    match readers {
        Readers::Everybody => message,
        Readers::Organiser => {
            let name = format!("event-{}-members.csv", event.id);
            let show = Action::ReportEvent(event.id);
            message.file(File::new(&name, CSV, table::event(one))).row(vec![Button::new(
                Style::Secondary,
                "Show to all",
                show,
            )])
        }
    }
}

/// What was answered, in the order of the event, then those without a place: together all who
/// answered.
fn totals(report: &EventReport) -> Vec<OptionTotal> {
    let sheet = &report.posted.sheet;
    let placeless = placeless(report).map(|(emoji, label, answers)| OptionTotal {
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
    report: &EventReport,
) -> impl Iterator<Item = (&'static str, &'static str, usize)> {
    let Sheet { waitlist, offered, passed, .. } = &report.posted.sheet;
    let all = [
        ("🎟️", "Offered a place", offered.total),
        ("⏳", "Waiting", waitlist.total),
        ("⌛", "Missed an offer", passed.total),
    ];
    all.into_iter().filter(|(_, _, members)| *members > 0)
}

/// The report on one member. It is for organisers: what somebody did is not shown to all.
#[must_use]
pub fn member(report: &OneMember) -> Message {
    let sum = |of: fn(&MemberWeek) -> usize| report.report.weeks.iter().map(of).sum::<usize>();
    let (begun, answered) = (sum(|week| week.begun), sum(|week| week.answered));
    let (came, absent) = (sum(|week| week.came), sum(|week| week.absent));
    let who = person(report.member);
    let mut lines = vec![if begun == 0 {
        format!("{who}: no events in the last {REPORT_WEEKS} weeks.")
    } else {
        format!(
            "{who} came to **{}** of {}{}, and answered **{}**{}.",
            grouped(came),
            counted(begun, "event", "events"),
            share(came, begun),
            grouped(answered),
            share(answered, begun)
        )
    }];
    if absent > 0 {
        let times = counted(absent, "time", "times");
        lines.push(format!("Said yes and was absent: **{times}**."));
    }
    let weeks = report.report.weeks.iter();
    let weeks = weeks.map(|week| Counted { events: week.begun, amount: week.came });
    lines.extend(compared(&report.weeks, weeks, report.now).map(|found| {
        let often = match found.trend {
            Trend::Up(percent) => format!("{}% more often than", grouped(percent)),
            Trend::Down(percent) => format!("{percent}% less often than"),
            Trend::Steady => "about as often as".to_owned(),
        };
        format!("{}: {often} before.", last_weeks(found.weeks))
    }));
    let footer = format!(
        "The last {REPORT_WEEKS} weeks. Came: said so, had a place, and was not marked as absent."
    );
    let card = Embed {
        title: "Report on a member".to_owned(),
        description: lines.join("\n"),
        color: BLUE,
        footer: Some(Footer { text: footer }),
        ..Embed::default()
    };
    let name = format!("member-{}", report.member);
    with_chart(card, &name, &chart::member(report)).file(File::new(
        &format!("{name}.csv"),
        CSV,
        table::member(report),
    ))
}
