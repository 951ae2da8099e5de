//! Time zones by their IANA names.

use std::fmt;

use jiff::tz::TimeZone;
use thiserror::Error;

/// A time zone that people named, such as `Europe/Berlin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: Box<str>,
    rules: TimeZone,
}

/// No zone has this name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no time zone is called \"{given}\"")]
pub struct ZoneError {
    /// What was given, shortened to 60 characters.
    pub given: String,
}

impl Zone {
    /// Finds a zone by its IANA name, in any case, with spaces for underscores.
    pub fn parse(name: &str) -> Result<Self, ZoneError> {
        let tidy = name.trim().replace(' ', "_");
        let unknown = || ZoneError { given: name.chars().take(60).collect() };
        let rules = TimeZone::get(&tidy).map_err(|_| unknown())?;
        let name = rules.iana_name().ok_or_else(unknown)?.into();
        Ok(Self { name, rules })
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its offsets and daylight-saving changes.
    #[must_use]
    pub const fn rules(&self) -> &TimeZone {
        &self.rules
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Names of zones for what a person has typed so far, best first, at most `limit`.
///
/// A name whose city begins with the words comes before one that merely contains them.
#[must_use]
pub fn suggest(typed: &str, limit: usize) -> Vec<String> {
    let wanted = typed.trim().to_lowercase().replace(' ', "_");
    let mut found: Vec<(u8, String)> = jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| is_for_people(name))
        .filter_map(|name| rank(&name.to_lowercase(), &wanted).map(|rank| (rank, name)))
        .collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).take(limit).collect()
}

/// Leaves out the names kept for old software (`EST5EDT`, `Etc/GMT+3`, `posix/…`).
fn is_for_people(name: &str) -> bool {
    name == "UTC" || (name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("posix"))
}

fn rank(name: &str, wanted: &str) -> Option<u8> {
    let city = name.rsplit('/').next().unwrap_or(name);
    if name == wanted || city == wanted {
        Some(0)
    } else if city.starts_with(wanted) {
        Some(1)
    } else if name.starts_with(wanted) {
        Some(2)
    } else if name.contains(wanted) {
        Some(3)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_with_spaces() {
        assert_eq!(Zone::parse("europe/berlin").unwrap().name(), "Europe/Berlin");
        assert_eq!(Zone::parse(" America/New York ").unwrap().name(), "America/New_York");
        let error = Zone::parse("Middle Earth").unwrap_err();
        assert_eq!(error.to_string(), "no time zone is called \"Middle Earth\"");
    }

    #[test]
    fn suggestions_begin_with_the_city() {
        assert_eq!(suggest("berl", 3), ["Europe/Berlin"]);
        assert_eq!(suggest("new y", 1), ["America/New_York"]);
        assert_eq!(suggest("utc", 1), ["UTC"]);
        assert_eq!(suggest("", 25).len(), 25);
        assert!(suggest("nowhere", 25).is_empty());
    }
}
