//! The charts of reports, and what they say in words.

use muster_chart::{Chart, Colour, Column, Columns, Panel, Series, can_write};
use muster_engine::reports::{OneMember, WeekReport};
use muster_store::model::{EventReport, Turnout};

use super::one::placeless;
use super::{short_day, weekday};
use crate::views::text::shortened;

fn series(name: &str, colour: Colour) -> Series {
    Series { name: name.to_owned(), colour }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Each day, and the weeks before.
pub(super) fn week(report: &WeekReport, title: &str) -> Chart {
    let numbers = &report.report;
    let was_checked = numbers.weeks.iter().chain(&numbers.days).any(|turnout| turnout.present > 0);
    let mut all = vec![series("Answered", Colour::Blue), series("Coming", Colour::Orange)];
    all.extend(was_checked.then(|| series("Were there", Colour::Green)));
    let column = |label: String, turnout: &Turnout| {
        let values = [turnout.answered, turnout.coming, turnout.present];
        Column { label, values: values.into_iter().take(all.len()).map(number).collect() }
    };
    let days = report.period.days.iter().zip(&numbers.days);
    let weeks = report.period.weeks.iter().zip(&numbers.weeks);
    let panels = vec![
        Panel {
            title: "Members on each day".to_owned(),
            columns_are: Columns::Course,
            columns: days.map(|(day, turnout)| column(weekday(day.begins), turnout)).collect(),
        },
        Panel {
            title: format!("Members in each of {} weeks", numbers.weeks.len()),
            columns_are: Columns::Course,
            columns: weeks.map(|(week, turnout)| column(short_day(week.begins), turnout)).collect(),
        },
    ];
    Chart { title: title.to_owned(), series: all, panels }
}

/// How many answered what.
pub(super) fn event(report: &EventReport) -> Chart {
    let sheet = &report.posted.sheet;
    let offered = sheet.event.options.iter().zip(1..);
    let columns = offered.map(|(option, place)| {
        let total = sheet.columns.iter().find(|(id, _)| *id == option.id);
        let label = shortened(&option.label, 24);
        // Words that cannot be drawn stand in the card, in the same order.
        let label = if can_write(&label) { label } else { format!("Answer {place}") };
        let value = total.map_or(0, |(_, names)| names.total);
        Column { label, values: vec![number(value)] }
    });
    let placeless = placeless(report).map(|(_, label, members)| Column {
        label: label.to_owned(),
        values: vec![number(members)],
    });
    let columns = columns.chain(placeless);
    let there = (report.turnout.present + report.turnout.absent > 0).then(|| {
        let column =
            |label: &str, value| Column { label: label.to_owned(), values: vec![number(value)] };
        let known = report.turnout.present + report.turnout.absent;
        Panel {
            title: "Who was there".to_owned(),
            columns_are: Columns::Kinds,
            columns: vec![
                column("Were there", report.turnout.present),
                column("Were absent", report.turnout.absent),
                column("Not marked", report.turnout.coming.saturating_sub(known)),
            ],
        }
    });
    let answers = Panel {
        title: "What was answered".to_owned(),
        columns_are: Columns::Kinds,
        columns: columns.collect(),
    };
    let title = sheet.event.details.title.as_str();
    Chart {
        title: if can_write(title) { title.to_owned() } else { "Answers to the event".to_owned() },
        series: vec![series("Members", Colour::Blue)],
        panels: std::iter::once(answers).chain(there).collect(),
    }
}

/// To how many events of each week a member came.
pub(super) fn member(report: &OneMember) -> Chart {
    let was_missing = report.report.weeks.iter().any(|week| week.absent > 0);
    let mut all = vec![
        series("Events", Colour::Blue),
        series("Answered", Colour::Orange),
        series("Came", Colour::Green),
    ];
    if !was_missing && report.report.weeks.iter().all(|week| week.answered == week.came) {
        all.remove(1);
    }
    let columns = report.weeks.iter().zip(&report.report.weeks).map(|(week, numbers)| {
        let values = if all.len() == 3 {
            vec![numbers.begun, numbers.answered, numbers.came]
        } else {
            vec![numbers.begun, numbers.came]
        };
        let values = values.into_iter().map(number).collect();
        Column { label: short_day(week.begins), values }
    });
    let panel = Panel {
        title: "Events in each week".to_owned(),
        columns_are: Columns::Course,
        columns: columns.collect(),
    };
    Chart { title: "One member".to_owned(), series: all, panels: vec![panel] }
}
