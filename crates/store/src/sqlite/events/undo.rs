//! An organiser takes back the latest change of an event.

use muster_domain::change::EventChange;
use muster_domain::event::Event;
use muster_domain::limits::UNDO_WITHIN;

use super::change::{Made, make, posted};
use super::log::{self, Entry, Latest};
use crate::model::{EventStep, UndoRequest, Undone};
use crate::port::Stored;
use crate::sqlite::columns::whole_ms;
use crate::sqlite::writer::Tx;

/// Takes the change back, or says why not.
pub(super) fn undo(tx: &mut Tx<'_>, mut request: UndoRequest) -> Stored<Undone> {
    request.at = whole_ms(request.at);
    let UndoRequest { guild, event: id, by, at, .. } = request;
    let db = tx.db;
    let opened = tx.rosters.open(db, id)?;
    let Some(loaded) = opened.filter(|loaded| loaded.event.guild == guild) else {
        return Ok(Undone::NoSuchEvent);
    };
    if log::is_made(db, request.interaction)? {
        return Ok(Undone::Repeated(Box::new(posted(db, loaded)?)));
    }
    if loaded.event.deleted_at.is_some() {
        return Ok(Undone::NoSuchEvent);
    }
    let latest = log::latest(db, id)?;
    if latest.version > request.version || latest.by != by {
        return Ok(Undone::ChangedSince(latest.by));
    }
    if at.duration_since(latest.at) > UNDO_WITHIN {
        return Ok(Undone::TooLate);
    }
    let earlier = log::as_of(db, &loaded.event, latest.version.saturating_sub(1))?;
    let after = match &earlier {
        Some(earlier) => loaded.event.taken_back_to(earlier, at),
        None => loaded.event.change(&EventChange::Delete, at),
    };
    let step = step_back(&latest, earlier.as_ref());
    let entry = Entry { step, takes_back: true, by, interaction: Some(request.interaction), at };
    Ok(match after {
        Ok(after) => {
            let Made { before, now, moved } = make(db, loaded, after, &entry)?;
            Undone::Made { before, now, moved }
        }
        Err(refusal) => Undone::Refused(refusal),
    })
}

/// What it amounts to that a change is taken back.
fn step_back(latest: &Latest, earlier: Option<&Event>) -> EventStep {
    let was_deleted = earlier.is_some_and(|earlier| earlier.deleted_at.is_some());
    match latest.step {
        EventStep::Created => EventStep::Deleted,
        EventStep::Restored if was_deleted => EventStep::Deleted,
        EventStep::Restored => EventStep::Cancelled,
        EventStep::Cancelled | EventStep::Deleted => EventStep::Restored,
        EventStep::Closed => EventStep::Reopened,
        EventStep::Reopened => EventStep::Closed,
        plain @ (EventStep::Edited | EventStep::Rules | EventStep::Options | EventStep::Image) => {
            plain
        }
    }
}
