//! Lists of events, and of a member's own answers.

use muster_domain::roster::{Place, Signup};

use super::*;
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
