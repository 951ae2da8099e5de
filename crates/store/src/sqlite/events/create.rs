//! Creates an event with its post's delivery, once for what it comes of.

use jiff::Timestamp;
use muster_domain::event::{AnswersClose, Event};
use muster_domain::id::EventId;
use muster_domain::settings::Language;
use rusqlite::Connection;

use super::{event_row, log, post_row, remind, rules_row};
use crate::error::StoreError;
use crate::model::{Created, EventOrigin, EventStep, NewEvent};
use crate::port::Stored;
use crate::sqlite::deliveries::insert;
use crate::sqlite::{guilds, reminders};

/// Creates the event, or finds the one that came of the same before. Its post is due at `post_at`.
pub(in crate::sqlite) fn create_and_post(
    db: &Connection,
    mut new: NewEvent,
    post_at: Timestamp,
    at: Timestamp,
) -> Stored<Created> {
    if let Some((id, guild)) = event_row::made_of(db, new.origin)? {
        if guild != new.guild {
            return Err(StoreError::Database("an event is of two guilds".into()));
        }
        return created(db, id);
    }
    new.details = event_row::as_stored(new.details)?;
    new.rules = rules_row::as_stored(new.rules);
    guilds::ensure(db, new.guild)?;
    let id = event_row::insert(db, &new, at)?;
    if let Some(own) = &new.reminders {
        reminders::put(db, (new.guild, Some(id)), Some(own))?;
    }
    let event = event_of(id, new).with_minimum_planned(at);
    post_row::insert(db, &event, at)?;
    event_row::set_next_turn(db, id, event.next_turn(at))?;
    remind::plan_reminders(db, id, &reminders::of(db, &event)?.reminders, at)?;
    if let Some(at) = event.minimum_asked_at {
        event_row::set_minimum_asked(db, id, at)?;
    }
    let step = EventStep::Created;
    log::record(
        db,
        &event,
        &log::Entry { step, takes_back: false, by: event.host, interaction: None, at },
    )?;
    insert::post(db, &event, post_at)?;
    created(db, id)
}

fn event_of(id: EventId, new: NewEvent) -> Event {
    Event {
        id,
        guild: new.guild,
        // Nothing is said of it before it is read.
        language: Language::default(),
        channel: new.channel,
        host: new.host,
        details: new.details,
        options: new.options,
        rules: new.rules,
        image: new.image,
        mention: new.mention,
        answers_close: AnswersClose::AtStart,
        closed_at: None,
        cancelled_at: None,
        deleted_at: None,
        minimum_asked_at: None,
        series: match new.origin {
            EventOrigin::Series(series, _) => Some(series),
            EventOrigin::Interaction(_) => None,
        },
        version: event_row::FIRST_VERSION,
    }
}

fn created(db: &Connection, id: EventId) -> Stored<Created> {
    let sheet = post_row::sheet(db, id)?
        .ok_or_else(|| StoreError::Corrupt(format!("event {id} vanished")))?;
    Ok(Created { sheet, delivery: post_row::delivery_of(db, id)? })
}
