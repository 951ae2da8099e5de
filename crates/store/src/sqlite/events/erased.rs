//! What an event looks like after a member was erased: another version, and a line of history
//! without a name. Who was erased does not come to what had not begun by then.

use jiff::Timestamp;
use muster_domain::id::{EventId, InteractionId, UserId};
use muster_domain::roster::{Moved, Signup};
use rusqlite::Connection;

use super::signup_log::{self, LogLine};
use super::{change, moves, signup_row};
use crate::model::{Cause, LoggedAnswer, SignupWay};
use crate::port::Stored;
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::writer::Tx;

/// Records that the one who stands in the roster now has lost the name. Before the event begins the
/// answer goes, too, as nobody could take it back any more, and the place is free. The post is
/// stale if it named them.
pub(in crate::sqlite) fn log_erased(
    tx: &mut Tx<'_>,
    event: EventId,
    nobody: UserId,
    at: Timestamp,
) -> Stored<()> {
    let db = tx.db;
    let Some(loaded) = tx.rosters.open(db, event)? else {
        return Ok(());
    };
    let lapse = loaded.roster.next_lapse();
    let before = loaded.roster.signup(nobody);
    let moved = match before {
        Some(_) if at < loaded.event.details.span.start() => leave(db, loaded, nobody, at)?,
        Some(_) | None => Moved::default(),
    };
    if before.is_some() || loaded.event.host == nobody {
        moves::next_version(db, loaded, at)?;
    }
    let answer = |signup: Option<Signup>| signup.map(LoggedAnswer::from);
    let line = LogLine {
        event,
        version: loaded.event.version,
        member: nobody,
        way: SignupWay::Erased,
        before: answer(before),
        now: answer(loaded.roster.signup(nobody)),
        by: nobody,
        interaction: None,
        at,
    };
    signup_log::record_aside(db, &line)?;
    moves::moved(db, loaded, &moved, Cause { by: nobody, at })?;
    moves::plan(db, loaded, lapse, at)
}

/// Takes the answer off the roster. While the event is called off nobody moves up.
fn leave(
    db: &Connection,
    loaded: &mut LoadedEvent,
    nobody: UserId,
    at: Timestamp,
) -> Stored<Moved> {
    signup_row::take_back(db, loaded.event.id, nobody, InteractionId::new(0), at)?;
    loaded.details.remove(&nobody);
    if change::is_off(&loaded.event) {
        loaded.roster.strike(nobody);
        return Ok(Moved::default());
    }
    loaded.roster.offer_for(loaded.event.seating_at(at).offer);
    let left = loaded.roster.withdraw(nobody, at);
    Ok(left.map(|(_, moved)| moved).unwrap_or_default())
}

/// Makes the post of an event stale whose host has lost the name.
pub(in crate::sqlite) fn touch(tx: &mut Tx<'_>, event: EventId, at: Timestamp) -> Stored<()> {
    match tx.rosters.open(tx.db, event)? {
        Some(loaded) => moves::next_version(tx.db, loaded, at),
        None => Ok(()),
    }
}
