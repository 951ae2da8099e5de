//! The panels where organisers edit the answers and the rules of an event.

use jiff::SignedDuration;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{RoleId, SeriesId};
use muster_domain::rules::{CheckIn, EventRules, Minimum};
use muster_domain::settings::GuildSettings;
use muster_engine::series::SeriesView;

use super::*;
use crate::custom_id::{AnswersOf, FormAction};
use crate::views::answers::{self, Edited};
use crate::views::rules;
use crate::views::samples::{posted, series_of};
use crate::views::undo::{Made, Moves};

/// Everything that a panel can answer.
const MADE: [Made; 4] = [
    Made::Nothing,
    Made::Change,
    Made::Moves(Moves { promoted: 1, offered: 2, unseated: 3 }),
    Made::Overtaken,
];

/// Fails if something is not in the made-up language but what these fields are called, which a
/// refusal says as well.
#[track_caller]
fn is_made_up_but_for_fields(shown: &impl serde::Serialize, fields: &[&str]) {
    let found = forgotten(shown);
    let left: Vec<_> = found.lines().filter(|line| !fields.contains(line)).collect();
    assert_eq!(left, [""; 0]);
}

/// All forms and panels of answers.
fn is_edited_in_the_language(edited: &Edited<'_>) {
    for made in MADE {
        is_all_made_up(&answers::list(edited, made));
        for option in edited.options.offered() {
            is_all_made_up(&answers::one(edited, option.id, made).unwrap());
            let fields = ["Places", "Places under the heading"];
            let action = FormAction::AnswerFace(edited.of, option.id, 1);
            let form = answers::face_form(words(), action, edited.options, option);
            is_made_up_but_for_fields(&form, &fields);
            let form = answers::new_form(words(), FormAction::AnswerNew(edited.of));
            is_made_up_but_for_fields(&form, &fields);
        }
    }
}

#[test]
fn the_answers_of_an_event_are_edited_in_the_language_of_the_guild() {
    for mut sheet in sheets() {
        // What only some answers have.
        let options = sheet.event.options.iter().map(|option| AnswerOption {
            allowed: Box::from([RoleId::new(1), RoleId::new(2)]),
            told: option.id != OptionId::new(0),
            ..option.clone()
        });
        let shared = sheet.event.options.shared().to_vec();
        sheet.event.options = Options::new(options.collect()).unwrap().sharing(shared);
        let there = posted(sheet);
        let mut not_yet = there.clone();
        not_yet.post.message = None;
        for posted in [&there, &not_yet] {
            is_edited_in_the_language(&Edited::of_event(words(), posted));
        }
        // The date that it repeats is said as it is read.
        let said = forgotten(&answers::editor(words(), &not_yet, NOW, &[]));
        let left = said.replace("Fri 27 Nov 2026", "").replace("Europe/Berlin", "");
        assert!(!left.contains(char::is_alphabetic), "{left}");
    }
    // Thirty answers that are called by their numbers are written so.
    let many = posted(sheets().swap_remove(7));
    is_all_made_up(&answers::words_form(&Edited::of_event(words(), &many)).unwrap());
}

#[test]
fn the_answers_of_a_series_are_edited_in_the_language_of_the_guild() {
    for held_until in [None, Some(NOW), Some(jiff::Timestamp::MAX)] {
        let series = series_of(&without_letters(), "", None);
        let series = muster_domain::series::Series { held_until, ..series };
        let (settings, events, made) = (GuildSettings::default(), vec![], vec![]);
        let view = SeriesView { series, settings, events, made };
        let edited = Edited::of_series(words(), &view, NOW);
        assert_eq!(edited.of, AnswersOf::Series(SeriesId::new(1)));
        is_edited_in_the_language(&edited);
        // When a series takes place is said with the rest of it.
        let said = forgotten(&answers::series_editor(words(), &view, &[], NOW));
        let left = said.replace("every Tuesday and Thursday", "").replace("Europe/Berlin", "");
        assert!(!left.contains(char::is_alphabetic), "{left}");
    }
}

/// Events with every rule there is, and with none.
fn ruled() -> Vec<Event> {
    let rules = EventRules {
        guests_max: Guests::parse(2).unwrap(),
        offer: Some(SignedDuration::from_mins(1_530)),
        close_before: SignedDuration::from_hours(26),
        minimum: Some(Minimum {
            people: Capacity::parse(6).unwrap(),
            before_start: SignedDuration::from_hours(12),
        }),
        names_hidden: true,
        ..EventRules::default()
    };
    let series = Some(SeriesId::new(1));
    let mut all = vec![without_letters(), Event { rules, series, ..without_letters() }];
    for check_in in [CheckIn::Button, CheckIn::Code] {
        let rules = EventRules { check_in, ..EventRules::default() };
        all.push(Event { rules, ..without_letters() });
    }
    all
}

#[test]
fn the_rules_of_an_event_are_edited_in_the_language_of_the_guild() {
    for event in ruled() {
        for now in [NOW - SignedDuration::from_hours(48), NOW, event.details.span.start()] {
            for made in MADE {
                is_all_made_up(&rules::panel(words(), &event, made, now));
            }
        }
        // What is filled in is read in English.
        let blank = Event { rules: EventRules::default(), ..event };
        let fields = [
            "Guests per member",
            "Time to accept a place",
            "Answers close before the start",
            "Minimum number coming",
            "When to check that, before the start",
        ];
        is_made_up_but_for_fields(&rules::numbers_form(words(), &blank), &fields);
    }
}
