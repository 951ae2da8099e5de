//! Posts, and everybody who answered.

use muster_domain::answer_option::OptionId;
use muster_domain::roster::Place;
use muster_domain::rules::CheckIn;
use muster_store::model::{RosterLine, RosterPart};

use super::*;
use crate::views::samples::{page, signup};
use crate::views::{post, roster};

#[test]
fn a_whole_post_is_in_the_language_of_the_guild() {
    for sheet in sheets() {
        for (mut event, now) in in_phases(&sheet.event) {
            for check_in in [CheckIn::Off, CheckIn::Button] {
                event.rules.check_in = check_in;
                let sheet = Sheet { event: event.clone(), ..sheet.clone() };
                is_all_made_up(&post::announced(words(), &sheet, now));
            }
        }
    }
}

#[test]
fn everybody_who_answered_is_in_the_language_of_the_guild() {
    let places = [Place::Seated, Place::Offered(NOW), Place::Waiting, Place::Passed];
    let parts = [
        RosterPart::Everyone,
        RosterPart::Waitlist,
        RosterPart::Option(OptionId::new(0)),
        RosterPart::Option(OptionId::new(77)),
    ];
    for sheet in sheets() {
        let details = details(&sheet.event);
        let line = |place| RosterLine {
            member: UserId::erased(3),
            signup: signup(place, Guests::parse(1).unwrap()),
            details: details.clone(),
            rank: 1,
        };
        let rows: Vec<_> = places.into_iter().map(line).collect();
        for rows in [page(rows.clone(), 60), page(Vec::new(), 1), page(Vec::new(), 0)] {
            for part in parts {
                is_all_made_up(&roster::page(words(), &sheet, (part, 1), &rows));
            }
            let copied = roster::copied(words(), &sheet, &rows);
            let file = String::from_utf8(copied.files[0].bytes().to_vec()).unwrap();
            is_all_made_up(&serde_json::json!({ "content": file }));
            is_all_made_up(&crate::views::message::Message { files: Vec::new(), ..copied });
        }
    }
}

#[test]
fn what_is_not_in_the_language_would_be_found() {
    let [sheet, ..] = &sheets()[..] else { panic!("no sheet") };
    let found = forgotten(&post::post(Words::usual(), sheet, NOW));
    for said in ["Hosted by", "When", "Waitlist", "from", "Answers close before it begins"] {
        assert!(found.contains(said), "{said} in {found}");
    }
}
