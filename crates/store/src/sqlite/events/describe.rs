//! What a member says beside an answer.

use muster_domain::event::{Phase, Span};
use muster_domain::signup_details::{DetailsChange, SignupDetails};
use rusqlite::Connection;

use super::signup_log::{self, LogLine};
use super::{moves, signup_row};
use crate::model::{DescribeRequest, Described, SignupWay};
use crate::port::Stored;
use crate::sqlite::columns::whole_ms;
use crate::sqlite::deliveries;
use crate::sqlite::rosters::LoadedEvent;
use crate::sqlite::writer::Tx;

/// Keeps what is said, once per interaction.
pub(super) fn describe(tx: &mut Tx<'_>, mut request: DescribeRequest) -> Stored<Described> {
    request.at = whole_ms(request.at);
    let db = tx.db;
    let opened = tx.rosters.open(db, request.event)?;
    match opened.filter(|loaded| loaded.event.guild == request.guild) {
        Some(loaded) => decide(db, loaded, &request),
        None => Ok(Described::NoSuchEvent),
    }
}

fn decide(
    db: &Connection,
    loaded: &mut LoadedEvent,
    request: &DescribeRequest,
) -> Stored<Described> {
    let (event, member) = (request.event, request.member);
    // Whether somebody wants messages is theirs to say at any time.
    let is_about_messages = matches!(request.change, DetailsChange::Direct(_));
    match loaded.event.phase(request.at) {
        Phase::Open | Phase::Closed | Phase::Running => {}
        Phase::Over | Phase::Cancelled if is_about_messages => {}
        Phase::Deleted => return Ok(Described::NoSuchEvent),
        phase @ (Phase::Over | Phase::Cancelled) => {
            return Ok(Described::Closed(phase, Box::new(loaded.sheet())));
        }
    }
    if loaded.roster.signup(member).is_none() {
        return Ok(Described::NoAnswerYet(Box::new(loaded.sheet())));
    }
    if signup_row::is_described(db, event, member, request.interaction)? {
        return Ok(Described::Repeated(Box::new(loaded.sheet())));
    }
    if !fits(&request.change, loaded.event.details.span) {
        return Ok(Described::Moved(Box::new(loaded.sheet())));
    }
    let before = loaded.details.get(&member).cloned().unwrap_or_default();
    let after = as_stored(before.changed(request.change.clone()));
    if after != before {
        keep(db, loaded, request, &before, after)?;
    }
    Ok(Described::Kept(Box::new(loaded.sheet())))
}

/// Whether who says when they come and go does so during the event: it may have been moved since
/// they were shown it.
fn fits(change: &DetailsChange, span: Span) -> bool {
    match change {
        DetailsChange::Times { arrives, leaves } => {
            DetailsChange::times(span, *arrives, *leaves).is_ok()
        }
        DetailsChange::Note(_) | DetailsChange::Direct(_) => true,
    }
}

/// The history tells that something was said and not what.
fn keep(
    db: &Connection,
    loaded: &mut LoadedEvent,
    request: &DescribeRequest,
    before: &SignupDetails,
    after: SignupDetails,
) -> Stored<()> {
    let DescribeRequest { event, member, by, interaction, at, .. } = *request;
    signup_row::describe(db, event, member, &after, Some(interaction))?;
    if before.direct && !after.direct {
        deliveries::skip_unsent_direct(db, event, member, at)?;
    }
    let is_shown = !after.looks_like(before) && !loaded.event.rules.names_hidden;
    if is_shown {
        moves::next_version(db, loaded, at)?;
    }
    let now = loaded.roster.signup(member).map(Into::into);
    let line = LogLine {
        event,
        version: loaded.event.version,
        member,
        way: SignupWay::Details,
        before: now,
        now,
        by,
        interaction: Some(interaction),
        at,
    };
    signup_log::record_aside(db, &line)?;
    if after == SignupDetails::default() {
        loaded.details.remove(&member);
    } else {
        loaded.details.insert(member, after);
    }
    Ok(())
}

fn as_stored(mut details: SignupDetails) -> SignupDetails {
    details.arrives = details.arrives.map(whole_ms);
    details.leaves = details.leaves.map(whole_ms);
    details
}
