//! Where and when a run takes place that is about the change of a zone's clocks.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use muster_domain::zone::Zone;

use crate::random::Random;

/// 2025 begins.
const FROM_S: i64 = 1_735_689_600;

/// Twelve years later.
const SPAN_S: u64 = 12 * 365 * 86_400;

/// Zones that are tried until one is found whose clocks change.
const TRIES: u32 = 200;

/// A zone shortly before its clocks change.
#[derive(Clone, Debug)]
pub struct Season {
    /// The zone.
    pub zone: Zone,
    /// When the run begins.
    pub begin: Timestamp,
    /// When the clocks change.
    pub change: Timestamp,
    /// A time of day on that day that there is not, or that there is twice, or close to it.
    pub wanted: DateTime,
}

impl Season {
    /// That of a seed: any zone, any of its changes from 2025 to 2037; `None` if no zone is known
    /// whose clocks change.
    #[must_use]
    pub fn of_seed(seed: u64) -> Option<Self> {
        let mut random = Random::stream(seed, "season");
        let names: Vec<_> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        (0..TRIES).find_map(|_| Self::try_one(&names, &mut random))
    }

    fn try_one(names: &[String], random: &mut Random) -> Option<Self> {
        let zone = Zone::parse(random.pick(names)?).ok()?;
        let from = FROM_S + i64::try_from(random.below(SPAN_S)).unwrap_or_default();
        let from = Timestamp::from_second(from).ok()?;
        let change = zone.rules().following(from).next()?.timestamp();
        if change.duration_since(from) > SignedDuration::from_hours(400 * 24) {
            return None;
        }
        let wanted = wanted(zone.rules(), change, random)?;
        let hours = 3 + i64::try_from(random.below(30)).unwrap_or_default();
        let begin = change.checked_sub(SignedDuration::from_hours(hours)).ok()?;
        Some(Self { zone, begin, change, wanted })
    }
}

/// A time of day in the hours that are skipped or repeated, or half an hour around them; `None` if
/// the clocks of the zone stay as they are.
fn wanted(rules: &TimeZone, change: Timestamp, random: &mut Random) -> Option<DateTime> {
    let after = rules.to_datetime(change);
    let before = rules.to_offset(change - SignedDuration::from_secs(1)).to_datetime(change);
    let (early, late) = (before.min(after), before.max(after));
    let long = late.duration_since(early);
    if long.is_zero() || long > SignedDuration::from_hours(3) {
        return None;
    }
    let steps = u64::try_from(long.as_mins() / 5 + 12).unwrap_or(12);
    let minutes = 5 * i64::try_from(random.below(steps)).unwrap_or_default() - 30;
    let wanted = early.checked_add(SignedDuration::from_mins(minutes)).ok()?;
    // On the day itself, so that one date stands for both.
    (wanted.date() == early.date() && wanted.hour() < 19).then_some(wanted)
}

/// The instant at which a zone's clocks show this for the first time; where they skip it, the one
/// later by the gap. Found by looking at every minute, with no rule of any library.
#[must_use]
pub(crate) fn instant_of(zone: &Zone, wanted: DateTime) -> Option<Timestamp> {
    let utc = TimeZone::UTC.to_timestamp(wanted).ok()?;
    let minute = SignedDuration::from_mins(1);
    let mut at = utc.checked_sub(SignedDuration::from_hours(27)).ok()?;
    let mut before = zone.rules().to_datetime(at);
    for _ in 0..2 * 27 * 60 {
        at = at.checked_add(minute).ok()?;
        let shown = zone.rules().to_datetime(at);
        if shown == wanted {
            return Some(at);
        }
        if before < wanted && shown > wanted {
            let gap_begins = before.checked_add(minute).ok()?;
            return at.checked_add(wanted.duration_since(gap_begins)).ok();
        }
        before = shown;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_skipped_moves_on_and_of_two_the_first_counts() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let at = |wanted: &str| instant_of(&zone, wanted.parse().unwrap()).unwrap();
        assert_eq!(at("2026-03-29T02:30:00"), "2026-03-29T01:30:00Z".parse().unwrap());
        assert_eq!(at("2026-10-25T02:30:00"), "2026-10-25T00:30:00Z".parse().unwrap());
        assert_eq!(at("2026-10-25T03:30:00"), "2026-10-25T02:30:00Z".parse().unwrap());
    }

    #[test]
    fn seeds_reach_many_zones() {
        let zones: std::collections::BTreeSet<_> =
            (0..60).map(|seed| Season::of_seed(seed).unwrap().zone.name().to_owned()).collect();
        assert!(zones.len() > 30, "{zones:?}");
    }
}
