//! What a chart shows, in words, for who cannot see it: first what stands out, then every number.

use muster_chart::{Chart, Column, Columns, Panel};

use crate::views::messages::{Key, Words};

/// What kind of chart it is, what it is about, and for each panel and what its bars mean the
/// highest, the lowest and, if columns follow each other, the last; then all numbers of each panel,
/// as long as they fit whole. At most so many characters.
pub(super) fn in_words(words: Words, chart: &Chart, length_max: usize) -> String {
    let mut text = words.filled(Key::ReportAlt, &[("title", &chart.title)]);
    let said = |panel: &Panel, said: &str| {
        words.filled(Key::ReportAltPanel, &[("title", &panel.title), ("said", said)])
    };
    for panel in chart.panels() {
        text.extend([" ", &said(panel, &outline(words, chart, panel))]);
    }
    let mut begins = format!(" {}", words.plain(Key::ReportAltNumbers));
    for panel in chart.panels() {
        let all = format!("{begins} {}", said(panel, &numbers(chart, panel)));
        if text.chars().count() + all.chars().count() <= length_max {
            text.push_str(&all);
            begins.clear();
        }
    }
    if text.chars().count() > length_max {
        text = text.chars().take(length_max.saturating_sub(1)).chain(['…']).collect();
    }
    text
}

/// "answered highest 27 (Fri), lowest 0 (Wed), last 3 (Sun); coming …"
fn outline(words: Words, chart: &Chart, panel: &Panel) -> String {
    let series = chart.series();
    let outlines = series.iter().zip(0..).filter_map(|(series_of, place)| {
        let outline = outline_of(words, panel, place)?;
        let name = series_of.name.to_lowercase();
        Some(if series.len() == 1 { outline } else { format!("{name} {outline}") })
    });
    let outlines: Vec<_> = outlines.collect();
    if outlines.is_empty() {
        words.plain(Key::ReportAltNothing).to_owned()
    } else {
        outlines.join("; ")
    }
}

/// "Mon answered 12, coming 9; Tue …"
fn numbers(chart: &Chart, panel: &Panel) -> String {
    let column = |column: &Column| {
        let values = chart.series().iter().zip(&column.values);
        let values = values.map(|(series, value)| {
            let is_alone = chart.series().len() == 1;
            let name = series.name.to_lowercase();
            if is_alone { value.to_string() } else { format!("{name} {value}") }
        });
        format!("{} {}", column.label, values.collect::<Vec<_>>().join(", "))
    };
    panel.columns().iter().map(column).collect::<Vec<_>>().join("; ")
}

/// Of the bars at one place of each column; of several that are as high, the last is named.
fn outline_of(words: Words, panel: &Panel, place: usize) -> Option<String> {
    let mut bars =
        panel.columns().iter().filter_map(|column| Some((column, *column.values.get(place)?)));
    let highest = bars.clone().max_by_key(|(_, value)| *value)?;
    let lowest = bars.clone().rev().min_by_key(|(_, value)| *value)?;
    if highest.1 == lowest.1 && panel.columns().len() > 1 {
        return Some(words.filled(Key::ReportAltAlways, &[("value", &highest.1.to_string())]));
    }
    let named = |key, (column, value): (&Column, u32)| {
        words.filled(key, &[("value", &value.to_string()), ("label", &column.label)])
    };
    let mut told = vec![named(Key::ReportAltHighest, highest), named(Key::ReportAltLowest, lowest)];
    match panel.columns_are {
        Columns::Course => told.push(named(Key::ReportAltLast, bars.next_back()?)),
        Columns::Kinds => {}
    }
    Some(told.join(", "))
}

#[cfg(test)]
mod tests {
    use muster_chart::limits::COLUMNS_MAX;
    use muster_chart::{Colour, Series};

    use super::*;

    fn said(chart: &Chart, length_max: usize) -> String {
        in_words(Words::usual(), chart, length_max)
    }

    fn panel(columns_are: Columns, columns: &[(&str, &[u32])]) -> Panel {
        let column = |(label, values): &(&str, &[u32])| Column {
            label: (*label).to_owned(),
            values: values.to_vec(),
        };
        let title = "Members".to_owned();
        Panel { title, columns_are, columns: columns.iter().map(column).collect() }
    }

    fn chart(names: &[&str], panel: Panel) -> Chart {
        let series = |name: &&str| Series { name: (*name).to_owned(), colour: Colour::Blue };
        let series = names.iter().map(series).collect();
        Chart { title: "A week".to_owned(), series, panels: vec![panel] }
    }

    #[test]
    fn what_stands_out_comes_first_and_then_every_number() {
        let days: [(&str, &[u32]); 3] = [("Mon", &[12, 9]), ("Tue", &[27, 0]), ("Wed", &[3, 0])];
        let words = said(&chart(&["Answered", "Coming"], panel(Columns::Course, &days)), 1_024);
        let expected = "Bar chart: A week. Members: answered highest 27 (Tue), lowest 3 (Wed), \
                        last 3 (Wed); coming highest 9 (Mon), lowest 0 (Wed), last 0 (Wed). All \
                        numbers. Members: Mon answered 12, coming 9; Tue answered 27, coming 0; \
                        Wed answered 3, coming 0.";
        assert_eq!(words, expected);
    }

    #[test]
    fn different_things_have_no_last_and_what_is_alone_no_name() {
        let kinds: [(&str, &[u32]); 2] = [("Yes", &[5]), ("No", &[1])];
        let words = said(&chart(&["Members"], panel(Columns::Kinds, &kinds)), 1_024);
        let expected = "Bar chart: A week. Members: highest 5 (Yes), lowest 1 (No). All numbers. \
                        Members: Yes 5; No 1.";
        assert_eq!(words, expected);
        let even: [(&str, &[u32]); 2] = [("Mon", &[4]), ("Tue", &[4])];
        let words = said(&chart(&["Members"], panel(Columns::Course, &even)), 1_024);
        assert!(words.contains("Members: always 4."), "{words}");
        let words = said(&chart(&["Members"], panel(Columns::Course, &[])), 1_024);
        assert!(words.contains("Members: nothing."), "{words}");
    }

    #[test]
    fn what_is_too_long_keeps_what_stands_out() {
        let long = "n".repeat(60);
        let columns = vec![(long.as_str(), &[7_u32, 8, 9][..]); COLUMNS_MAX];
        let chart = chart(&["Answered", "Coming", "Were there"], panel(Columns::Course, &columns));
        let words = said(&chart, 1_024);
        assert!(words.ends_with("were there always 9."), "{words}");
        let short = said(&chart, 20);
        assert!(short.chars().count() == 20 && short.ends_with('…'), "{short}");
    }
}
