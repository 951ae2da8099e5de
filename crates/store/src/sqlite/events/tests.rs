//! Rows for tests that look behind the port.

use jiff::Timestamp;
use muster_domain::answer_option::{OptionId, Options};
use muster_domain::event::{EventDetails, Span};
use muster_domain::id::{ChannelId, EventId, GuildId, InteractionId, UserId};
use muster_domain::roster::{Guests, Place, Sequence, Signup};
use muster_domain::rules::EventRules;
use muster_domain::text::Title;
use muster_domain::zone::Zone;
use rusqlite::Connection;

use super::signup_row::NewRow;
use super::{create, signup_row};
use crate::model::{EventOrigin, NewEvent};
use crate::sqlite::database::{self, Open, Opening};
use crate::sqlite::migrate;

/// So many minutes after a fixed instant; events of these tests begin at 60.
pub(in crate::sqlite) fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + 60 * minute).unwrap()
}

/// A database in memory with events numbered from 1.
pub(in crate::sqlite) fn database_with_events(events: u64) -> Open {
    let mut db = database::open_in_memory(&Opening::default()).unwrap();
    migrate::migrate(&mut db, None, migrate::MIGRATIONS).unwrap();
    for number in 1..=events {
        let new = NewEvent {
            guild: GuildId::new(1),
            channel: ChannelId::new(2),
            host: UserId::new(3),
            details: EventDetails {
                title: Title::parse("Raid").unwrap(),
                span: Span::new(at(60), at(120)).unwrap(),
                zone: Zone::parse("UTC").unwrap(),
                description: None,
                location: None,
                capacity: None,
            },
            options: Options::default_four(),
            rules: EventRules::default(),
            image: None,
            mention: None,
            reminders: None,
            origin: EventOrigin::Interaction(InteractionId::new(number)),
        };
        let created = create::create_and_post(&db, new, at(0), at(0)).unwrap();
        assert_eq!(created.sheet.event.id, EventId::new(number));
    }
    db
}

/// Signs members up, the first with sequence 1.
pub(in crate::sqlite) fn sign_up(db: &Connection, event: u64, members: u64) {
    for member in 1..=members {
        let signup = Signup {
            option: OptionId::new(0),
            place: Place::Seated,
            since: Sequence(member),
            guests: Guests::NONE,
            priority: false,
        };
        let (event, last_tap) = (EventId::new(event), InteractionId::new(member));
        let (member, at) = (UserId::new(member), at(1));
        signup_row::put(db, &NewRow { event, member, signup, last_tap, at }).unwrap();
    }
}
