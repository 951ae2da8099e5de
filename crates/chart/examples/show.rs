//! Writes sample charts into the folder that is named, and says how long each takes.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for people")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::path::PathBuf;
use std::time::Instant;

use muster_chart::{Chart, Colour, Column, Columns, Panel, Series};

fn column(label: &str, values: &[u32]) -> Column {
    Column { label: label.to_owned(), values: values.to_vec() }
}

fn panel(title: &str, labels: &[&str], values: &[&[u32]]) -> Panel {
    let columns = labels.iter().zip(values).map(|(label, values)| column(label, values)).collect();
    Panel { title: title.to_owned(), columns_are: Columns::Course, columns }
}

fn week(scale: u32) -> Chart {
    let series = |name: &str, colour| Series { name: name.to_owned(), colour };
    let days = ["Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28", "Sun 29"];
    let weeks = ["5 Oct", "12 Oct", "19 Oct", "26 Oct", "2 Nov", "9 Nov", "16 Nov", "23 Nov"];
    let day = |a: u32, b: u32, c: u32| [a * scale, b * scale, c * scale];
    let by_day = [
        day(12, 9, 8),
        day(14, 11, 9),
        day(0, 0, 0),
        day(18, 15, 12),
        day(27, 21, 20),
        day(9, 4, 4),
        day(3, 1, 0),
    ];
    let by_week = [
        day(20, 12, 9),
        day(22, 15, 12),
        day(19, 14, 11),
        day(25, 18, 15),
        day(28, 20, 18),
        day(26, 21, 19),
        day(30, 24, 20),
        day(31, 25, 22),
    ];
    let by_day: Vec<_> = by_day.iter().map(|day| &day[..]).collect();
    let by_week: Vec<_> = by_week.iter().map(|day| &day[..]).collect();
    Chart {
        title: "Week of 23 to 29 November 2026".to_owned(),
        series: vec![
            series("Answered", Colour::Blue),
            series("Coming", Colour::Orange),
            series("Were there", Colour::Green),
        ],
        panels: vec![
            panel("Members on each day", &days, &by_day),
            panel("Members in each of the last 8 weeks", &weeks, &by_week),
        ],
    }
}

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    let mut two = week(1);
    two.series.truncate(2);
    for (name, chart) in [("small", week(1)), ("large", week(180)), ("two", two)] {
        let begin = Instant::now();
        let bytes = chart.png();
        println!("{name}: {} bytes in {:?}", bytes.len(), begin.elapsed());
        std::fs::write(folder.join(format!("{name}.png")), bytes).unwrap();
    }
}
