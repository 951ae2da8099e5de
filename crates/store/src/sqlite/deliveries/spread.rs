//! A reminder for those who have not answered becomes the messages that mention them.

use std::collections::HashSet;

use jiff::Timestamp;
use muster_domain::id::UserId;
use muster_domain::notice::{remind, remind_role};
use muster_domain::reminder::Audience;
use rusqlite::{Connection, params};

use super::attempt::Claim;
use super::insert::{self, About, Reminds, Where};
use super::{delivery_row, finish};
use crate::model::{Candidates, Delivery, DeliveryContent, Hold};
use crate::port::Stored;
use crate::sqlite::columns::{Column, only};
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::writer::Tx;
use crate::sqlite::{events, wishes};

/// Ends the reminder and inserts what takes its place, if the claim counts.
pub(super) fn spread(
    tx: &mut Tx<'_>,
    claim: Claim,
    candidates: Candidates,
    at: Timestamp,
) -> Stored<Hold> {
    let delivery = delivery_row::read(tx.db, claim.delivery)?;
    let DeliveryContent::Unanswered { event, words, role } = &delivery.content else {
        return Ok(Hold::Lost);
    };
    let ours = finish::unsent(tx.db, claim, "skipped", "others took its place", at)?;
    let Some(loaded) = tx.rosters.open(tx.db, *event)?.filter(|_| ours == Hold::Ours) else {
        return Ok(ours);
    };
    let notices = match members(tx.db, loaded, candidates, &delivery, at)? {
        Some(members) => remind(&loaded.event, &members, delivery.due),
        None => vec![remind_role(delivery.due)],
    };
    let (words, place) = (words.as_ref(), place_of(tx.db, loaded, &delivery)?);
    let instant = delivery.reminds_at.unwrap_or(delivery.due);
    let reminds = Some(Reminds { at: instant, audience: Audience::Unanswered });
    let about = About { words, role: *role, place, reminds, ..About::event(&loaded.event) };
    for notice in &notices {
        insert::notice(tx.db, about, notice)?;
    }
    Ok(Hold::Ours)
}

/// Where the reminder is told: in the thread, if that is where it was to go.
fn place_of(db: &Connection, loaded: &LoadedEvent, delivery: &Delivery) -> Stored<Where> {
    let thread = events::read_post(db, loaded.event.id)?.and_then(|post| post.thread);
    let into_thread = thread.is_some() && delivery.channel == thread;
    Ok(if into_thread { Where::Thread } else { Where::Channel })
}

/// Those of the candidates who have not answered, were not reminded at the same instant, and want
/// to be mentioned now; `None` if they are too many to look at.
fn members(
    db: &Connection,
    loaded: &LoadedEvent,
    candidates: Candidates,
    delivery: &Delivery,
    at: Timestamp,
) -> Stored<Option<Vec<UserId>>> {
    let mut members = match candidates {
        Candidates::TooMany => return Ok(None),
        Candidates::CameBefore => events::who_came_before(db, &loaded.event)?,
        Candidates::These(members) => members,
    };
    let mut told = told(db, loaded, delivery)?;
    members.retain(|member| loaded.roster.signup(*member).is_none() && told.insert(*member));
    wishes::mentioned(db, &loaded.event, &members, at).map(Some)
}

/// Whom other reminders of the event mention that are due at the same instant.
fn told(db: &Connection, loaded: &LoadedEvent, delivery: &Delivery) -> Stored<HashSet<UserId>> {
    const SQL: &str = "
        SELECT m.member FROM delivery d JOIN delivery_mention m ON m.delivery = d.id
        WHERE d.event = ?1 AND d.news = 'reminder' AND d.id <> ?2
          AND d.reminds_at = (SELECT reminds_at FROM delivery WHERE id = ?2)";
    let params = params![Column(loaded.event.id), Column(delivery.id)];
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params, only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
