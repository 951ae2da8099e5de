//! Reads the words of variables: numbers, spans of time, lists of percentages.

use std::time::Duration;

use super::AlertThresholds;

/// A whole number within bounds.
pub(super) fn number(words: &str, least: u64, most: u64) -> Option<u64> {
    words.parse().ok().filter(|number| (least..=most).contains(number))
}

/// A span of time within bounds: a number with `s`, `m`, `h` or `d`; without one it is seconds.
pub(super) fn span(words: &str, least: Duration, most: Duration) -> Option<Duration> {
    let digits = words.trim_end_matches(['s', 'm', 'h', 'd']);
    let seconds = match words.strip_prefix(digits)? {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let span = Duration::from_secs(digits.parse::<u64>().ok()?.checked_mul(seconds)?);
    (least..=most).contains(&span).then_some(span)
}

/// What a switch may be, to follow "it is".
pub const SWITCH: &str = "true or false";

/// Reads a switch: `true` or `false`, and what else people write for them, in any case.
#[must_use]
pub fn switch(words: &str) -> Option<bool> {
    match words.trim().to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" => Some(true),
        "false" | "off" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Ascending percentages from 1 to 100, divided by commas.
fn percentages(words: &str) -> Option<Vec<u8>> {
    let parts = words.split(',').map(|part| part.trim().parse::<u8>().ok());
    let parts = parts.collect::<Option<Vec<_>>>()?;
    let sound =
        parts.iter().all(|part| (1..=100).contains(part)) && parts.is_sorted_by(|a, b| a < b);
    sound.then_some(parts)
}

/// Where Medium, High and Critical begin.
pub(super) fn levels(words: &str) -> Option<[u8; 3]> {
    percentages(words)?.try_into().ok()
}

/// Where the levels of an alert begin: all four, or those from warning on.
pub(super) fn thresholds(words: &str) -> Option<AlertThresholds> {
    match *percentages(words)? {
        [info, warning, critical, emergency] => {
            Some(AlertThresholds { info: Some(info), warning, critical, emergency })
        }
        [warning, critical, emergency] => {
            Some(AlertThresholds { info: None, warning, critical, emergency })
        }
        _ => None,
    }
}

/// A span as it would be written in a variable, in the largest unit that leaves no rest.
#[must_use]
pub fn of_span(span: Duration) -> String {
    let seconds = span.as_secs();
    for (unit, name) in [(86_400, 'd'), (3_600, 'h'), (60, 'm')] {
        if seconds > 0 && seconds.is_multiple_of(unit) {
            return format!("{}{name}", seconds / unit);
        }
    }
    format!("{seconds}s")
}

/// Thresholds as they would be written in a variable.
pub(super) fn of_thresholds(thresholds: AlertThresholds) -> String {
    let AlertThresholds { info, warning, critical, emergency } = thresholds;
    let info = info.map(|info| format!("{info},")).unwrap_or_default();
    format!("{info}{warning},{critical},{emergency}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_a_unit_or_are_seconds() {
        let span = |words| span(words, Duration::from_secs(1), Duration::from_hours(48));
        assert_eq!(span("180"), Some(Duration::from_mins(3)));
        assert_eq!(span("90s"), Some(Duration::from_secs(90)));
        assert_eq!(span("15m"), Some(Duration::from_mins(15)));
        assert_eq!(span("2d"), Some(Duration::from_hours(48)));
        for wrong in ["", "s", "0", "-1", "1.5h", "3d", "5 m", "5ms", "99999999999999999999h"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_switch_is_what_people_write_for_true_and_false() {
        for words in ["true", "on", "yes", "1", "TRUE", "On", " yes "] {
            assert_eq!(switch(words), Some(true), "{words}");
        }
        for words in ["false", "off", "no", "0", "False", "OFF"] {
            assert_eq!(switch(words), Some(false), "{words}");
        }
        for wrong in ["", "2", "y", "maybe", "truely"] {
            assert_eq!(switch(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn percentages_ascend_and_stay_within_a_hundred() {
        assert_eq!(levels("50, 70,85"), Some([50, 70, 85]));
        for wrong in ["", "50,70", "70,50,85", "50,70,101", "0,50,70", "50,50,70", "a,b,c"] {
            assert_eq!(levels(wrong), None, "{wrong}");
        }
        assert_eq!(thresholds("80,90,95").map(of_thresholds).as_deref(), Some("80,90,95"));
        assert_eq!(thresholds("50,70,85,95").map(of_thresholds).as_deref(), Some("50,70,85,95"));
        assert_eq!(thresholds("1,2,3,4,5"), None);
    }

    #[test]
    fn spans_are_written_as_they_are_read() {
        for words in ["1s", "90s", "3m", "6h", "2d"] {
            let span = span(words, Duration::ZERO, Duration::from_hours(48)).unwrap();
            assert_eq!(of_span(span), words);
        }
        assert_eq!(of_span(Duration::ZERO), "0s");
    }
}
