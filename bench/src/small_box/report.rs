//! What the box had left, and how members, reminders and backups fared in it.

use std::time::Instant;

use super::premises::Premises;
use super::{BOX_BYTES, Options};
use crate::figures::{float, grouped, many, table};
use crate::tally::{Report, Second};
use crate::watch::{Backup, Seen};

const MIB: f64 = 1_048_576.0;

/// All that was measured.
pub(super) struct Measured {
    /// When the load began.
    pub(super) began: Instant,
    /// Processor time while it lasted.
    pub(super) cpu_seconds: f64,
    /// Reminders that were due in that time.
    pub(super) reminders: u64,
    /// How often the open dashboard changed.
    pub(super) news: u64,
    pub(super) peak_mib: f64,
    pub(super) files_allowed: Option<u64>,
    /// The most that the control group held, in bytes.
    pub(super) group_max: Option<u64>,
    pub(super) seen: Seen,
    pub(super) report: Report,
}

impl Measured {
    pub(super) fn text(&self, options: &Options, premises: &Premises) -> String {
        let missing = if premises.missing().is_empty() {
            "All was as in the guide.".to_owned()
        } else {
            format!("Not as in the guide: {}.", premises.missing().join("; "))
        };
        format!(
            "## In the guide's box\n\n\
             The whole bot on one core, with 1.25 GiB of memory (a control group) and a file system \
             of 1.25 GiB, in {guilds} guilds: {rate} taps a second for {seconds} s on 16 events of \
             {members} members, {reminders} reminders due in each second, a backup every ten minutes, \
             the first of them a minute after the start, the dashboard open in one browser, and \
             `/metrics` asked for every 15 s. {missing}\n\n\
             ### What is left\n\n{left}\n### What members see\n\n{taps}\n\
             ### What goes on beside them\n\n{beside}",
            guilds = grouped(float(options.guilds), 0),
            rate = grouped(float(options.rate), 0),
            seconds = options.seconds,
            members = grouped(float(options.members), 0),
            reminders = options.reminders,
            left = self.left(),
            taps = self.taps(),
            beside = self.beside(),
        )
    }

    fn left(&self) -> String {
        let seen = &self.seen;
        let max = |name: &str| seen.max(name);
        let box_mib = float(BOX_BYTES) / MIB;
        let limit = max("muster_memory_limit_bytes").map(|bytes| bytes / MIB);
        let used = max("muster_memory_used_bytes").map(|bytes| bytes / MIB);
        let disk = max("muster_disk_size_bytes").map(|bytes| bytes / MIB);
        let free = seen.min("muster_disk_free_bytes").map(|bytes| bytes / MIB);
        let disk_used = disk.zip(free).map(|(size, free)| size - free);
        let span = self.report.seconds.max(1.0);
        let db = "muster_database_connections";
        let files = Some(float(seen.files_max));
        let mut rows = vec![
            row("memory that counts, MiB, by the bot's account", used, limit, 1),
            row("resident set, MiB, by the kernel's", Some(self.peak_mib), Some(box_mib), 1),
            row("disk, MiB", disk_used, disk, 1),
            row(
                "processor, % of the core, mean",
                Some(self.cpu_seconds / span * 100.0),
                Some(100.0),
                1,
            ),
            row("processor, % of the core, busiest second", Some(seen.cpu_max), Some(100.0), 1),
            row("connections to the database", max(db), max("muster_database_connections_max"), 0),
            row("open files and sockets", files, self.files_allowed.map(float), 0),
            row("tasks at once", max("muster_tasks_running"), max("muster_tasks_running_max"), 0),
        ];
        if let Some(group) = self.group_max {
            let (most, size) = (Some(float(group) / MIB), Some(box_mib));
            rows.push(row("control group with cached files, MiB", most, size, 1));
        }
        rows.extend(self.queues());
        table(&["", "at most", "of", "left, %"], &rows)
    }

    fn queues(&self) -> Vec<Vec<String>> {
        let last = self.seen.last();
        let queues = last.all("muster_queue_depth_max").map(|(labels, most)| {
            let depth = self.seen.max(&format!("muster_queue_depth{{{labels}}}"));
            let name = labels.split('"').nth(1).unwrap_or(labels);
            row(&format!("queue: {name}"), depth, Some(most), 0)
        });
        queues.collect()
    }

    fn taps(&self) -> String {
        let Report { answered, wrong, ms: [p50, p99, p999], each_second, .. } = &self.report;
        let worst = each_second.iter().map(|second| second.max_ms).fold(0.0, f64::max);
        let rows = [
            ("taps answered", grouped(float(*answered), 0)),
            ("wrong or missing answers", wrong.to_string()),
            ("tap to answer, p50, ms", grouped(*p50, 2)),
            ("tap to answer, p99, ms", grouped(*p99, 2)),
            ("tap to answer, p99.9, ms", grouped(*p999, 2)),
            ("the slowest, ms", grouped(worst, 2)),
            ("sent late by the load itself, p99, ms", grouped(self.report.late_ms, 2)),
        ];
        pairs(rows)
    }

    fn beside(&self) -> String {
        let last = self.seen.last();
        let lag = |stat| {
            let name = format!("muster_reminder_lag_seconds{{stat=\"{stat}\"}}");
            last.get(&name).map_or_else(|| "–".to_owned(), |value| grouped(value, 3))
        };
        let seconds: Vec<_> = self.seen.backups.iter().map(|one| one.took.as_secs_f64()).collect();
        let during = self.seen.backups.iter().flat_map(|one| self.during(one));
        let worst = during.map(|second| second.p99_ms).reduce(f64::max);
        let spans = seconds.iter().map(|span| grouped(*span, 2)).collect::<Vec<_>>().join(", ");
        let size = last.get("muster_database_file_bytes{file=\"database\"}").unwrap_or_default();
        let rows = [
            ("reminders due", grouped(float(self.reminders), 0)),
            ("messages taken", grouped(float(self.report.posted), 0)),
            ("reminders late, p50, s", lag("p50")),
            ("reminders late, p99, s", lag("p99")),
            ("reminders late, at most, s", lag("max")),
            ("other requests, such as edits", grouped(float(self.report.others), 0)),
            ("backups", self.seen.backups.len().to_string()),
            ("each took, s", if spans.is_empty() { "–".to_owned() } else { spans }),
            ("database, MiB", grouped(size / MIB, 1)),
            (
                "taps' p99 in the worst second of a backup, ms",
                worst.map_or_else(|| "–".to_owned(), |ms| grouped(ms, 2)),
            ),
            ("changes shown by the dashboard", grouped(float(self.news), 0)),
            (
                "`/metrics` answered after, at most, ms",
                grouped(self.seen.scrape_max.as_secs_f64() * 1_000.0, 1),
            ),
            ("`/metrics` did not answer", self.seen.silent.to_string()),
            ("highest memory pressure", self.seen.pressure().0.to_owned()),
        ];
        pairs(rows)
    }

    /// The seconds of the load in which a backup was made.
    fn during(&self, backup: &Backup) -> Vec<Second> {
        let from = backup.began.saturating_duration_since(self.began);
        let until = (backup.began + backup.took).saturating_duration_since(self.began);
        let is_within = |second: &u64| (from.as_secs()..=until.as_secs()).contains(second);
        let all = (0..many(self.report.each_second.len())).zip(&self.report.each_second);
        // One before the load touches none of it.
        let all = all.filter(|(second, _)| !until.is_zero() && is_within(second));
        all.map(|(_, second)| *second).collect()
    }
}

fn pairs<const N: usize>(rows: [(&str, String); N]) -> String {
    let rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    table(&["", ""], &rows)
}

/// One line: how much was used, of how much, and what share is left.
fn row(name: &str, used: Option<f64>, of: Option<f64>, digits: usize) -> Vec<String> {
    let number =
        |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| grouped(value, digits));
    let left = used.zip(of).filter(|(_, of)| *of > 0.0);
    let left = left.map(|(used, of)| grouped((of - used) / of * 100.0, 1));
    vec![name.to_owned(), number(used), number(of), left.unwrap_or_else(|| "–".to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_in_hundredths_and_only_if_known() {
        assert_eq!(row("a", Some(25.0), Some(100.0), 0), ["a", "25", "100", "75.0"]);
        assert_eq!(row("b", Some(1.0), None, 1), ["b", "1.0", "–", "–"]);
    }
}
