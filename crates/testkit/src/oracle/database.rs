//! The database, read past the product's own code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::door::Spot;
use rusqlite::{Connection, OpenFlags, Row};

/// Everything that the oracle looks at.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) events: BTreeMap<u64, KeptEvent>,
    pub(super) deliveries: Vec<KeptDelivery>,
    /// Messages that the bot was to delete and could not.
    pub(super) undeletable: BTreeSet<u64>,
}

/// An event with its answers, its history and its post.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptEvent {
    pub(super) id: u64,
    pub(super) mention_role: Option<u64>,
    pub(super) guild: u64,
    pub(super) state: EventState,
    pub(super) version: u64,
    pub(super) message: Option<u64>,
    pub(super) is_gone: bool,
    pub(super) options: Vec<KeptOption>,
    pub(super) rules: KeptRules,
    pub(super) signups: BTreeMap<u64, KeptSignup>,
    /// What organisers did, by version.
    pub(super) states: BTreeMap<u64, EventState>,
    /// What became of answers, by version.
    pub(super) lines: BTreeMap<u64, Vec<Line>>,
}

/// What an organiser decides. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "as the columns are")]
pub(super) struct EventState {
    pub(super) title: String,
    pub(super) starts_ms: i64,
    pub(super) ends_ms: i64,
    pub(super) capacity: Option<u64>,
    pub(super) takes_answers_until_end: bool,
    /// How long before the start answers close.
    pub(super) close_before_ms: i64,
    pub(super) is_closed: bool,
    pub(super) is_cancelled: bool,
    pub(super) is_deleted: bool,
}

impl EventState {
    /// Whether it takes answers at this instant.
    pub(super) fn is_open(&self, now_ms: i64) -> bool {
        !self.is_closed && !self.is_cancelled && !self.is_deleted && now_ms < self.closes_ms()
    }

    /// When answers close by themselves.
    pub(super) const fn closes_ms(&self) -> i64 {
        if self.takes_answers_until_end {
            self.ends_ms
        } else {
            self.starts_ms - self.close_before_ms
        }
    }
}

/// An answer on offer.
#[derive(Clone, Debug)]
pub(super) struct KeptOption {
    pub(super) id: u8,
    pub(super) label: String,
    pub(super) is_coming: bool,
    pub(super) is_told: bool,
    /// Whether those who are coming by it have a role.
    pub(super) gives: bool,
    pub(super) capacity: Option<u64>,
}

/// What an event demands of those who answer.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptRules {
    /// For how many seconds who comes up is offered the place.
    pub(super) offer_s: Option<u64>,
    pub(super) guests_max: u64,
    pub(super) allowed: Vec<u64>,
    pub(super) preferred: Vec<u64>,
}

impl KeptRules {
    /// Whether a member with these roles stands before the others in line.
    pub(super) fn prefers(&self, roles: &[u64]) -> bool {
        roles.iter().any(|role| self.preferred.contains(role))
    }

    /// Whether a member with these roles may answer.
    pub(super) fn admits(&self, roles: &[u64]) -> bool {
        self.allowed.is_empty() || roles.iter().any(|role| self.allowed.contains(role))
    }
}

impl KeptEvent {
    /// The options whose members are coming, and for how many each has room.
    pub(super) fn room_by_option(&self) -> BTreeMap<u8, Option<u64>> {
        let coming = self.options.iter().filter(|option| option.is_coming);
        coming.map(|option| (option.id, option.capacity)).collect()
    }
}

/// A member's answer as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeptSignup {
    pub(super) option: Option<u8>,
    pub(super) spot: Spot,
    pub(super) guests: u64,
    pub(super) is_preferred: bool,
    pub(super) sequence: i64,
    pub(super) interaction: u64,
}

/// A line of the history of answers.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) member: u64,
    pub(super) way: String,
    pub(super) option: Option<u8>,
    pub(super) spot: Spot,
    pub(super) guests: u64,
    pub(super) interaction: Option<u64>,
    pub(super) at_ms: i64,
}

/// A delivery.
#[derive(Clone, Debug)]
pub(super) struct KeptDelivery {
    pub(super) id: u64,
    pub(super) event: Option<u64>,
    pub(super) kind: String,
    pub(super) news: Option<String>,
    pub(super) version: Option<u64>,
    pub(super) due_ms: i64,
    pub(super) ended_ms: Option<i64>,
    pub(super) outcome: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) message: Option<u64>,
    /// Where it was to go, or went.
    pub(super) channel: Option<u64>,
    pub(super) mentions: BTreeSet<u64>,
}

impl Kept {
    /// Reads the database in this file, which may be in use.
    pub(super) fn read(path: &Path) -> rusqlite::Result<Self> {
        let db = open(path)?;
        let mut kept = Self::default();
        for event in rows(&db, EVENTS, event)? {
            kept.events.insert(event.id, event);
        }
        for (event, option) in rows(&db, OPTIONS, option)? {
            kept.event(event, |event| event.options.push(option));
        }
        for (event, rules) in rows(&db, RULES, rules)? {
            kept.event(event, |event| event.rules = rules);
        }
        for (event, list, role) in rows(&db, ROLES, |r| Ok((id(r, 0)?, r.get(1)?, id(r, 2)?)))? {
            let list: String = list;
            kept.event(event, |event| match &*list {
                "allowed" => event.rules.allowed.push(role),
                "priority" => event.rules.preferred.push(role),
                _ => {}
            });
        }
        for (event, member, signup) in rows(&db, SIGNUPS, signup)? {
            kept.event(event, |event| {
                event.signups.insert(member, signup);
            });
        }
        for (event, version, state) in
            rows(&db, STATES, |row| Ok((id(row, 0)?, id(row, 1)?, state(row, 2)?)))?
        {
            kept.event(event, |event| drop(event.states.insert(version, state)));
        }
        for (event, version, line) in rows(&db, LINES, line)? {
            kept.event(event, |event| event.lines.entry(version).or_default().push(line));
        }
        kept.deliveries = rows(&db, DELIVERIES, delivery)?;
        kept.undeletable = rows(&db, UNDELETABLE, |row| id(row, 0))?.into_iter().collect();
        for (delivery, member) in rows(&db, MENTIONS, |row| Ok((id(row, 0)?, id(row, 1)?)))? {
            let found = kept.deliveries.iter_mut().find(|known| known.id == delivery);
            found.map(|found| found.mentions.insert(member));
        }
        Ok(kept)
    }

    fn event(&mut self, id: u64, change: impl FnOnce(&mut KeptEvent)) {
        if let Some(event) = self.events.get_mut(&id) {
            change(event);
        }
    }
}

const EVENTS: &str = "
    SELECT e.id, e.guild, e.mention_role, p.version, p.message, p.gone_at IS NOT NULL,
      e.title, e.starts_at, e.ends_at, e.capacity, e.answers_close_at_end, e.closed_at,
      e.cancelled_at, e.deleted_at, r.close_before
    FROM event e JOIN post p ON p.event = e.id
    JOIN event_rules r ON r.event = e.id AND r.version = e.rules_version ORDER BY e.id";

const OPTIONS: &str = "SELECT o.event, o.id, o.label, o.coming, o.told, o.capacity,
      o.granted IS NOT NULL
    FROM event_option o
    JOIN event e ON e.id = o.event AND e.options_version = o.version
    WHERE o.removed = 0 ORDER BY o.event, o.position";

const RULES: &str = "SELECT r.event, r.offer, r.guests_max FROM event_rules r
    JOIN event e ON e.id = r.event AND e.rules_version = r.version";

const ROLES: &str = "SELECT r.event, r.list, r.role FROM event_role r
    JOIN event e ON e.id = r.event AND e.rules_version = r.version";

const SIGNUPS: &str = "
    SELECT event, member, option, place, guests, priority, sequence, interaction FROM signup";

const STATES: &str = "
    SELECT l.event, l.version, title, starts_at, ends_at, capacity, answers_close_at_end, closed_at,
      cancelled_at, deleted_at, r.close_before
    FROM event_log l JOIN event_rules r ON r.event = l.event AND r.version = l.rules_version";

const LINES: &str = "
    SELECT event, version, member, way, to_option, to_place, to_guests, interaction, at FROM signup_log
    ORDER BY event, version, member";

const DELIVERIES: &str = "
    SELECT id, event, kind, news, version, due_at, outcome, reason, message, channel,
      ended_at
    FROM delivery ORDER BY id";

const UNDELETABLE: &str = "
    SELECT message FROM chore WHERE kind = 'delete_message' AND ended_at IS NOT NULL";

const MENTIONS: &str = "SELECT delivery, member FROM delivery_mention";

/// Opens a database for reading beside its writer.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn rows<T>(
    db: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = db.prepare(sql)?;
    statement.query_map([], read)?.collect()
}

fn id(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get(index).map(i64::cast_unsigned)
}

fn optional_id(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(index)?.map(i64::cast_unsigned))
}

fn event(row: &Row<'_>) -> rusqlite::Result<KeptEvent> {
    Ok(KeptEvent {
        id: id(row, 0)?,
        guild: id(row, 1)?,
        mention_role: optional_id(row, 2)?,
        version: id(row, 3)?,
        message: optional_id(row, 4)?,
        is_gone: row.get(5)?,
        state: state(row, 6)?,
        ..KeptEvent::default()
    })
}

fn state(row: &Row<'_>, from: usize) -> rusqlite::Result<EventState> {
    let is_there =
        |index: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(index)?.is_some());
    Ok(EventState {
        title: row.get(from)?,
        starts_ms: row.get(from + 1)?,
        ends_ms: row.get(from + 2)?,
        capacity: optional_id(row, from + 3)?,
        takes_answers_until_end: row.get(from + 4)?,
        close_before_ms: 1_000 * row.get::<_, i64>(from + 8)?,
        is_closed: is_there(from + 5)?,
        is_cancelled: is_there(from + 6)?,
        is_deleted: is_there(from + 7)?,
    })
}

fn option(row: &Row<'_>) -> rusqlite::Result<(u64, KeptOption)> {
    let option = KeptOption {
        id: row.get(1)?,
        label: row.get(2)?,
        is_coming: row.get(3)?,
        is_told: row.get(4)?,
        capacity: optional_id(row, 5)?,
        gives: row.get(6)?,
    };
    Ok((id(row, 0)?, option))
}

fn rules(row: &Row<'_>) -> rusqlite::Result<(u64, KeptRules)> {
    let (offer_s, guests_max) = (optional_id(row, 1)?, id(row, 2)?);
    Ok((id(row, 0)?, KeptRules { offer_s, guests_max, ..KeptRules::default() }))
}

fn signup(row: &Row<'_>) -> rusqlite::Result<(u64, u64, KeptSignup)> {
    let signup = KeptSignup {
        option: row.get(2)?,
        spot: Spot::numbered(row.get(3)?),
        guests: id(row, 4)?,
        is_preferred: row.get(5)?,
        sequence: row.get(6)?,
        interaction: id(row, 7)?,
    };
    Ok((id(row, 0)?, id(row, 1)?, signup))
}

fn line(row: &Row<'_>) -> rusqlite::Result<(u64, u64, Line)> {
    let line = Line {
        member: id(row, 2)?,
        way: row.get(3)?,
        option: row.get(4)?,
        spot: Spot::numbered(row.get::<_, Option<i64>>(5)?.unwrap_or_default()),
        guests: optional_id(row, 6)?.unwrap_or_default(),
        interaction: optional_id(row, 7)?,
        at_ms: row.get(8)?,
    };
    Ok((id(row, 0)?, id(row, 1)?, line))
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<KeptDelivery> {
    Ok(KeptDelivery {
        id: id(row, 0)?,
        event: optional_id(row, 1)?,
        kind: row.get(2)?,
        news: row.get(3)?,
        version: optional_id(row, 4)?,
        due_ms: row.get(5)?,
        outcome: row.get(6)?,
        reason: row.get(7)?,
        message: optional_id(row, 8)?,
        channel: optional_id(row, 9)?,
        ended_ms: row.get(10)?,
        mentions: BTreeSet::new(),
    })
}
