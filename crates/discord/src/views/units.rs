//! Amounts as people read them: bytes, shares, how long something took or lasts.

use std::time::Duration;

pub use muster_vitals::figures::{lasting, number};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TEN_GIB: u64 = 10 * GIB;

/// Blocks of a bar; more would wrap on a phone.
const BAR: u64 = 12;

/// "740 B", "31.4 MiB", "1,280 MiB", "40.2 GiB": mebibytes for all that limits are given in.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..KIB => format!("{bytes} B"),
        KIB..MIB => tenths(bytes, KIB, "KiB"),
        MIB..TEN_GIB => tenths(bytes, MIB, "MiB"),
        _ => tenths(bytes, GIB, "GiB"),
    }
}

/// One digit after the point below 100, and none above.
fn tenths(amount: u64, unit: u64, name: &str) -> String {
    let tenths = u128::from(amount) * 10 / u128::from(unit.max(1));
    match (tenths / 10, tenths % 10) {
        (whole, part) if whole < 100 && part > 0 => format!("{whole}.{part} {name}"),
        (whole, _) => format!("{} {name}", number(u64::try_from(whole).unwrap_or(u64::MAX))),
    }
}

/// "2.4 %", "98 %"; never rounded up, so that 100 % is all of it.
#[must_use]
pub fn percent(percent: f64) -> String {
    let tenths = whole(percent * 10.0);
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} %"),
        (whole, part) => format!("{whole}.{part} %"),
    }
}

/// A number without what stands behind its point; 0 if it is below 0 or none.
#[must_use]
pub fn whole(number: f64) -> u64 {
    // Beyond a billion of anything, more says no more.
    let bounded = if number.is_nan() { 0.0 } else { number.clamp(0.0, 1e9) };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between 0 and 1e9"
    )]
    let whole = bounded as u64;
    whole
}

/// How long something took: "0.4 ms", "42 ms", "3.1 s"; longer ones as [`lasting`] has them.
#[must_use]
pub fn took(took: Duration) -> String {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    match micros {
        0 => "0 ms".to_owned(),
        1..100 => "0.1 ms".to_owned(),
        100..1_000_000 => tenths(micros, 1_000, "ms"),
        1_000_000..60_000_000 => tenths(micros, 1_000_000, "s"),
        _ => lasting(took),
    }
}

/// A bar of blocks, for where no picture can be.
#[must_use]
pub fn bar(percent: f64) -> String {
    let full = (whole(percent) * BAR).div_ceil(100).min(BAR);
    (0..BAR).map(|block| if block < full { '▰' } else { '▱' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_the_unit_that_suits_them() {
        let all = [0, 740, 1_024, 32_926_000, 104_857_600, 1_342_177_280, u64::MAX].map(bytes);
        let expected =
            ["0 B", "740 B", "1 KiB", "31.4 MiB", "100 MiB", "1,280 MiB", "17,179,869,183 GiB"];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_share_that_lacks_something_is_never_all() {
        let all = [0.0, 2.449, 98.0, 99.99, 100.0, f64::NAN, -3.0].map(percent);
        assert_eq!(all, ["0 %", "2.4 %", "98 %", "99.9 %", "100 %", "0 %", "0 %"]);
    }

    #[test]
    fn what_took_long_and_what_took_no_time_can_both_be_read() {
        let all = [0, 40, 400, 4_200, 999_999, 3_100_000, 90_000_000].map(Duration::from_micros);
        let expected = ["0 ms", "0.1 ms", "0.4 ms", "4.2 ms", "999 ms", "3.1 s", "1 min 30 s"];
        assert_eq!(all.map(took), expected);
    }

    #[test]
    fn a_bar_shows_that_there_is_something_and_overflows_nothing() {
        let all = [0.0, 1.0, 50.0, 100.0, 900.0].map(bar);
        assert_eq!(all[0], "▱▱▱▱▱▱▱▱▱▱▱▱");
        assert_eq!(all[1], "▰▱▱▱▱▱▱▱▱▱▱▱");
        assert_eq!(all[2], "▰▰▰▰▰▰▱▱▱▱▱▱");
        assert_eq!([&*all[3], &*all[4]], ["▰▰▰▰▰▰▰▰▰▰▰▰"; 2]);
    }
}
