//! What a chart shows, in words, for who cannot see it: first what stands out, then every number.

use crate::chart::{Chart, Column, Columns, Panel};

impl Chart {
    /// What kind of chart it is, what it is about, and for each panel and what its bars mean the
    /// highest, the lowest and, if columns follow each other, the last; then all numbers of each
    /// panel, as long as they fit whole. At most so many characters.
    #[must_use]
    pub fn in_words(&self, length_max: usize) -> String {
        let mut words = format!("Bar chart: {}.", self.title);
        for panel in self.panels() {
            words.extend([" ", &*panel.title, ": ", &*self.outline(panel), "."]);
        }
        let mut begins = " All numbers.";
        for panel in self.panels() {
            let all = format!("{begins} {}: {}.", panel.title, self.numbers(panel));
            if words.chars().count() + all.chars().count() <= length_max {
                words.push_str(&all);
                begins = "";
            }
        }
        if words.chars().count() > length_max {
            words = words.chars().take(length_max.saturating_sub(1)).chain(['…']).collect();
        }
        words
    }

    /// "answered highest 27 (Fri), lowest 0 (Wed), last 3 (Sun); coming …"
    fn outline(&self, panel: &Panel) -> String {
        let series = self.series();
        let outlines = series.iter().zip(0..).filter_map(|(series_of, place)| {
            let outline = outline(panel, place)?;
            let name = series_of.name.to_lowercase();
            Some(if series.len() == 1 { outline } else { format!("{name} {outline}") })
        });
        let outlines: Vec<_> = outlines.collect();
        if outlines.is_empty() { "nothing".to_owned() } else { outlines.join("; ") }
    }

    /// "Mon answered 12, coming 9; Tue …"
    fn numbers(&self, panel: &Panel) -> String {
        let column = |column: &Column| {
            let values = self.series().iter().zip(&column.values);
            let values = values.map(|(series, value)| {
                let is_alone = self.series().len() == 1;
                let name = series.name.to_lowercase();
                if is_alone { value.to_string() } else { format!("{name} {value}") }
            });
            format!("{} {}", column.label, values.collect::<Vec<_>>().join(", "))
        };
        panel.columns().iter().map(column).collect::<Vec<_>>().join("; ")
    }
}

/// Of the bars at one place of each column; of several that are as high, the last is named.
fn outline(panel: &Panel, place: usize) -> Option<String> {
    let mut bars =
        panel.columns().iter().filter_map(|column| Some((column, *column.values.get(place)?)));
    let highest = bars.clone().max_by_key(|(_, value)| *value)?;
    let lowest = bars.clone().rev().min_by_key(|(_, value)| *value)?;
    if highest.1 == lowest.1 && panel.columns().len() > 1 {
        return Some(format!("always {}", highest.1));
    }
    let named =
        |word: &str, (column, value): (&Column, u32)| format!("{word} {value} ({})", column.label);
    let mut told = vec![named("highest", highest), named("lowest", lowest)];
    match panel.columns_are {
        Columns::Course => told.push(named("last", bars.next_back()?)),
        Columns::Kinds => {}
    }
    Some(told.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Colour, Series};
    use crate::limits::COLUMNS_MAX;

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
        let words = chart(&["Answered", "Coming"], panel(Columns::Course, &days)).in_words(1_024);
        let expected = "Bar chart: A week. Members: answered highest 27 (Tue), lowest 3 (Wed), \
                        last 3 (Wed); coming highest 9 (Mon), lowest 0 (Wed), last 0 (Wed). All \
                        numbers. Members: Mon answered 12, coming 9; Tue answered 27, coming 0; \
                        Wed answered 3, coming 0.";
        assert_eq!(words, expected);
    }

    #[test]
    fn different_things_have_no_last_and_what_is_alone_no_name() {
        let kinds: [(&str, &[u32]); 2] = [("Yes", &[5]), ("No", &[1])];
        let words = chart(&["Members"], panel(Columns::Kinds, &kinds)).in_words(1_024);
        let expected = "Bar chart: A week. Members: highest 5 (Yes), lowest 1 (No). All numbers. \
                        Members: Yes 5; No 1.";
        assert_eq!(words, expected);
        let even: [(&str, &[u32]); 2] = [("Mon", &[4]), ("Tue", &[4])];
        let words = chart(&["Members"], panel(Columns::Course, &even)).in_words(1_024);
        assert!(words.contains("Members: always 4."), "{words}");
        let words = chart(&["Members"], panel(Columns::Course, &[])).in_words(1_024);
        assert!(words.contains("Members: nothing."), "{words}");
    }

    #[test]
    fn what_is_too_long_keeps_what_stands_out() {
        let long = "n".repeat(60);
        let columns = vec![(long.as_str(), &[7_u32, 8, 9][..]); COLUMNS_MAX];
        let chart = chart(&["Answered", "Coming", "Were there"], panel(Columns::Course, &columns));
        let words = chart.in_words(1_024);
        assert!(words.ends_with("were there always 9."), "{words}");
        let short = chart.in_words(20);
        assert!(short.chars().count() == 20 && short.ends_with('…'), "{short}");
    }
}
