//! Figures as people read them.

use std::time::Duration;

use jiff::Timestamp;
use muster_vitals::figures::lasting;
pub(crate) use muster_vitals::figures::number;
use muster_vitals::snapshot::Subject;
use muster_vitals::watched::CleanUp;

use crate::metrics::number as figure;

/// "12.3 MiB".
pub(crate) fn bytes(bytes: u64) -> String {
    rate(figure(bytes))
}

/// The same of a part of one.
pub(crate) fn rate(bytes: f64) -> String {
    let mut value = bytes.max(0.0);
    let mut units = ["B", "KiB", "MiB", "GiB", "TiB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for next in units {
        if value < 1_023.5 {
            break;
        }
        value /= 1_024.0;
        unit = next;
    }
    if unit == "B" || value >= 99.95 {
        format!("{value:.0} {unit}")
    } else if unit == "GiB" && value < 9.995 {
        format!("{value:.2} {unit}")
    } else {
        format!("{value:.1} {unit}")
    }
}

/// "42 %", "0.4 %".
pub(crate) fn percent(percent: f64) -> String {
    if percent > 0.0 && percent < 9.95 {
        format!("{percent:.1} %")
    } else if percent > 99.0 && percent < 100.0 {
        // Not quite all is never told as all.
        format!("{:.1} %", percent.min(99.9))
    } else {
        format!("{percent:.0} %")
    }
}

/// How long something took: "0.35 ms", "12 ms", "1.2 s".
pub(crate) fn took(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1_000.0;
    match ms {
        ms if ms < 0.001 => "0 ms".to_owned(),
        ms if ms < 0.995 => format!("{ms:.2} ms"),
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        ms if ms < 59_950.0 => format!("{:.1} s", ms / 1_000.0),
        _ => span(duration),
    }
}

/// A long time in its two largest units: "3 d 4 h", "12 min", "5 s".
pub(crate) fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    // Seconds beside minutes would only flicker.
    let shown = if seconds < 60 { seconds } else { seconds - seconds % 60 };
    lasting(Duration::from_secs(shown))
}

/// How long ago: "12 min ago", "just now".
pub(crate) fn ago(now: Timestamp, then: Timestamp) -> String {
    match since(now, then) {
        passed if passed < Duration::from_secs(5) => "just now".to_owned(),
        passed => format!("{} ago", span(passed)),
    }
}

/// How long until then: "in 12 min", "now".
pub(crate) fn until(now: Timestamp, then: Timestamp) -> String {
    match since(then, now) {
        left if left.is_zero() => "now".to_owned(),
        left => format!("in {}", span(left)),
    }
}

/// From then to now; zero the other way round.
pub(crate) fn since(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

/// "member 123".
pub(crate) fn subject(subject: Subject) -> String {
    match subject {
        Subject::Member(id) => format!("member {id}"),
        Subject::Guild(id) => format!("server {id}"),
    }
}

/// What a clean-up did, in a sentence.
pub(crate) fn clean_up(done: &CleanUp) -> String {
    let back = done.resident_before.saturating_sub(done.resident_after);
    let parts: Vec<String> = done
        .reclaimed
        .iter()
        .filter(|one| one.freed > 0)
        .map(|one| format!("{} {}", one.name, bytes(one.freed)))
        .collect();
    let parts = if parts.is_empty() { "nothing to let go of".to_owned() } else { parts.join(", ") };
    format!(
        "Clean-up gave {} back to the system in {}: resident memory {} before, {} after ({parts}).",
        bytes(back),
        took(done.took),
        bytes(done.resident_before),
        bytes(done.resident_after)
    )
}

/// With its first letter in upper case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(1_023), "1023 B");
        assert_eq!(bytes(1_024), "1.0 KiB");
        assert_eq!(bytes(1_048_575), "1.0 MiB");
        assert_eq!(bytes(800 << 20), "800 MiB");
        assert_eq!(bytes(1_280 << 20), "1.25 GiB");
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.42), "0.4 %");
        assert_eq!(percent(99.5), "99.5 %");
        assert_eq!(percent(99.97), "99.9 %");
        assert_eq!(percent(100.0), "100 %");
        assert_eq!(took(Duration::from_micros(350)), "0.35 ms");
        assert_eq!(took(Duration::from_millis(42)), "42 ms");
        assert_eq!(took(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(span(Duration::from_secs(0)), "0 s");
        assert_eq!(span(Duration::from_hours(28)), "1 d 4 h");
        assert_eq!(span(Duration::from_secs(754)), "12 min");
        assert_eq!(capitalised("member 1"), "Member 1");
    }

    #[test]
    fn the_past_and_the_future_are_told_apart() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let then = Timestamp::from_second(999_280).unwrap();
        assert_eq!(ago(now, then), "12 min ago");
        assert_eq!(ago(now, now), "just now");
        assert_eq!(until(then, now), "in 12 min");
        assert_eq!(until(now, then), "now");
    }
}
