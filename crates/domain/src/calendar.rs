//! An event as a calendar file that updates in calendars instead of doubling (RFC 5545).

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::event::{Event, Phase};

/// Octets of one line, without its end (RFC 5545, section 3.1).
const LINE_MAX: usize = 75;

/// The file for one event as it is at `now`. `link` leads to its post.
///
/// A calendar that has the event replaces it: the identity stays, and the version grows with every
/// change (RFC 5545, sections 3.8.4.7 and 3.8.7.4).
#[must_use]
pub fn file(event: &Event, link: &str, now: Timestamp) -> String {
    let details = &event.details;
    let status = match event.phase(now) {
        Phase::Cancelled | Phase::Deleted => "CANCELLED",
        Phase::Open | Phase::Closed | Phase::Running | Phase::Over => "CONFIRMED",
    };
    let mut lines = Lines::default();
    lines.add("BEGIN", "VCALENDAR");
    lines.add("VERSION", "2.0");
    lines.add("PRODID", "-//Muster//Muster//EN");
    lines.add("BEGIN", "VEVENT");
    lines.add("UID", &format!("event-{}-{}@muster", event.guild, event.id));
    lines.add("SEQUENCE", &event.version.to_string());
    lines.add("DTSTAMP", &instant(now));
    lines.add("DTSTART", &instant(details.span.start()));
    lines.add("DTEND", &instant(details.span.end()));
    lines.add("SUMMARY", &escaped(details.title.as_str()));
    if let Some(description) = &details.description {
        lines.add("DESCRIPTION", &escaped(description.as_str()));
    }
    if let Some(location) = &details.location {
        lines.add("LOCATION", &escaped(location.as_str()));
    }
    lines.add("URL", link);
    lines.add("STATUS", status);
    lines.add("END", "VEVENT");
    lines.add("END", "VCALENDAR");
    lines.0
}

/// An instant in UTC, which every calendar shows in its owner's zone.
fn instant(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Text with what means something to a calendar taken literally (RFC 5545, section 3.3.11).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Content lines, folded.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, name: &str, value: &str) {
        let mut room = LINE_MAX;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE_MAX - 1;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        // Writing to a text cannot fail.
        let _written = self.0.write_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::EventChange;
    use crate::event::tests::{at, event};
    use crate::text::{Description, Location, Title};

    const LINK: &str = "https://discord.com/channels/2/3/4";

    #[test]
    fn an_event_is_one_entry_in_utc() {
        let lines: Vec<_> = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Muster//Muster//EN"]
            .into_iter()
            .chain(["BEGIN:VEVENT", "UID:event-2-1@muster", "SEQUENCE:1"])
            .chain(["DTSTAMP:20261127T120000Z", "DTSTART:20261127T180000Z"])
            .chain(["DTEND:20261127T200000Z", "SUMMARY:Raid"])
            .chain(["URL:https://discord.com/channels/2/3/4", "STATUS:CONFIRMED"])
            .chain(["END:VEVENT", "END:VCALENDAR", ""])
            .collect();
        assert_eq!(file(&event(), LINK, at(12)), lines.join("\r\n"));
    }

    #[test]
    fn a_cancelled_event_replaces_its_entry() {
        let cancelled = event().change(&EventChange::Cancel, at(12)).unwrap();
        let file = file(&cancelled, LINK, at(12));
        assert!(file.contains("UID:event-2-1@muster\r\nSEQUENCE:2\r\n"));
        assert!(file.contains("STATUS:CANCELLED\r\n"));
    }

    #[test]
    fn long_texts_are_folded_between_characters_and_unfold_to_what_they_were() {
        let mut event = event();
        event.details.title = Title::parse("Kochen; Essen, Trinken \\ Üben").unwrap();
        event.details.description = Some(Description::parse(&"grüße 🎉 ".repeat(60)).unwrap());
        event.details.location = Some(Location::parse("Hall 1, left").unwrap());
        let file = file(&event, LINK, at(12));
        assert!(file.split("\r\n").all(|line| line.len() <= LINE_MAX));
        let unfolded = file.replace("\r\n ", "");
        assert!(unfolded.contains("SUMMARY:Kochen\\; Essen\\, Trinken \\\\ Üben\r\n"));
        assert!(unfolded.contains(&"grüße 🎉 ".repeat(59)));
        assert!(unfolded.contains("LOCATION:Hall 1\\, left\r\n"));
    }
}
