//! Reminders, as organisers see and change them.

use jiff::SignedDuration;
use jiff::civil::Time;
use muster_domain::id::{ReminderChangeId, RoleId, SeriesId};
use muster_domain::reminder::{Audience, Reminder, ReminderPlace, ReminderTime, Reminders};
use muster_domain::rules::EventRules;
use muster_engine::MemberLists;
use muster_engine::reminders::{ListChanged, RemindersOf};
use muster_store::model::{ReminderList, Whose};

use super::*;
use crate::views::reminders::{self, Made};
use crate::views::samples::posted;

/// A reminder for everybody for whom there can be one, everywhere and at all kinds of times.
fn all_reminders() -> Vec<Reminder> {
    let role = RoleId::new(5);
    let audiences = [
        Audience::Expected,
        Audience::Going,
        Audience::Maybe,
        Audience::Waitlisted,
        Audience::Unanswered,
        Audience::UnansweredOf(role),
        Audience::Role(role),
        Audience::Everyone,
    ];
    let times = [
        ReminderTime::Before(SignedDuration::ZERO),
        ReminderTime::Before(SignedDuration::from_mins(1_501)),
        ReminderTime::After(SignedDuration::from_mins(61)),
        ReminderTime::OfDay(Time::midnight()),
    ];
    let places = [ReminderPlace::Thread, ReminderPlace::Channel, ReminderPlace::Direct];
    let of = |audience| times.map(|time| Reminder { audience, ..Reminder::at(time) });
    let all = audiences.into_iter().flat_map(of).zip(places.into_iter().cycle());
    all.map(|(reminder, place)| Reminder { place, ..reminder }).collect()
}

#[test]
fn reminders_are_in_the_language_of_the_guild() {
    let event = Event { series: Some(SeriesId::new(1)), ..without_letters() };
    let rules = EventRules { denied: vec![RoleId::new(1)], ..EventRules::default() };
    let event = Event { rules, ..event };
    let sheet = Sheet::of(&event, &answered(&event, &[0, 1]), |_| None);
    let posted = Box::new(posted(sheet));
    let change = ReminderChangeId::new(7);
    for reminders in [all_reminders(), Vec::new()] {
        let list = Reminders::from_stored(reminders.clone());
        for whose in [Whose::Event, Whose::Guild, Whose::Usual] {
            for event in [None, Some(posted.clone())] {
                for members in [MemberLists::Off, MemberLists::On] {
                    let list = ReminderList { reminders: list.clone(), whose };
                    let of = RemindersOf { event: event.clone(), list, members };
                    for number in 0..4 {
                        is_all_made_up(&reminders::panel(words(), &of, number, Some(change)));
                    }
                    for one in &reminders {
                        let said = reminders::suggestion(words(), one, members);
                        is_all_made_up(&serde_json::json!({ "content": said }));
                    }
                    let removed = reminders.first().cloned();
                    for made in [
                        Made::Nothing,
                        Made::Added,
                        Made::Removed(None),
                        Made::Removed(removed),
                        Made::Reset,
                        Made::Undone(1),
                    ] {
                        let now = of.clone();
                        let changed = ListChanged { now, removed: None, change };
                        is_all_made_up(&reminders::changed(words(), &changed, &made));
                    }
                }
            }
        }
    }
}
