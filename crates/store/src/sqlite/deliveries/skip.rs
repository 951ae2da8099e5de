//! Takes deliveries back that nobody wants any more and of which no byte has left.

use jiff::Timestamp;
use muster_domain::id::{EventId, GuildId, UserId};
use rusqlite::{Connection, params};

use crate::port::Stored;
use crate::sqlite::columns::Column;

/// Skips an event's deliveries that were never attempted and are in nobody's hands, but for the
/// news that [`skip_unsent_news`] decides on. One that is leased may be leaving at this moment.
pub(in crate::sqlite) fn skip_unsent_but_news(
    db: &Connection,
    event: EventId,
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = 'the event was deleted', ended_at = ?2
        WHERE event = ?1 AND ended_at IS NULL AND attempts = 0
          AND (news IS NULL OR news NOT IN ('moved', 'cancelled', 'back_on'))
          AND (lease_until IS NULL OR lease_until <= ?2)";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(at)])?;
    Ok(())
}

/// Skips an event's reminders that have not begun to go out: it was moved, or does not take place.
/// Also what somebody has a lease of: whoever waits for its turn marks the attempt before its first
/// byte leaves, and learns by that.
pub(in crate::sqlite) fn skip_unsent_reminders(
    db: &Connection,
    event: EventId,
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = 'the event was changed', ended_at = ?2
        WHERE event = ?1 AND news = 'reminder' AND ended_at IS NULL AND attempts = 0";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(at)])?;
    Ok(())
}

/// Skips an event's posts that wait for their time: it is posted elsewhere.
pub(super) fn skip_waiting_posts(db: &Connection, event: EventId, at: Timestamp) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = 'it is posted elsewhere', ended_at = ?2
        WHERE event = ?1 AND kind = 'post' AND ended_at IS NULL AND attempts = 0
          AND due_at > ?2 AND lease_until IS NULL";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(at)])?;
    Ok(())
}

/// Skips direct messages about an event to a member who wants none any more.
pub(in crate::sqlite) fn skip_unsent_direct(
    db: &Connection,
    event: EventId,
    member: UserId,
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = 'the member wants none', ended_at = ?3
        WHERE event = ?1 AND kind = 'direct' AND member = ?2 AND ended_at IS NULL
          AND attempts = 0 AND (lease_until IS NULL OR lease_until <= ?3)";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(member), Column(at)])?;
    Ok(())
}

/// Skips reminders of a guild's events to a member who wants none by direct message any more.
pub(in crate::sqlite) fn skip_unsent_reminders_to(
    db: &Connection,
    guild: GuildId,
    member: UserId,
    at: Timestamp,
) -> Stored<()> {
    // A direct message whose channel is not found yet has the member's number as its lane.
    const SQL: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = 'the member wants none', ended_at = ?3
        WHERE lane = ?2 AND guild = ?1 AND kind = 'direct' AND member = ?2 AND news = 'reminder'
          AND ended_at IS NULL AND attempts = 0
          AND (lease_until IS NULL OR lease_until <= ?3)";
    db.prepare_cached(SQL)?.execute(params![Column(guild), Column(member), Column(at)])?;
    Ok(())
}

/// Skips an event's news of earlier changes that have not begun to go out.
pub(in crate::sqlite) fn skip_unsent_news(
    db: &Connection,
    event: EventId,
    at: Timestamp,
) -> Stored<()> {
    const SQL: &str = "
        UPDATE delivery SET outcome = 'skipped', reason = 'newer news came', ended_at = ?2
        WHERE event = ?1 AND news IN ('moved', 'cancelled', 'back_on')
          AND ended_at IS NULL AND attempts = 0
          AND (lease_until IS NULL OR lease_until <= ?2)";
    db.prepare_cached(SQL)?.execute(params![Column(event), Column(at)])?;
    Ok(())
}
