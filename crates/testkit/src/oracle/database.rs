//! The database, read past the product's own code.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};

use super::door::Spot;
pub(super) use super::kept::{
    EventState, Kept, KeptDelivery, KeptEvent, KeptOption, KeptReminder, KeptRules, KeptSignup,
    Line,
};
use super::plans::Plans;

impl Kept {
    /// Reads the database in this file, which may be in use.
    pub(super) fn read(path: &Path) -> rusqlite::Result<Self> {
        let db = open(path)?;
        let mut kept = Self::default();
        for event in rows(&db, EVENTS, event)? {
            kept.events.insert(event.id, event);
        }
        kept.read_sets(&db)?;
        for (event, member, signup) in rows(&db, SIGNUPS, signup)? {
            kept.event(event, |event| {
                event.signups.insert(member, signup);
            });
        }
        let decided =
            |row: &Row<'_>| Ok((id(row, 0)?, id(row, 1)?, state(row, 2)?, made(row, 13)?));
        for (event, version, state, (interaction, is_undoing, at_ms)) in rows(&db, STATES, decided)?
        {
            kept.event(event, |event| {
                event.states.insert(version, state);
                event.decided_ms.insert(version, at_ms);
                event.changes.extend(interaction);
                event.undoings.extend(is_undoing.then_some(version));
            });
        }
        for (event, version, line) in rows(&db, LINES, line)? {
            kept.event(event, |event| event.lines.entry(version).or_default().push(line));
        }
        kept.plans = Plans::read(&db)?;
        kept.reminders = rows(&db, REMINDERS, reminder)?;
        kept.own_reminders = rows(&db, OWN_REMINDERS, |row| id(row, 0))?.into_iter().collect();
        let pair = |row: &Row<'_>| Ok((id(row, 0)?, id(row, 1)?));
        kept.direct = rows(&db, DIRECT, pair)?.into_iter().collect();
        let given_up = |row: &Row<'_>| Ok((row.get(0)?, id(row, 1)?));
        kept.given_up = rows(&db, GIVEN_UP, given_up)?.into_iter().collect();
        kept.deliveries = rows(&db, DELIVERIES, delivery)?;
        kept.undeletable = rows(&db, UNDELETABLE, |row| id(row, 0))?.into_iter().collect();
        for (delivery, member) in rows(&db, MENTIONS, |row| Ok((id(row, 0)?, id(row, 1)?)))? {
            let found = kept.deliveries.iter_mut().find(|known| known.id == delivery);
            found.map(|found| found.mentions.insert(member));
        }
        Ok(kept)
    }

    /// Reads the sets of options and rules of all events.
    fn read_sets(&mut self, db: &Connection) -> rusqlite::Result<()> {
        for (event, version, option) in rows(db, OPTIONS, option)? {
            self.event(event, |event| event.option_sets.entry(version).or_default().push(option));
        }
        let allowed = |row: &Row<'_>| Ok((id(row, 0)?, id(row, 1)?, row.get(2)?, id(row, 3)?));
        for (event, version, option, role) in rows(db, OPTION_ROLES, allowed)? {
            let option: u8 = option;
            self.event(event, |event| {
                let set = event.option_sets.entry(version).or_default();
                let found = set.iter_mut().find(|known| known.id == option);
                found.map(|found| found.allowed.push(role)).unwrap_or_default();
            });
        }
        for (event, version, rules) in rows(db, RULES, rules)? {
            self.event(event, |event| drop(event.rule_sets.insert(version, rules)));
        }
        let role = |row: &Row<'_>| Ok((id(row, 0)?, id(row, 1)?, row.get(2)?, id(row, 3)?));
        for (event, version, list, role) in rows(db, ROLES, role)? {
            let list: String = list;
            self.event(event, |event| {
                let rules = event.rule_sets.entry(version).or_default();
                match &*list {
                    "allowed" => rules.allowed.push(role),
                    "denied" => rules.denied.push(role),
                    "priority" => rules.preferred.push(role),
                    _ => {}
                }
            });
        }
        for event in self.events.values_mut() {
            let EventState { options_version, rules_version, .. } = event.state;
            let set = event.option_sets.get(&options_version).into_iter().flatten();
            event.options = set.filter(|option| !option.is_removed).cloned().collect();
            event.rules = event.rule_sets.get(&rules_version).cloned().unwrap_or_default();
        }
        Ok(())
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
      e.cancelled_at, e.deleted_at, r.close_before, e.options_version, e.rules_version, e.host,
      p.channel, e.opens_thread, p.thread, e.interaction > 0
    FROM event e JOIN post p ON p.event = e.id
    JOIN event_rules r ON r.event = e.id AND r.version = e.rules_version ORDER BY e.id";

const OPTIONS: &str = "
    SELECT event, version, id, label, coming, told, capacity, granted IS NOT NULL, removed,
      grouping, shared
    FROM event_option ORDER BY event, version, position";

const OPTION_ROLES: &str = "SELECT event, version, option, role FROM event_option_role";

const RULES: &str = "SELECT event, version, offer, guests_max, names_hidden FROM event_rules";

const ROLES: &str = "SELECT event, version, list, role FROM event_role";

const SIGNUPS: &str = "
    SELECT event, member, option, place, guests, priority, sequence, interaction, arrives,
      leaves
    FROM signup";

const STATES: &str = "
    SELECT l.event, l.version, title, starts_at, ends_at, capacity, answers_close_at_end, closed_at,
      cancelled_at, deleted_at, r.close_before, l.options_version, l.rules_version, l.interaction,
      l.takes_back, l.at
    FROM event_log l JOIN event_rules r ON r.event = l.event AND r.version = l.rules_version";

const LINES: &str = "
    SELECT event, version, member, way, to_option, to_place, to_guests, interaction, at FROM signup_log
    ORDER BY event, version, member";

const DELIVERIES: &str = "
    SELECT id, event, kind, news, version, due_at, outcome, reason, message, channel,
      ended_at, member, reminds_at, told_by IS NOT NULL, audience
    FROM delivery ORDER BY id";

const UNDELETABLE: &str = "
    SELECT message FROM chore WHERE kind = 'delete_message' AND ended_at IS NOT NULL";

const GIVEN_UP: &str = "SELECT kind, message FROM chore WHERE ended_at IS NOT NULL";

const REMINDERS: &str = "SELECT event, from_start, audience, role, place, words FROM reminder";

const OWN_REMINDERS: &str = "SELECT id FROM event WHERE own_reminders = 1";

const DIRECT: &str = "SELECT event, member FROM signup WHERE direct = 1";

const MENTIONS: &str = "SELECT delivery, member FROM delivery_mention";

/// Opens a database for reading beside its writer.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// What a statement finds.
pub(super) fn rows<T>(
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
        host: id(row, 17)?,
        mention_role: optional_id(row, 2)?,
        version: id(row, 3)?,
        message: optional_id(row, 4)?,
        is_gone: row.get(5)?,
        state: state(row, 6)?,
        channel: id(row, 18)?,
        opens_thread: row.get(19)?,
        thread: optional_id(row, 20)?,
        is_asked_for: row.get(21)?,
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
        options_version: id(row, from + 9)?,
        rules_version: id(row, from + 10)?,
    })
}

/// The interaction that made a change, and whether it took another back.
fn made(row: &Row<'_>, from: usize) -> rusqlite::Result<(Option<u64>, bool, i64)> {
    Ok((optional_id(row, from)?, row.get(from + 1)?, row.get(from + 2)?))
}

fn option(row: &Row<'_>) -> rusqlite::Result<(u64, u64, KeptOption)> {
    let option = KeptOption {
        id: row.get(2)?,
        label: row.get(3)?,
        is_coming: row.get(4)?,
        is_told: row.get(5)?,
        capacity: optional_id(row, 6)?,
        gives: row.get(7)?,
        is_removed: row.get(8)?,
        heading: row.get(9)?,
        shared: optional_id(row, 10)?,
        allowed: Vec::new(),
    };
    Ok((id(row, 0)?, id(row, 1)?, option))
}

fn rules(row: &Row<'_>) -> rusqlite::Result<(u64, u64, KeptRules)> {
    let rules = KeptRules {
        offer_s: optional_id(row, 2)?,
        guests_max: id(row, 3)?,
        are_names_hidden: row.get(4)?,
        ..KeptRules::default()
    };
    Ok((id(row, 0)?, id(row, 1)?, rules))
}

fn signup(row: &Row<'_>) -> rusqlite::Result<(u64, u64, KeptSignup)> {
    let signup = KeptSignup {
        option: row.get(2)?,
        spot: Spot::numbered(row.get(3)?),
        guests: id(row, 4)?,
        is_preferred: row.get(5)?,
        sequence: row.get(6)?,
        interaction: id(row, 7)?,
        from_ms: row.get(8)?,
        until_ms: row.get(9)?,
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

fn reminder(row: &Row<'_>) -> rusqlite::Result<KeptReminder> {
    Ok(KeptReminder {
        event: optional_id(row, 0)?,
        minutes: row.get(1)?,
        audience: row.get(2)?,
        role: optional_id(row, 3)?,
        place: row.get(4)?,
        words: row.get(5)?,
    })
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
        member: optional_id(row, 11)?,
        reminds_ms: row.get(12)?,
        is_first_told: row.get(13)?,
        audience: row.get(14)?,
        mentions: BTreeSet::new(),
    })
}
