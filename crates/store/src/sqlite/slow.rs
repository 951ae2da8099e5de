//! Statements that took long lately, without their values, and how the database goes about them.

use std::time::Duration;

use muster_vitals::snapshot::SlowStatement;

/// Statements kept at most.
const KEPT_MAX: usize = 20;

/// For how long one is remembered after it was slow.
const REMEMBERED: Duration = Duration::from_hours(24);

/// The slowest statements of the last day.
#[derive(Debug, Default)]
pub(super) struct Slow(Vec<Known>);

#[derive(Debug)]
struct Known {
    sql: String,
    took: Duration,
    times: u64,
    /// When it was slow last, after the start.
    last: Duration,
    plan: Option<String>,
}

impl Slow {
    /// A statement took so long, and ended `at` so long after the start.
    pub(super) fn add(&mut self, sql: String, took: Duration, at: Duration) {
        if let Some(known) = self.0.iter_mut().find(|known| known.sql == sql) {
            known.took = known.took.max(took);
            known.times = known.times.saturating_add(1);
            known.last = at;
            return;
        }
        if self.0.len() >= KEPT_MAX {
            let fastest = self.0.iter().enumerate().min_by_key(|(_, known)| known.took);
            match fastest.map(|(place, known)| (place, known.took)) {
                Some((place, fastest)) if fastest < took => drop(self.0.swap_remove(place)),
                _ => return,
            }
        }
        self.0.push(Known { sql, took, times: 1, last: at, plan: None });
    }

    /// Forgets what was not slow for a day.
    pub(super) fn forget_old(&mut self, at: Duration) {
        self.0.retain(|known| at.saturating_sub(known.last) < REMEMBERED);
    }

    /// Those of which nobody has asked yet how they are done.
    pub(super) fn unexplained(&self) -> Vec<String> {
        let unexplained = self.0.iter().filter(|known| known.plan.is_none());
        unexplained.map(|known| known.sql.clone()).collect()
    }

    /// How the database goes about a statement.
    pub(super) fn explain(&mut self, sql: &str, plan: String) {
        if let Some(known) = self.0.iter_mut().find(|known| known.sql == sql) {
            known.plan = Some(plan);
        }
    }

    /// All of them, the slowest first.
    pub(super) fn shown(&self) -> Vec<SlowStatement> {
        let mut shown: Vec<_> = self.0.iter().map(Known::shown).collect();
        shown.sort_by(|a, b| b.took.cmp(&a.took).then_with(|| a.sql.cmp(&b.sql)));
        shown
    }
}

impl Known {
    /// In one line: a statement's text has the line ends of the program.
    fn shown(&self) -> SlowStatement {
        SlowStatement {
            sql: self.sql.split_whitespace().collect::<Vec<_>>().join(" "),
            took: self.took,
            times: self.times,
            plan: self.plan.clone().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn the_slowest_are_kept_with_how_often_they_were_slow() {
        let mut slow = Slow::default();
        for number in 0..40 {
            slow.add(format!("SELECT {number}"), ms(100 + number), ms(number));
        }
        slow.add("SELECT\n  39".into(), ms(7), ms(50));
        slow.add("SELECT 39".into(), ms(500), ms(50));
        let shown = slow.shown();
        assert_eq!(shown.len(), KEPT_MAX);
        assert_eq!((&*shown[0].sql, shown[0].took, shown[0].times), ("SELECT 39", ms(500), 2));
        assert_eq!((&*shown[19].sql, shown[19].took), ("SELECT 20", ms(120)));
    }

    #[test]
    fn one_is_explained_once_and_forgotten_after_a_day() {
        let mut slow = Slow::default();
        slow.add("SELECT 1".into(), ms(100), ms(0));
        assert_eq!(slow.unexplained(), ["SELECT 1"]);
        slow.explain("SELECT 1", "SCAN CONSTANT ROW".into());
        assert_eq!((slow.unexplained().len(), &*slow.shown()[0].plan), (0, "SCAN CONSTANT ROW"));
        slow.forget_old(REMEMBERED);
        assert_eq!(slow.shown(), []);
    }
}
