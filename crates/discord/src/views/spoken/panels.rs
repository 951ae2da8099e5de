//! What "⋯" opens, a member's own answer, and what a tap says in private.

use muster_domain::answer_option::OptionId;
use muster_domain::id::{ChannelId, SeriesId};
use muster_domain::reminder::{QuietHours, ReminderChoices};
use muster_domain::roster::{Place, Signup};
use muster_domain::rules::CheckIn;
use muster_domain::zone::Zone;
use muster_engine::wishes::MyReminders;
use muster_store::model::{MemberReminders, Posted, RosterLine};

use super::*;
use crate::rest::File;
use crate::views::samples::{posted, signup};
use crate::views::{own, panel, wishes};

/// Every way to stand somewhere, alone and with guests, with and without something said beside.
fn lines(event: &Event) -> Vec<RosterLine> {
    let later = NOW + jiff::SignedDuration::from_hours(1);
    let places =
        [Place::Seated, Place::Waiting, Place::Offered(later), Place::Offered(NOW), Place::Passed];
    let said = details(event);
    let direct = SignupDetails { direct: true, arrives: None, ..said.clone() };
    let details = [SignupDetails::default(), SignupDetails { leaves: None, ..said.clone() }];
    let details: Vec<_> = details.into_iter().chain([said, direct]).collect();
    let guests = [0, 1, 2].map(|guests| Guests::parse(guests).unwrap());
    let signups = places.into_iter().flat_map(|place| guests.map(|guests| signup(place, guests)));
    let options = [0, 2, 77].map(OptionId::new);
    let signups = signups.flat_map(|signup| options.map(|option| Signup { option, ..signup }));
    let line = |(number, signup): (usize, Signup)| RosterLine {
        member: UserId::new(7),
        signup,
        details: details[number % details.len()].clone(),
        rank: 3,
    };
    signups.enumerate().map(line).collect()
}

/// Every event in every phase, as it is posted.
fn all_posted() -> Vec<(Posted, jiff::Timestamp)> {
    let mut all = Vec::new();
    for sheet in sheets() {
        for (event, now) in in_phases(&sheet.event) {
            all.push((posted(Sheet { event, ..sheet.clone() }), now));
        }
    }
    all
}

#[test]
fn the_panel_of_an_event_is_in_the_language_of_the_guild() {
    for (mut posted, now) in all_posted() {
        let line = lines(&posted.sheet.event).swap_remove(2);
        posted.sheet.event.rules.check_in = CheckIn::Code;
        posted.sheet.event.series = Some(SeriesId::new(1));
        for (gone_at, message) in [(None, posted.post.message), (Some(NOW), None), (None, None)] {
            posted.post.gone_at = gone_at;
            posted.post.message = message;
            posted.post.thread = message.map(|_| ChannelId::new(6));
            for (line, organiser) in [(None, false), (Some(&line), true)] {
                is_all_made_up(&panel::panel(words(), &posted, line, organiser, now));
            }
        }
    }
}

#[test]
fn a_members_own_answer_is_in_the_language_of_the_guild() {
    for (posted, now) in all_posted() {
        let mut event = posted.sheet.event;
        for guests in [0, 1, 3] {
            event.rules.guests_max = Guests::parse(guests).unwrap();
            for line in lines(&event) {
                is_all_made_up(&own::panel(words(), &event, &line, now));
            }
        }
        let said = SignupDetails { arrives: None, leaves: None, ..details(&event) };
        is_all_made_up(&own::note_form(words(), event.id, &said));
        is_all_made_up(&own::times_form(words(), event.id, event.details.span, &said));
    }
}

#[test]
fn what_a_tap_says_in_private_is_in_the_language_of_the_guild() {
    for (posted, now) in all_posted() {
        let event = &posted.sheet.event;
        for line in lines(event) {
            is_all_made_up(&own::answered(words(), event, &line, now));
            is_all_made_up(&own::accepted(words(), event, &line));
            is_all_made_up(&own::not_held(words(), event, Some(&line), now));
            is_all_made_up(&own::same(words(), event, line.signup));
            let wanted = OptionId::new(1);
            is_all_made_up(&own::would_lose_place(words(), event, line.signup, wanted));
        }
        is_all_made_up(&own::not_held(words(), event, None, now));
        is_all_made_up(&own::withdrawn(words(), event));
    }
    is_all_made_up(&own::no_direct(words()));
    let calendar = own::calendar(words(), File::new("1.2", "3", "4"));
    is_all_made_up(&calendar);
}

#[test]
fn what_a_member_wants_of_reminders_is_in_the_language_of_the_guild() {
    let hours = QuietHours::parse("22:00 to 08:00").ok();
    for (yes, quiet, zone) in [(true, None, None), (false, hours, None), (false, hours, Some(()))] {
        let choices = ReminderChoices { mentioned: yes, direct: yes };
        let zone = zone.and_then(|()| Zone::parse("UTC").ok());
        let mine = MyReminders { kept: MemberReminders { choices, quiet }, zone };
        let shown = crate::views::messages::made_up::forgotten(&wishes::panel(words(), &mine));
        // The name of a zone is the same in every language.
        assert!(matches!(shown.replace("UTC", "").trim_matches([' ', ':', '2', '8', '0']), ""));
        is_all_made_up(&wishes::quiet_hours_form(words(), None));
    }
}
