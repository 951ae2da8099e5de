//! Zones named in a text: "UTC", "UTC+2", "+02:00", "Europe/Berlin", "CET".

use jiff::tz::{Offset, TimeZone};

use super::error::{WhenError, shortened};
use super::tokens::Cursor;

/// The largest offsets in use: Baker Island and Kiribati.
const OFFSET_HOURS: (i32, i32) = (-12, 14);

/// Tokens that one name of a zone can have: America/Port-au-Prince has seven.
const NAME_TOKENS_MAX: usize = 10;

/// A short name, the offset in minutes that it stands for, and the zone whose clocks show it.
type Abbreviation = (&'static str, Option<i32>, &'static str);

/// Short names that mean one zone. Those without an offset name the clocks of a place, whatever
/// the season ("8pm ET").
const ABBREVIATIONS: &[Abbreviation] = &[
    ("est", Some(-300), "America/New_York"),
    ("edt", Some(-240), "America/New_York"),
    ("et", None, "America/New_York"),
    ("eastern", None, "America/New_York"),
    ("cdt", Some(-300), "America/Chicago"),
    ("ct", None, "America/Chicago"),
    ("mst", Some(-420), "America/Denver"),
    ("mdt", Some(-360), "America/Denver"),
    ("mt", None, "America/Denver"),
    ("mountain", None, "America/Denver"),
    ("pst", Some(-480), "America/Los_Angeles"),
    ("pdt", Some(-420), "America/Los_Angeles"),
    ("pt", None, "America/Los_Angeles"),
    ("pacific", None, "America/Los_Angeles"),
    ("akst", Some(-540), "America/Anchorage"),
    ("akdt", Some(-480), "America/Anchorage"),
    ("hst", Some(-600), "Pacific/Honolulu"),
    ("brt", Some(-180), "America/Sao_Paulo"),
    ("wet", Some(0), "Europe/Lisbon"),
    ("west", Some(60), "Europe/Lisbon"),
    ("cet", Some(60), "Europe/Paris"),
    ("cest", Some(120), "Europe/Paris"),
    ("mez", Some(60), "Europe/Berlin"),
    ("mesz", Some(120), "Europe/Berlin"),
    ("eet", Some(120), "Europe/Helsinki"),
    ("eest", Some(180), "Europe/Helsinki"),
    ("msk", Some(180), "Europe/Moscow"),
    ("trt", Some(180), "Europe/Istanbul"),
    ("sast", Some(120), "Africa/Johannesburg"),
    ("pkt", Some(300), "Asia/Karachi"),
    ("ict", Some(420), "Asia/Bangkok"),
    ("wib", Some(420), "Asia/Jakarta"),
    ("sgt", Some(480), "Asia/Singapore"),
    ("hkt", Some(480), "Asia/Hong_Kong"),
    ("pht", Some(480), "Asia/Manila"),
    ("jst", Some(540), "Asia/Tokyo"),
    ("kst", Some(540), "Asia/Seoul"),
    ("awst", Some(480), "Australia/Perth"),
    ("acst", Some(570), "Australia/Adelaide"),
    ("acdt", Some(630), "Australia/Adelaide"),
    ("aest", Some(600), "Australia/Brisbane"),
    ("aedt", Some(660), "Australia/Sydney"),
    ("nzst", Some(720), "Pacific/Auckland"),
    ("nzdt", Some(780), "Pacific/Auckland"),
];

/// Short names that several zones share, and what to write instead.
const SHARED: &[(&str, &str)] = &[
    ("cst", "\"America/Chicago\" or \"Asia/Shanghai\""),
    ("ist", "\"Asia/Kolkata\", \"Europe/Dublin\" or \"Asia/Jerusalem\""),
    ("bst", "\"Europe/London\" or \"Asia/Dhaka\""),
    ("ast", "\"America/Halifax\" or \"Asia/Riyadh\""),
    ("adt", "\"America/Halifax\" or \"Asia/Baghdad\""),
    ("gst", "\"Asia/Dubai\" or \"Atlantic/South_Georgia\""),
    ("sst", "\"Pacific/Pago_Pago\" or \"Asia/Singapore\""),
    ("amt", "\"America/Manaus\" or \"Asia/Yerevan\""),
    ("wst", "\"Australia/Perth\" or \"Pacific/Apia\""),
    ("ect", "\"America/Guayaquil\" or \"Europe/Paris\""),
    ("central", "\"America/Chicago\" or \"Europe/Paris\""),
];

/// What a text says about its zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NamedZone {
    /// An offset or a full name.
    Plain(TimeZone),
    /// A short name. Where the clocks of the place show another offset at that date ("8pm EST" in
    /// July), both are meant by somebody.
    Short {
        /// What the short name stands for.
        literal: TimeZone,
        /// Where people use it.
        place: TimeZone,
    },
}

impl NamedZone {
    /// The zones in which the text has to be read, one or two.
    pub(super) fn readings(&self) -> Vec<&TimeZone> {
        match self {
            Self::Plain(zone) => vec![zone],
            Self::Short { literal, place } => vec![literal, place],
        }
    }
}

/// A way to read a zone at a place, with the place after it and how far-fetched it is.
pub(super) type ZoneStep<'t> = (NamedZone, Cursor<'t>, u8);

/// Every zone that a text can name here; an error if it names one that is not to be had.
pub(super) fn zones(start: Cursor<'_>) -> Result<Vec<ZoneStep<'_>>, WhenError> {
    if let Some(word) = start.word() {
        return named(word, start);
    }
    Ok(lone_offset(start).into_iter().collect())
}

fn named<'t>(word: &str, start: Cursor<'t>) -> Result<Vec<ZoneStep<'t>>, WhenError> {
    let rest = start.skip(1);
    match word {
        "utc" | "gmt" => return Ok(universal(rest)),
        "z" if start.is_glued() => return Ok(vec![(NamedZone::Plain(TimeZone::UTC), rest, 0)]),
        _ => {}
    }
    if let Some((_, instead)) = SHARED.iter().find(|(name, _)| *name == word) {
        let name = word.to_uppercase();
        return Err(WhenError::AmbiguousZone { name, instead });
    }
    let short = ABBREVIATIONS.iter().find(|(name, ..)| *name == word);
    if let Some(&(_, minutes, place)) = short {
        let zone = abbreviated(minutes, place);
        return Ok(zone.into_iter().map(|zone| (zone, rest, 0)).collect());
    }
    iana(start)
}

fn abbreviated(minutes: Option<i32>, place: &str) -> Option<NamedZone> {
    let place = TimeZone::get(place).ok()?;
    let Some(minutes) = minutes else {
        return Some(NamedZone::Plain(place));
    };
    let literal = Offset::from_seconds(minutes * 60).ok()?.to_time_zone();
    Some(NamedZone::Short { literal, place })
}

/// "UTC" alone, and "UTC+2".
fn universal(rest: Cursor<'_>) -> Vec<ZoneStep<'_>> {
    let shifted = offset(rest).filter(|_| rest.is_glued() || rest.is_sign('+'));
    match shifted {
        // "8pm utc-10pm" is also a range, though the offset is likelier where both are possible.
        Some((zone, after)) => {
            vec![(NamedZone::Plain(zone), after, 0), (NamedZone::Plain(TimeZone::UTC), rest, 1)]
        }
        None => vec![(NamedZone::Plain(TimeZone::UTC), rest, 0)],
    }
}

/// "+2", "+02:00", and " -05:00" where the space tells it from a range.
fn lone_offset(start: Cursor<'_>) -> Option<ZoneStep<'_>> {
    let written_out = start.skip(1).number().is_some_and(|n| n.digits >= 2)
        && (start.skip(2).is_sign(':') || start.skip(1).number().is_some_and(|n| n.digits == 4));
    if start.is_sign('-') && (start.is_glued() || !written_out) {
        return None;
    }
    let (zone, rest) = offset(start)?;
    Some((NamedZone::Plain(zone), rest, 0))
}

/// A sign and hours, with or without minutes: "+2", "-5:30", "+0200".
pub(super) fn offset(start: Cursor<'_>) -> Option<(TimeZone, Cursor<'_>)> {
    let negative = match start.sign()? {
        '+' => false,
        '-' => true,
        _ => return None,
    };
    let first = start.skip(1).glued_number()?;
    let value = i32::try_from(first.value).ok()?;
    let rest = start.skip(2);
    let colon = rest.after_sign(':').filter(|_| rest.is_glued());
    let minutes = colon.and_then(Cursor::glued_number);
    let (hours, minutes, rest) = match (first.digits, minutes) {
        (1 | 2, Some(minutes)) if minutes.digits == 2 => {
            (value, i32::try_from(minutes.value).ok()?, rest.skip(2))
        }
        (1 | 2, _) => (value, 0, rest),
        (4, None) => (value / 100, value % 100, rest),
        _ => return None,
    };
    let total = if negative { -1 } else { 1 } * (hours * 60 + minutes);
    let (least, most) = OFFSET_HOURS;
    let sound = minutes < 60 && (least * 60..=most * 60).contains(&total);
    let offset = Offset::from_seconds(total * 60).ok().filter(|_| sound)?;
    Some((offset.to_time_zone(), rest))
}

/// "europe/berlin", "america/new york".
fn iana(start: Cursor<'_>) -> Result<Vec<ZoneStep<'_>>, WhenError> {
    let slash = start.skip(1);
    if !(slash.is_glued() && slash.is_sign('/')) || start.meaning().is_some() {
        return Ok(Vec::new());
    }
    // The longest name wins, so that "America/Indiana/Knox" is not cut short.
    let mut ends = Vec::with_capacity(NAME_TOKENS_MAX);
    let mut end = slash;
    while !end.is_end() && end.position() - start.position() < NAME_TOKENS_MAX {
        end = end.skip(1);
        ends.push(end);
    }
    for end in ends.into_iter().rev() {
        let name = start.written_until(end).replace(' ', "_");
        if let Ok(zone) = TimeZone::get(&name) {
            return Ok(vec![(NamedZone::Plain(zone), end, 0)]);
        }
    }
    Err(WhenError::UnknownZone { name: shortened(start.chunk()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::when::words;

    #[test]
    fn every_short_name_is_known_to_the_zone_database_and_means_nothing_else() {
        for (name, minutes, place) in ABBREVIATIONS {
            assert!(abbreviated(*minutes, place).is_some(), "{name}");
            assert_eq!(words::meaning(name), None, "{name}");
        }
        for (name, instead) in SHARED {
            assert_eq!(words::meaning(name), None, "{name}");
            for zone in instead.split('"').skip(1).step_by(2) {
                assert!(TimeZone::get(zone).is_ok(), "{name}: {zone}");
            }
        }
    }

    #[test]
    fn every_offset_of_a_short_name_is_used_at_its_place_this_year() {
        for (name, minutes, place) in ABBREVIATIONS {
            let Some(minutes) = minutes else { continue };
            let zone = TimeZone::get(place).unwrap();
            let shown = ["2026-01-15T12:00Z", "2026-07-15T12:00Z"].map(|at| {
                let at: jiff::Timestamp = at.parse().unwrap();
                zone.to_offset(at).seconds() / 60
            });
            assert!(shown.contains(minutes), "{name}: {shown:?}");
        }
    }
}
