//! An event moves because the rules of its zone have changed: nobody decided anything, and its
//! local time is what it was.

use jiff::Timestamp;
use muster_domain::event::Span;
use rusqlite::Connection;

use super::{change, event_row, log, moves, signup_before};
use crate::error::StoreError;
use crate::port::Stored;
use crate::sqlite::deliveries;
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::series;

/// Has an event that has not begun begin then, and last as long as it did. Its post is edited; in
/// its history it has always been then, and nobody is told: for them it is when it was.
pub(in crate::sqlite) fn move_with_zone(
    db: &Connection,
    loaded: &mut LoadedEvent,
    start: Timestamp,
    now: Timestamp,
) -> Stored<()> {
    let before = loaded.event.clone();
    let (id, from) = (before.id, before.details.span);
    let end = start.saturating_add(from.duration()).unwrap_or(Timestamp::MAX);
    let to = Span::new(start, end).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    loaded.event.details.span = to;
    change::move_times(db, loaded, from)?;
    signup_before::move_times(db, id, from, to)?;
    log::move_times(db, id, from, to)?;
    moves::next_version(db, loaded, now)?;
    moves::end_offers_in_time(db, loaded, now)?;
    let later = to.start().duration_since(from.start());
    deliveries::carry_reminders(db, id, later, now)?;
    if later.is_negative() {
        // What was not due by the old rules is not done, however close the start is now.
        let looked_at = event_row::looked_at(db, id)?;
        event_row::look_again(db, id, looked_at.saturating_add(later).unwrap_or(looked_at))?;
    }
    event_row::update(db, &before, &loaded.event, moves::next_turn(db, loaded, now)?)?;
    series::follow_start(db, &loaded.event, now)
}
