//! Rosters line by line: pages of them, and one member's place.

use muster_domain::event::Event;
use muster_domain::id::{EventId, GuildId, UserId};
use rusqlite::Connection;

use super::event_row;
use super::stored_roster::StoredRoster;
use crate::model::{Page, RosterLine, RosterPart, Window};
use crate::port::Stored;

/// A page of a part of a roster, in order; `None` if the guild has no such event. Reads all
/// answers to the event once.
pub(super) fn page(
    db: &Connection,
    guild: GuildId,
    id: EventId,
    part: RosterPart,
    window: Window,
) -> Stored<Option<Page<RosterLine>>> {
    let Some((event, stored)) = read(db, guild, id)? else { return Ok(None) };
    let members: Vec<(UserId, usize)> = match part {
        RosterPart::Option(option) => {
            let picked = |(member, _): &(UserId, usize)| {
                stored.roster.signup(*member).is_some_and(|signup| signup.option == option)
            };
            let placed = ranked(stored.roster.column(option));
            placed.chain(without_place(&event, &stored).filter(picked)).collect()
        }
        RosterPart::Waitlist => without_place(&event, &stored).collect(),
        RosterPart::Everyone => {
            with_place(&event, &stored).chain(without_place(&event, &stored)).collect()
        }
    };
    let total = members.len();
    let shown = members.into_iter().skip(window.skip).take(window.limit);
    let rows = shown.filter_map(|(member, rank)| line(&event, &stored, member, rank)).collect();
    Ok(Some(Page { rows, total }))
}

/// One member's line; `None` without an answer.
pub(super) fn line_of(
    db: &Connection,
    (guild, id): (GuildId, EventId),
    member: UserId,
) -> Stored<Option<RosterLine>> {
    let Some((event, stored)) = read(db, guild, id)? else { return Ok(None) };
    let mut everyone = with_place(&event, &stored).chain(without_place(&event, &stored));
    let found = everyone.find(|(known, _)| *known == member);
    Ok(found.and_then(|(member, rank)| line(&event, &stored, member, rank)))
}

fn read(db: &Connection, guild: GuildId, id: EventId) -> Stored<Option<(Event, StoredRoster)>> {
    let Some(event) = event_row::read(db, id)?.filter(|event| event.guild == guild) else {
        return Ok(None);
    };
    let stored = StoredRoster::read(db, &event)?;
    Ok(Some((event, stored)))
}

fn with_place<'a>(
    event: &'a Event,
    stored: &'a StoredRoster,
) -> impl Iterator<Item = (UserId, usize)> + 'a {
    event.options.iter().flat_map(|option| ranked(stored.roster.column(option.id)))
}

fn without_place<'a>(
    event: &'a Event,
    stored: &'a StoredRoster,
) -> impl Iterator<Item = (UserId, usize)> + 'a {
    let roster = &stored.roster;
    let mut ranks = event.lines().ranks();
    let waiting = roster.waitlist().filter_map(move |member| {
        let signup = roster.signup(member)?;
        Some((member, ranks.next(signup.option)))
    });
    ranked(roster.offered()).chain(waiting).chain(ranked(roster.passed()))
}

fn ranked(members: impl Iterator<Item = UserId>) -> impl Iterator<Item = (UserId, usize)> {
    members.zip(1..)
}

fn line(event: &Event, stored: &StoredRoster, member: UserId, rank: usize) -> Option<RosterLine> {
    let signup = stored.roster.signup(member)?;
    let details = stored.details.get(&member);
    let details = details.map(|said| said.within(event.details.span)).unwrap_or_default();
    Some(RosterLine { member, signup, details, rank })
}
