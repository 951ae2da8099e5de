//! Figures as people read them, in Discord and on the dashboard.

use std::time::Duration;

/// A count in groups of three digits: "4,960".
#[must_use]
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// How long something lasts, in its two largest units: "42 s", "25 min", "3 h 12 min", "5 d 4 h".
#[must_use]
pub fn lasting(lasts: Duration) -> String {
    let seconds = lasts.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let two = |large, name, small, below| match small {
        0 => format!("{} {name}", number(large)),
        small => format!("{} {name} {small} {below}", number(large)),
    };
    if seconds < 60 {
        format!("{seconds} s")
    } else if hours == 0 {
        two(minutes, "min", seconds % 60, "s")
    } else if days == 0 {
        two(hours, "h", minutes % 60, "min")
    } else {
        two(days, "d", hours % 24, "h")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let all = [0, 7, 999, 4_960, 1_234_567].map(number);
        assert_eq!(all, ["0", "7", "999", "4,960", "1,234,567"]);
    }

    #[test]
    fn a_while_has_two_units_at_most() {
        let all = [0, 59, 90, 1_500, 11_520, 7_200, 446_400, 864_000].map(Duration::from_secs);
        let expected =
            ["0 s", "59 s", "1 min 30 s", "25 min", "3 h 12 min", "2 h", "5 d 4 h", "10 d"];
        assert_eq!(all.map(lasting), expected);
    }
}
