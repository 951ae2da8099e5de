//! What organisers see and do of members: their answers, who was there, and all as files.

use muster_domain::answer_option::OptionId;
use muster_domain::id::InteractionId;
use muster_domain::roster::{Place, Signup};
use muster_engine::check_in_code::ShownCode;
use muster_engine::history::Export;
use muster_engine::rosters::ForMember;
use muster_store::model::{Attendance, AttendanceCounts, Presence, PresenceList, RosterLine};

use super::*;
use crate::views::export::{self, Format};
use crate::views::message::Message;
use crate::views::presence::{self, Done};
use crate::views::samples::{page, posted, signup};
use crate::views::{attendance, members};

const PLACES: [Place; 4] = [Place::Seated, Place::Waiting, Place::Offered(NOW), Place::Passed];

#[test]
fn what_organisers_answer_for_members_is_in_the_language_of_the_guild() {
    let member = UserId::erased(7);
    for sheet in sheets() {
        let event = &sheet.event;
        is_all_made_up(&members::panel(words(), event));
        let last = event.options.iter().last().unwrap().id;
        for (id, place) in [OptionId::new(0), last, OptionId::new(99)]
            .into_iter()
            .flat_map(|id| PLACES.map(|place| (id, place)))
        {
            let signup = Signup { option: id, ..signup(place, Guests::NONE) };
            let details = SignupDetails::default();
            let line = RosterLine { member, signup, details, rank: 3 };
            for before in [None, Some(signup)] {
                for now in [None, Some(line.clone())] {
                    let of = ForMember { posted: posted(sheet.clone()), before, now, version: 1 };
                    is_all_made_up(&members::done(words(), member, &of));
                    is_all_made_up(&members::swapped(words(), member, UserId::new(8), &of));
                }
            }
            is_all_made_up(&members::would_lose_place(words(), event, member, (signup, last)));
            for option in event.options.offered() {
                is_all_made_up(&members::who(words(), event, option));
            }
        }
    }
}

#[test]
fn who_was_there_is_in_the_language_of_the_guild() {
    let event = without_letters();
    let rows = vec![
        (UserId::erased(1), Some(Presence::Present)),
        (UserId::new(2), Some(Presence::Absent)),
        (UserId::new(3), None),
    ];
    let list = |rows, present, total| PresenceList {
        event: event.clone(),
        present,
        absent: present,
        rows,
        total,
    };
    let lists = [
        list(rows.clone(), 1, 60),
        list(rows, 0, 3),
        list(Vec::new(), 1, 60),
        list(Vec::new(), 0, 0),
    ];
    for list in lists {
        for done in [
            Done::Nothing,
            Done::Marked(0, Presence::Present),
            Done::Marked(1, Presence::Present),
            Done::Marked(2, Presence::Absent),
            Done::TakenBack(1),
        ] {
            let undo = Some(InteractionId::new(5));
            is_all_made_up(&presence::panel(words(), &list, 1, done, undo));
        }
    }
    is_all_made_up(&presence::here(words()));
    is_all_made_up(&presence::here_already(words()));
    let code = ShownCode { event: event.clone(), code: "123456".into(), until: NOW };
    is_all_made_up(&presence::code(words(), &code));
    // What a code looks like is the same in every language.
    assert_eq!(forgotten(&presence::code_form(words(), event.id)), "ACD 3F7");
}

#[test]
fn what_a_member_answered_is_in_the_language_of_the_guild() {
    let all =
        AttendanceCounts { events: 60, coming: 9, waiting: 9, maybe: 9, not_coming: 9, absent: 2 };
    for sheet in sheets() {
        let row = posted(sheet);
        for begun in [all, AttendanceCounts::default()] {
            for member in [UserId::new(7), UserId::erased(7)] {
                let rows = PLACES.map(|place| (row.clone(), signup(place, Guests::NONE)));
                for answers in [page(rows.to_vec(), 60), page(Vec::new(), 9), page(Vec::new(), 0)] {
                    let found = Attendance { begun, answers };
                    is_all_made_up(&attendance::attendance(words(), member, &found, 1, NOW));
                }
            }
        }
    }
}

#[test]
fn what_is_said_beside_an_export_is_in_the_language_of_the_guild() {
    for sheet in sheets() {
        for total in [0, 1, 2] {
            let (signups, history) = (page(Vec::new(), total), page(Vec::new(), total));
            let (posted, presences) = (posted(sheet.clone()), [].into());
            let export = Export { posted, signups, history, presences };
            let told = export::export(words(), export, Format::Csv);
            is_all_made_up(&Message { files: Vec::new(), ..told });
        }
    }
}
