//! The charts of reports, and what they say in words.

use muster_chart::{Chart, Colour, Column, Columns, Panel, Series, can_write};
use muster_engine::reports::{OneMember, WeekReport};
use muster_store::model::{EventReport, Turnout};

use super::one::placeless;
use crate::views::dates;
use crate::views::messages::{Key, Words};
use crate::views::text::shortened;

fn series(words: Words, name: Key, colour: Colour) -> Series {
    Series { name: words.plain(name).to_owned(), colour }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Each day, and the weeks before.
pub(super) fn week(words: Words, report: &WeekReport, title: &str) -> Chart {
    let numbers = &report.report;
    let was_checked = numbers.weeks.iter().chain(&numbers.days).any(|turnout| turnout.present > 0);
    let mut all = vec![
        series(words, Key::ReportChartAnswered, Colour::Blue),
        series(words, Key::ReportChartComing, Colour::Orange),
    ];
    all.extend(was_checked.then(|| series(words, Key::ReportChartPresent, Colour::Green)));
    let column = |label: String, turnout: &Turnout| {
        let values = [turnout.answered, turnout.coming, turnout.present];
        Column { label, values: values.into_iter().take(all.len()).map(number).collect() }
    };
    let days = report.period.days.iter().zip(&numbers.days);
    let weeks = report.period.weeks.iter().zip(&numbers.weeks);
    let panels = vec![
        Panel {
            title: words.plain(Key::ReportChartDays).to_owned(),
            columns_are: Columns::Course,
            columns: days
                .map(|(day, turnout)| column(dates::in_month(words, day.begins), turnout))
                .collect(),
        },
        Panel {
            title: words.counted(Key::ReportChartWeeks, numbers.weeks.len()),
            columns_are: Columns::Course,
            columns: weeks
                .map(|(week, turnout)| column(dates::in_year(words, week.begins), turnout))
                .collect(),
        },
    ];
    Chart { title: title.to_owned(), series: all, panels }
}

/// How many answered what.
pub(super) fn event(words: Words, report: &EventReport) -> Chart {
    let sheet = &report.posted.sheet;
    let offered = sheet.event.options.iter().zip(1..);
    let columns = offered.map(|(option, place): (_, usize)| {
        let total = sheet.columns.iter().find(|(id, _)| *id == option.id);
        // Words that cannot be drawn stand in the card, in the same order.
        let label = Some(shortened(&option.label, 24)).filter(|label| can_write(label));
        let number = || words.filled(Key::ReportChartAnswer, &[("number", &place.to_string())]);
        column(&label.unwrap_or_else(number), total.map_or(0, |(_, names)| names.total))
    });
    let placeless = placeless(words, report).map(|(_, label, members)| column(label, members));
    let answers = Panel {
        title: words.plain(Key::ReportChartKinds).to_owned(),
        columns_are: Columns::Kinds,
        columns: columns.chain(placeless).collect(),
    };
    let known = report.turnout.present + report.turnout.absent;
    let there = (known > 0).then(|| {
        let column = |key, value| column(words.plain(key), value);
        let columns = vec![
            column(Key::ReportChartPresent, report.turnout.present),
            column(Key::ReportChartAbsent, report.turnout.absent),
            column(Key::ReportChartOpen, report.turnout.coming.saturating_sub(known)),
        ];
        let title = words.plain(Key::ReportChartWho).to_owned();
        Panel { title, columns_are: Columns::Kinds, columns }
    });
    let title = sheet.event.details.title.as_str();
    let title = if can_write(title) { title } else { words.plain(Key::ReportChartEvent) };
    Chart {
        title: title.to_owned(),
        series: vec![series(words, Key::ReportChartMembers, Colour::Blue)],
        panels: std::iter::once(answers).chain(there).collect(),
    }
}

fn column(label: &str, value: usize) -> Column {
    Column { label: label.to_owned(), values: vec![number(value)] }
}

/// To how many events of each week a member came.
pub(super) fn member(words: Words, report: &OneMember) -> Chart {
    let was_missing = report.report.weeks.iter().any(|week| week.absent > 0);
    let mut all = vec![
        series(words, Key::ReportChartEvents, Colour::Blue),
        series(words, Key::ReportChartAnswered, Colour::Orange),
        series(words, Key::ReportChartCame, Colour::Green),
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
        Column { label: dates::in_year(words, week.begins), values }
    });
    let panel = Panel {
        title: words.plain(Key::ReportChartWeek).to_owned(),
        columns_are: Columns::Course,
        columns: columns.collect(),
    };
    let title = words.plain(Key::ReportChartOne).to_owned();
    Chart { title, series: all, panels: vec![panel] }
}
