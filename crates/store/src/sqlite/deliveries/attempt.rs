//! What is stored before an attempt's first byte leaves, and when an attempt is to be made again.
//! Only whoever holds the latest claim changes anything.

use jiff::Timestamp;
use muster_domain::id::DeliveryId;
use rusqlite::{Connection, params};

use crate::model::{Attempted, Delivery, Hold};
use crate::port::Stored;
use crate::sqlite::columns::{Column, nullable};
use crate::sqlite::set_aside::{self, DueRow};
use crate::sqlite::writer::Tx;

/// A claim of a delivery, as the rows know it.
#[derive(Clone, Copy)]
pub(super) struct Claim {
    pub(super) delivery: DeliveryId,
    pub(super) number: u64,
}

impl Claim {
    pub(super) const fn of(claimed: &Delivery) -> Self {
        Self { delivery: claimed.id, number: claimed.claim }
    }
}

/// What a delivery's attempts were before a claim.
pub(super) struct Before {
    attempts: u32,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    by: Option<u64>,
    nonce: String,
}

impl Before {
    pub(super) fn of(claimed: &Delivery) -> Self {
        Self {
            attempts: claimed.attempts,
            first: claimed.first_attempt,
            last: claimed.last_attempt,
            by: claimed.attempted_by,
            nonce: claimed.nonce.clone(),
        }
    }
}

/// Whether a statement that asks for a claim found it.
pub(super) const fn hold(rows: usize) -> Hold {
    if rows == 0 { Hold::Lost } else { Hold::Ours }
}

/// Marks that an attempt begins. One that has ended, or is in other hands, must not go out again.
pub(super) fn mark(
    db: &Connection,
    claim: Claim,
    process: u64,
    nonce: &str,
    at: Timestamp,
) -> Stored<Hold> {
    const SQL: &str = "
        UPDATE delivery SET attempts = attempts + 1, attempted_by = ?3, nonce = ?4,
          first_attempt_at = coalesce(first_attempt_at, ?5), last_attempt_at = ?5
        WHERE id = ?1 AND claims = ?2 AND lease_until IS NOT NULL AND ended_at IS NULL";
    let (id, number) = (Column(claim.delivery), Column(claim.number));
    // A process is any 64 bits, and not every one of them is a positive number.
    let params = params![id, number, process.cast_signed(), nonce, Column(at)];
    Ok(hold(db.prepare_cached(SQL)?.execute(params)?))
}

/// Gives the lease back until the delivery is tried again. It keeps its turn in its lane.
pub(super) fn postpone(
    db: &Connection,
    claim: Claim,
    until: Timestamp,
    attempted: Attempted,
    before: &Before,
) -> Stored<Hold> {
    const SQL: &str = "
        UPDATE delivery SET lease_until = NULL, ready_at = ?3, attempts = attempts + ?4
        WHERE id = ?1 AND claims = ?2 AND lease_until IS NOT NULL AND ended_at IS NULL";
    let (is_taken_back, looks) = match attempted {
        Attempted::Unclear => (false, 0),
        Attempted::NotTaken => (true, 0),
        Attempted::LookedInVain => (true, 1),
    };
    if is_taken_back && take_back(db, claim, before)? == Hold::Lost {
        return Ok(Hold::Lost);
    }
    let params = params![Column(claim.delivery), Column(claim.number), Column(until), looks];
    Ok(hold(db.prepare_cached(SQL)?.execute(params)?))
}

/// Gives the lease back of a delivery that is about something unreadable, and has it wait.
pub(super) fn set_aside(tx: &Tx<'_>, claim: Claim, why: &str, at: Timestamp) -> Stored<Hold> {
    const SQL: &str = "
        UPDATE delivery SET lease_until = NULL
        WHERE id = ?1 AND claims = ?2 AND lease_until IS NOT NULL AND ended_at IS NULL";
    let params = params![Column(claim.delivery), Column(claim.number)];
    let hold = hold(tx.db.prepare_cached(SQL)?.execute(params)?);
    if hold == Hold::Ours {
        set_aside::set_aside(tx, DueRow::Delivery(claim.delivery), at, why)?;
    }
    Ok(hold)
}

/// The attempts under this claim were none.
pub(super) fn take_back(db: &Connection, claim: Claim, before: &Before) -> Stored<Hold> {
    const SQL: &str = "
        UPDATE delivery SET attempts = ?3, first_attempt_at = ?4, attempted_by = ?5, nonce = ?6,
          last_attempt_at = ?7
        WHERE id = ?1 AND claims = ?2 AND lease_until IS NOT NULL AND ended_at IS NULL";
    let params = params![
        Column(claim.delivery),
        Column(claim.number),
        before.attempts,
        nullable(before.first.as_ref()),
        before.by.map(u64::cast_signed),
        before.nonce,
        nullable(before.last.as_ref()),
    ];
    Ok(hold(db.prepare_cached(SQL)?.execute(params)?))
}
