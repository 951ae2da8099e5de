//! What an event looks like after a member was erased: another version, and a line of history
//! without a name.

use jiff::Timestamp;
use muster_domain::id::{EventId, UserId};

use super::moves;
use super::signup_log::{self, LogLine};
use crate::model::{LoggedAnswer, SignupWay};
use crate::port::Stored;
use crate::sqlite::writer::Tx;

/// Records that the one who stands in the roster now has lost the name. The post is stale if it
/// named them.
pub(in crate::sqlite) fn log_erased(
    tx: &mut Tx<'_>,
    event: EventId,
    nobody: UserId,
    at: Timestamp,
) -> Stored<()> {
    let Some(held) = tx.rosters.open(tx.db, event)? else {
        return Ok(());
    };
    let answer = held.roster.signup(nobody).map(LoggedAnswer::from);
    if answer.is_some() || held.event.host == nobody {
        moves::next_version(tx.db, held, at)?;
    }
    let line = LogLine {
        event,
        version: held.event.version,
        member: nobody,
        way: SignupWay::Erased,
        before: answer,
        now: answer,
        by: nobody,
        interaction: None,
        at,
    };
    signup_log::record_aside(tx.db, &line)
}

/// Makes the post of an event stale whose host has lost the name.
pub(in crate::sqlite) fn touch(tx: &mut Tx<'_>, event: EventId, at: Timestamp) -> Stored<()> {
    match tx.rosters.open(tx.db, event)? {
        Some(held) => moves::next_version(tx.db, held, at),
        None => Ok(()),
    }
}
