//! What members want of reminders: as they choose it, and as it holds at an instant.

use jiff::Timestamp;
use jiff::civil::Time;
use muster_domain::event::Event;
use muster_domain::id::{GuildId, UserId};
use muster_domain::limits::MENTIONS_MAX;
use muster_domain::reminder::{QuietHours, ReminderChoice, ReminderChoices};
use muster_domain::zone::Zone;
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{Column, Columns};
use super::{deliveries, guilds};
use crate::model::MemberReminders;
use crate::port::Stored;

/// What a member wants of the reminders of an event.
pub(super) struct Wish {
    pub(super) choices: ReminderChoices,
    quiet: Option<QuietHours>,
    zone: Option<Zone>,
}

impl Wish {
    /// The end of the member's quiet hours, if it is in them at this instant: in their own zone, or
    /// the event's if they chose none.
    pub(super) fn quiet_until(&self, at: Timestamp, event: &Event) -> Option<Timestamp> {
        let zone = self.zone.as_ref().unwrap_or(&event.details.zone);
        self.quiet?.end_after(at, zone)
    }
}

/// What a member wants of the reminders of an event.
pub(super) fn of(db: &Connection, event: &Event, member: UserId) -> Stored<Wish> {
    const SQL: &str = "
        SELECT coalesce(r.mentioned, 1), coalesce(r.direct, 1), q.from_minute, q.to_minute, m.zone
        FROM (SELECT ?2 AS id) AS who
        LEFT JOIN member_reminders r ON r.member = who.id AND r.guild = ?1
        LEFT JOIN quiet_hours q ON q.member = who.id
        LEFT JOIN member m ON m.id = who.id";
    let mut statement = db.prepare_cached(SQL)?;
    Ok(statement.query_row(params![Column(event.guild), Column(member)], |row| {
        let mut columns = Columns::of(row);
        Ok(Wish {
            choices: ReminderChoices { mentioned: columns.take()?, direct: columns.take()? },
            quiet: quiet_of(&mut columns)?,
            zone: columns.take_nullable()?,
        })
    })?)
}

fn quiet_of(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<QuietHours>> {
    let from: Option<Time> = columns.take_nullable()?;
    let to: Option<Time> = columns.take_nullable()?;
    Ok(from.zip(to).and_then(|(from, to)| QuietHours::new(from, to)))
}

/// Those whom a reminder of the event may mention at this instant, in order; of more than
/// [`MENTIONS_MAX`], who are not mentioned one by one, that many and one more.
pub(super) fn mentioned(
    db: &Connection,
    event: &Event,
    members: &[UserId],
    at: Timestamp,
) -> Stored<Vec<UserId>> {
    let mut mentioned = Vec::new();
    for member in members {
        if mentioned.len() > MENTIONS_MAX {
            break;
        }
        let wish = of(db, event, *member)?;
        if wish.choices.mentioned && wish.quiet_until(at, event).is_none() {
            mentioned.push(*member);
        }
    }
    Ok(mentioned)
}

/// What a member chose, in this guild and in all.
pub(super) fn read(db: &Connection, guild: GuildId, member: UserId) -> Stored<MemberReminders> {
    const SQL: &str = "
        SELECT mentioned, direct FROM member_reminders WHERE member = ?1 AND guild = ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row(params![Column(member), Column(guild)], |row| {
        let mut columns = Columns::of(row);
        Ok(ReminderChoices { mentioned: columns.take()?, direct: columns.take()? })
    });
    let choices = found.optional()?.unwrap_or_default();
    Ok(MemberReminders { choices, quiet: quiet(db, member)? })
}

/// When a member is left in peace.
pub(super) fn quiet(db: &Connection, member: UserId) -> Stored<Option<QuietHours>> {
    const SQL: &str = "SELECT from_minute, to_minute FROM quiet_hours WHERE member = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([Column(member)], |row| quiet_of(&mut Columns::of(row)));
    Ok(found.optional()?.flatten())
}

/// A member chooses something.
pub(super) fn choose(
    db: &Connection,
    guild: GuildId,
    member: UserId,
    choice: ReminderChoice,
    at: Timestamp,
) -> Stored<MemberReminders> {
    let ReminderChoices { mentioned, direct } = read(db, guild, member)?.choices;
    match choice {
        ReminderChoice::Mentioned(mentioned) => {
            put(db, guild, member, ReminderChoices { mentioned, direct })?;
        }
        ReminderChoice::Direct(direct) => {
            put(db, guild, member, ReminderChoices { mentioned, direct })?;
            if !direct {
                deliveries::skip_unsent_reminders_to(db, guild, member, at)?;
            }
        }
        ReminderChoice::Quiet(quiet) => put_quiet(db, member, quiet)?,
    }
    read(db, guild, member)
}

fn put(db: &Connection, guild: GuildId, member: UserId, choices: ReminderChoices) -> Stored<()> {
    const PUT: &str = "
        INSERT INTO member_reminders (member, guild, mentioned, direct) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (member, guild)
        DO UPDATE SET mentioned = excluded.mentioned, direct = excluded.direct";
    const FORGET: &str = "DELETE FROM member_reminders WHERE member = ?1 AND guild = ?2";
    let (member, of) = (Column(member), Column(guild));
    if choices == ReminderChoices::default() {
        db.prepare_cached(FORGET)?.execute(params![member, of])?;
        return Ok(());
    }
    guilds::ensure(db, guild)?;
    db.prepare_cached(PUT)?.execute(params![member, of, choices.mentioned, choices.direct])?;
    Ok(())
}

fn put_quiet(db: &Connection, member: UserId, quiet: Option<QuietHours>) -> Stored<()> {
    const PUT: &str = "
        INSERT INTO quiet_hours (member, from_minute, to_minute) VALUES (?1, ?2, ?3)
        ON CONFLICT (member)
        DO UPDATE SET from_minute = excluded.from_minute, to_minute = excluded.to_minute";
    const FORGET: &str = "DELETE FROM quiet_hours WHERE member = ?1";
    let member = Column(member);
    match quiet {
        Some(quiet) => db.prepare_cached(PUT)?.execute(params![
            member,
            Column(quiet.from()),
            Column(quiet.to())
        ])?,
        None => db.prepare_cached(FORGET)?.execute([member])?,
    };
    Ok(())
}
