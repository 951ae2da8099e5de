//! How something changed over the samples that are kept: in words, and as a picture.

use std::time::Duration;

use jiff::Timestamp;
use muster_chart::{Chart, Colour, Column, Columns, Panel, Series};
use muster_vitals::snapshot::{Sample, Snapshot};

use crate::rest::{DESCRIPTION_MAX, File};
use crate::views::described;
use crate::views::messages::Words;
use crate::views::units::{bytes, lasting, whole};

const MIB: u64 = 1 << 20;

/// Columns of the picture: so many have room for their labels.
const COLUMNS: usize = 12;

/// Samples at each end that are averaged, so that one that stands out is no trend.
const ENDS: usize = 4;

/// How memory changed: "▲ 3 MiB in the last 25 min"; `None` with too few samples.
pub(super) fn memory(history: &[Sample]) -> Option<String> {
    let change = Change::of(history, |sample| sample.memory_used)?;
    Some(change.words(MIB, bytes))
}

/// How the processor's load changed.
pub(super) fn cpu(history: &[Sample]) -> Option<String> {
    let change = Change::of(history, |sample| whole(sample.cpu_percent))?;
    Some(change.words(2, |points| format!("{points} points")))
}

/// How the free space on the disk changed.
pub(super) fn disk(history: &[Sample]) -> Option<String> {
    let change = Change::of(history, |sample| sample.disk_free)?;
    Some(change.words(MIB, |free| format!("{} free", bytes(free))))
}

struct Change {
    before: u64,
    now: u64,
    within: Duration,
}

impl Change {
    fn of(history: &[Sample], value: impl Fn(&Sample) -> u64) -> Option<Self> {
        let ends = (history.len() / 2).min(ENDS);
        let (first, last) = (history.first()?, history.last()?);
        let average = |samples: &mut dyn Iterator<Item = &Sample>| {
            let sum: u128 = samples.map(|sample| u128::from(value(sample))).sum();
            u64::try_from(sum / u128::try_from(ends).ok()?.max(1)).ok()
        };
        (ends > 0).then_some(())?;
        Some(Self {
            before: average(&mut history.iter().take(ends))?,
            now: average(&mut history.iter().rev().take(ends))?,
            within: between(first.at, last.at),
        })
    }

    /// What is smaller than `noise` is no change.
    fn words(&self, noise: u64, amount: impl Fn(u64) -> String) -> String {
        let within = lasting(rounded(self.within));
        match (self.now.abs_diff(self.before), self.now > self.before) {
            (change, _) if change < noise => format!("steady in the last {within}"),
            (change, true) => format!("▲ {} in the last {within}", amount(change)),
            (change, false) => format!("▼ {} in the last {within}", amount(change)),
        }
    }
}

fn between(first: Timestamp, last: Timestamp) -> Duration {
    Duration::try_from(last.duration_since(first)).unwrap_or_default()
}

/// Whole minutes, if there is one.
const fn rounded(within: Duration) -> Duration {
    let seconds = within.as_secs();
    Duration::from_secs(if seconds < 60 { seconds } else { seconds - seconds % 60 })
}

/// A picture of memory and processor over the samples; `None` with fewer than two.
pub(super) fn picture(snapshot: &Snapshot) -> Option<File> {
    let history = &snapshot.history;
    let (first, last) = (history.first()?, history.last()?);
    (history.len() > 1).then_some(())?;
    let chart = chart(snapshot, (first.at, last.at));
    let said = described::in_words(Words::usual(), &chart, DESCRIPTION_MAX);
    Some(File::new("health.png", "image/png", chart.png()).described(&said))
}

fn chart(snapshot: &Snapshot, (first, last): (Timestamp, Timestamp)) -> Chart {
    let history = &snapshot.history;
    let within = lasting(rounded(between(first, last)));
    let each = history.len().div_ceil(COLUMNS).max(1);
    let panel = |title: String, value: &dyn Fn(&Sample) -> u64| Panel {
        title,
        columns_are: Columns::Course,
        columns: history.rchunks(each).rev().map(|chunk| column(chunk, last, value)).collect(),
    };
    let limit = bytes(snapshot.memory.limit);
    let memory = panel(format!("Memory in MiB, of {limit}"), &|sample| sample.memory_used / MIB);
    let cpu = panel("Processor in %".to_owned(), &|sample| whole(sample.cpu_percent));
    Chart {
        title: format!("Memory and processor, the last {within}"),
        series: vec![Series { name: "Highest of each step".to_owned(), colour: Colour::Blue }],
        panels: vec![memory, cpu],
    }
}

fn column(chunk: &[Sample], last: Timestamp, value: &dyn Fn(&Sample) -> u64) -> Column {
    let highest = chunk.iter().map(value).max().unwrap_or_default();
    let ago = chunk.last().map(|sample| between(sample.at, last).as_secs()).unwrap_or_default();
    let label = match ago {
        0 => "now".to_owned(),
        1..60 => format!("{ago}s"),
        60..7_200 => format!("{}m", ago / 60),
        _ => format!("{}h", ago / 3_600),
    };
    Column { label, values: vec![u32::try_from(highest).unwrap_or(u32::MAX)] }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::views::samples::NOW;

    /// A sample each 15 s, ending now.
    fn history(used: &[u64]) -> Vec<Sample> {
        let count = i64::try_from(used.len()).unwrap();
        let at = |index| NOW - SignedDuration::from_secs(15 * (count - 1 - index));
        let samples = (0..).zip(used).map(|(index, used)| Sample {
            at: at(index),
            memory_used: used * MIB,
            memory_limit: 1_280 * MIB,
            disk_free: 500 * MIB - used * MIB,
            cpu_percent: 3.0,
            ..Sample::default()
        });
        samples.collect()
    }

    #[test]
    fn a_trend_says_which_way_how_much_and_over_what_time() {
        let rising: Vec<_> = (0..101).map(|step| 30 + step / 10).collect();
        assert_eq!(memory(&history(&rising)).unwrap(), "▲ 9.2 MiB in the last 25 min");
        assert_eq!(disk(&history(&rising)).unwrap(), "▼ 9.2 MiB free in the last 25 min");
        assert_eq!(cpu(&history(&rising)).unwrap(), "steady in the last 25 min");
    }

    #[test]
    fn one_sample_that_stands_out_is_hardly_a_trend_and_one_alone_is_none() {
        let mut even = vec![30; 40];
        even[39] = 33;
        assert_eq!(memory(&history(&even)).unwrap(), "steady in the last 9 min");
        assert_eq!(memory(&history(&[30])), None);
        assert_eq!(memory(&[]), None);
        assert!(picture(&Snapshot::default()).is_none());
    }

    #[test]
    fn the_picture_has_the_highest_of_each_step_up_to_now() {
        let used: Vec<_> = (0..100).collect();
        let snapshot = Snapshot { history: history(&used), ..Snapshot::default() };
        let chart = chart(&snapshot, (snapshot.history[0].at, NOW));
        let columns = &chart.panels[0].columns;
        assert!(columns.len() <= COLUMNS, "{}", columns.len());
        let last = columns.last().unwrap();
        assert_eq!((&*last.label, &*last.values), ("now", &[99][..]));
        let file = picture(&snapshot).unwrap();
        let told = file.description();
        let title = "Bar chart: Memory and processor, the last 24 min. Memory in MiB, of 0 B: \
                     highest 99 (now), lowest 0 (24m), last 99 (now). Processor in %: always 3. All";
        assert!(told.starts_with(title), "{told}");
    }
}
