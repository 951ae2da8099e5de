//! Averages of whole minutes, for the history of a day.

use jiff::Timestamp;

use crate::snapshot::Sample;

/// Collects samples until their minute is over.
#[derive(Clone, Copy, Debug, Default)]
pub struct Minutes {
    /// The minute since 1970, what its samples add up to, and how many they are.
    open: Option<(i64, Sample, u32)>,
}

impl Minutes {
    /// Takes a sample. The average of the minute before, if this is the first one of another. A
    /// clock that goes back makes the same minute come twice.
    pub fn take(&mut self, sample: Sample) -> Option<Sample> {
        let minute = sample.at.as_second().div_euclid(60);
        if let Some((open, sum, count)) = &mut self.open
            && *open == minute
        {
            add(sum, &sample);
            *count = count.saturating_add(1);
            return None;
        }
        let ended = self.open.replace((minute, sample, 1));
        ended.map(|(minute, sum, count)| average(minute, &sum, count))
    }
}

fn add(sum: &mut Sample, sample: &Sample) {
    sum.memory_used = sum.memory_used.saturating_add(sample.memory_used);
    sum.resident = sum.resident.saturating_add(sample.resident);
    sum.disk_free = sum.disk_free.saturating_add(sample.disk_free);
    sum.cpu_percent += sample.cpu_percent;
    sum.received_each_second += sample.received_each_second;
    sum.sent_each_second += sample.sent_each_second;
    // Bounds do not vary, and the counts are of a minute already.
    sum.memory_limit = sample.memory_limit;
    sum.disk_size = sample.disk_size;
    sum.answers_each_minute = sample.answers_each_minute;
    sum.members_each_minute = sample.members_each_minute;
}

fn average(minute: i64, sum: &Sample, count: u32) -> Sample {
    let many = u64::from(count).max(1);
    let share = f64::from(count).max(1.0);
    Sample {
        at: Timestamp::from_second(minute.saturating_mul(60)).unwrap_or(sum.at),
        memory_used: sum.memory_used / many,
        resident: sum.resident / many,
        disk_free: sum.disk_free / many,
        cpu_percent: sum.cpu_percent / share,
        received_each_second: sum.received_each_second / share,
        sent_each_second: sum.sent_each_second / share,
        ..*sum
    }
}
