//! The answers to what organisers change of an event.

use muster_domain::event::Span;
use muster_domain::id::{ChannelId, DeliveryId, RoleId, SeriesId};
use muster_domain::roster::Moved;
use muster_engine::change::Done;
use muster_engine::moving::Reposted;
use muster_store::model::{EventForm, SeenEvent};

use super::*;
use crate::custom_id::FormAction;
use crate::views::forms::{self, For};
use crate::views::samples::posted;
use crate::views::{panel, undo};

/// Fails if something is not in the made-up language but the date of the sample, which is said in
/// English still, and its zone.
#[track_caller]
fn is_made_up_but_for_the_date(shown: &impl serde::Serialize) {
    let found = forgotten(shown);
    let left = found.replace("Fri 27 Nov 2026", "").replace("Europe/Berlin", "");
    assert!(!left.contains(char::is_alphabetic), "{left}");
}

#[test]
fn the_answers_to_changes_are_in_the_language_of_the_guild() {
    let many = || vec![UserId::new(1); 2];
    let hour = Span::new(NOW, NOW + jiff::SignedDuration::from_hours(1)).unwrap();
    let roles: Vec<_> = (1..=7).map(RoleId::new).collect();
    let some = Moved { promoted: many(), offered: many(), unseated: many(), passed: many() };
    for sheet in sheets() {
        for (mut event, now) in in_phases(&sheet.event) {
            event.series = Some(SeriesId::new(1));
            let sheet = Sheet { event: event.clone(), ..sheet.clone() };
            let mut earlier = event.clone();
            earlier.details.span = hour;
            let there = posted(sheet.clone());
            let mut gone = there.clone();
            gone.post.gone_at = Some(NOW);
            let mut not_yet = there.clone();
            not_yet.post.message = None;
            let address = there.post.message.map(|message| (event.channel, message));
            for moved in [&some, &Moved::default()] {
                for posted in [&there, &gone] {
                    is_made_up_but_for_the_date(&panel::edited(
                        words(),
                        &earlier,
                        posted,
                        moved,
                        now,
                    ));
                }
                for done in [panel::restored, panel::closed, panel::reopened] {
                    is_all_made_up(&done(words(), &event, moved));
                }
            }
            is_made_up_but_for_the_date(&panel::created(words(), &sheet, address, &roles, now));
            let one = &roles[..1];
            is_made_up_but_for_the_date(&panel::created(words(), &sheet, None, one, now));
            is_all_made_up(&panel::cancelled(words(), &sheet));
            is_all_made_up(&panel::pictured(words(), &event));
            for posted in [&there, &gone, &not_yet] {
                is_all_made_up(&panel::posted_again(words(), posted));
                for channel in [event.channel, ChannelId::new(88)] {
                    let (before, delivery) = (posted.clone(), DeliveryId::new(9));
                    let moved = Reposted { before, channel, delivery };
                    is_all_made_up(&panel::moved(words(), &moved));
                }
            }
            let taken = Event { deleted_at: Some(NOW), ..event.clone() };
            for (before, now) in [(&event, &taken), (&taken, &event), (&event, &event)] {
                let before = Box::new(Sheet { event: before.clone(), ..sheet.clone() });
                let now = Box::new(posted(Sheet { event: now.clone(), ..sheet.clone() }));
                let done = Done { before, now, moved: some.clone() };
                is_all_made_up(&undo::undone(words(), &done));
            }
        }
    }
}

#[test]
fn the_forms_for_an_event_are_in_the_language_of_the_guild() {
    let form = EventForm { title: "1".to_owned(), ..EventForm::default() };
    for what in [For::New, For::Edit] {
        is_all_made_up(&forms::event_form(words(), FormAction::New(None), what, &form));
    }
    let seen = SeenEvent::of(&without_letters());
    is_all_made_up(&forms::location_form(words(), FormAction::Location(seen), "1"));
    is_all_made_up(&forms::picture_form(words(), FormAction::Picture(seen), "1"));
}
