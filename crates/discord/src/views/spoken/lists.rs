//! Lists of events, and of a member's own answers.

use jiff::ToSpan as _;
use jiff::civil::date;
use jiff::tz::TimeZone;
use muster_domain::roster::{Place, Signup};
use muster_engine::silent::Silent;

use super::*;
use crate::views::day::{self, Day, Name};
use crate::views::message::Message;
use crate::views::samples::{page, posted, signup};
use crate::views::{lists, undo};

#[test]
fn lists_are_in_the_language_of_the_guild() {
    let places = [Place::Seated, Place::Offered(NOW), Place::Waiting, Place::Passed];
    let mut rows = Vec::new();
    for sheet in sheets() {
        for (event, now) in in_phases(&sheet.event) {
            rows.push((posted(Sheet { event, ..sheet.clone() }), now));
        }
    }
    for (row, now) in rows {
        let (some, none) = (page(vec![row.clone()], 60), page(Vec::new(), 60));
        for (page, number) in [(&some, 1), (&none, 1), (&page(Vec::new(), 0), 0)] {
            for organiser in [true, false] {
                is_all_made_up(&lists::upcoming(words(), page, number, organiser, now));
            }
            is_all_made_up(&lists::called_off(words(), page, number, now));
        }
        let own = places.map(|place| -> Signup { signup(place, Guests::NONE) });
        let own = own.map(|signup| (row.clone(), signup)).to_vec();
        is_all_made_up(&lists::mine(words(), &page(own, 60), 1, now));
        is_all_made_up(&lists::mine(words(), &page(Vec::new(), 0), 0, now));
        // In the choice, below a title stands its day, which is said in English still.
        let found = forgotten(&undo::called_off(words(), &some, 1, now));
        assert!(found.lines().all(|line| line.starts_with("Fri 27 Nov 2026")), "{found}");
    }
}

#[test]
fn a_day_is_in_the_language_of_the_guild() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    for months in 0_i64..12 {
        let (words, date) = (words(), date(2026, 11, 27) + (31 * months).days());
        for name in [Name::Today, Name::Yesterday] {
            let empty = Day { words, name, date, zone: &zone, silent: &[] };
            is_but_for_the_zone(&day::day(&empty, &[], NOW));
        }
    }
    for sheet in sheets() {
        for (event, now) in in_phases(&sheet.event) {
            let row = posted(Sheet { event, ..sheet.clone() });
            for (count, members) in [(1, 3), (9, 500)] {
                let members: Vec<_> = (1..=members).map(UserId::new).collect();
                let mut silent = vec![Silent::MaySeeIt(members.clone()); count];
                silent.insert(0, Silent::CameLately(members));
                let (words, name) = (words(), Name::Today);
                let date = date(2026, 11, 27);
                let today = Day { words, name, date, zone: &zone, silent: &silent };
                is_but_for_the_zone(&day::day(&today, &vec![row.clone(); count], now));
            }
        }
    }
}

/// The name of a zone is the same in every language.
#[track_caller]
fn is_but_for_the_zone(shown: &Message) {
    let left = forgotten(shown).replace("Europe/Berlin", "");
    assert!(!left.contains(char::is_alphabetic), "{left}");
}
