//! Figures in words: medians with their spread, milliseconds, mebibytes.

/// Several measurements of one thing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series(Vec<f64>);

impl Series {
    /// Adds a measurement.
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The one in the middle, or halfway between the two that are; 0 of none.
    pub(crate) fn median(&self) -> f64 {
        let sorted = self.sorted();
        let [low, high] = [sorted.len().saturating_sub(1) / 2, sorted.len() / 2];
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        f64::midpoint(at(low), at(high))
    }

    /// "12.3 (12.1–12.9)", or one number if there was one run.
    pub(crate) fn spread(&self, digits: usize) -> String {
        let sorted = self.sorted();
        let number = |value: f64| grouped(value, digits);
        match (sorted.first(), sorted.last()) {
            (Some(low), Some(high)) if sorted.len() > 1 => {
                format!("{} ({}–{})", number(self.median()), number(*low), number(*high))
            }
            (Some(only), _) => number(*only),
            (None, _) => "–".to_owned(),
        }
    }

    /// The smallest and the largest, unless there is none.
    pub(crate) fn ends(&self) -> Option<(f64, f64)> {
        let sorted = self.sorted();
        Some((*sorted.first()?, *sorted.last()?))
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The value below which so many thousandths lie, in words.
    pub(crate) fn at(&self, thousandths: usize, digits: usize) -> String {
        let sorted = self.sorted();
        let index = sorted.len().saturating_sub(1).saturating_mul(thousandths) / 1_000;
        sorted.get(index).map_or_else(|| "–".to_owned(), |value| grouped(*value, digits))
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    }
}

/// A number with a comma every three digits before the point: "12,345.6".
pub(crate) fn grouped(value: f64, digits: usize) -> String {
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), ""), |split| split);
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !rest.is_empty() {
        text.push('.');
        text.push_str(rest);
    }
    text
}

/// A count as a number with a point; exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "no count here comes near 2^53")]
pub(crate) const fn float(count: u64) -> f64 {
    count as f64
}

/// A length as a count.
pub(crate) fn many(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A table in markdown.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        text.extend(["| ", row.join(" | ").as_str(), " |\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_shows_its_median_and_its_ends() {
        let mut series = Series::default();
        assert_eq!((series.spread(1).as_str(), series.ends()), ("–", None));
        for value in [3.0, 1.0, 2_000.25] {
            series.push(value);
        }
        assert_eq!(series.spread(1), "3.0 (1.0–2,000.2)");
        assert_eq!(
            (series.len(), series.at(990, 1), series.at(0, 0)),
            (3, "3.0".into(), "1".into())
        );
        assert_eq!(series.ends(), Some((1.0, 2_000.25)));
        assert_eq!(grouped(1_234_567.0, 0), "1,234,567");
    }

    #[test]
    fn a_table_has_a_line_for_each_row() {
        let rows = [vec!["1".to_owned(), "2".to_owned()]];
        assert_eq!(table(&["a", "b"], &rows), "| a | b |\n|---|---|\n| 1 | 2 |\n");
    }
}
