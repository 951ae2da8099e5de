//! Reads everything that is kept on one member.

use jiff::Timestamp;
use muster_domain::answer_option::OptionId;
use muster_domain::id::{EventId, GuildId, RoleId, SeriesId, UserId};
use muster_domain::reminder::ReminderChoices;
use muster_domain::signup_details::SignupDetails;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::columns::{Column, Columns, only};
use super::events::priority_row;
use super::{drafts, events, privacy, templates, wishes};
use crate::model::{
    HeldAnswer, HeldDelivery, HeldEvent, HeldPlan, HeldRole, HistoryLine, LoggedAnswer,
    LoggedPlace, MEMBER_ROWS_MAX, MemberData,
};
use crate::port::Stored;

/// Everything on a member.
pub(super) fn read(db: &Connection, member: UserId) -> Stored<MemberData> {
    const ZONE: &str = "SELECT zone FROM member WHERE id = ?1";
    Ok(MemberData {
        zone: db.prepare_cached(ZONE)?.query_row([Column(member)], only).optional()?,
        quiet: wishes::quiet(db, member)?,
        reminders: reminders(db, member)?,
        hosted: hosted(db, member)?,
        answers: answers(db, member)?,
        history: history(db, member)?,
        acts: acts(db, member)?,
        drafts: drafts::all_of(db, member)?,
        templates: templates::saved_by(db, member)?,
        plans: plans(db, member)?,
        deliveries: deliveries(db, member)?,
        roles: roles(db, member)?,
        erased_at: privacy::erased_at(db, member)?,
    })
}

fn reminders(db: &Connection, member: UserId) -> Stored<Vec<(GuildId, ReminderChoices)>> {
    const SQL: &str = "
        SELECT guild, mentioned, direct FROM member_reminders
        WHERE member = ?1 ORDER BY guild LIMIT ?2";
    rows(db, SQL, member, |row| {
        let mut columns = Columns::of(row);
        let guild = columns.take()?;
        Ok((guild, ReminderChoices { mentioned: columns.take()?, direct: columns.take()? }))
    })
}

fn hosted(db: &Connection, member: UserId) -> Stored<Vec<HeldEvent>> {
    const SQL: &str = "
        SELECT id, guild, title, starts_at FROM event WHERE host = ?1 ORDER BY id DESC LIMIT ?2";
    rows(db, SQL, member, |row| held_event(&mut Columns::of(row)))
}

fn held_event(columns: &mut Columns<'_, '_>) -> Stored<HeldEvent> {
    Ok(HeldEvent {
        event: columns.take()?,
        guild: columns.take()?,
        title: columns.take()?,
        starts: columns.take()?,
    })
}

/// Each event is looked up in the answers, which have no order by member.
fn answers(db: &Connection, member: UserId) -> Stored<Vec<HeldAnswer>> {
    const SQL: &str = "
        SELECT e.id, e.guild, e.title, e.starts_at,
          o.label || coalesce(' (' || o.grouping || ')', ''), s.option, s.place, s.guests,
          coalesce(s.note, b.note), coalesce(s.arrives, b.arrives), coalesce(s.leaves, b.leaves),
          coalesce(nullif(s.direct, 0), b.direct, 0),
          coalesce(s.priority_roles, b.priority_roles, ''), s.at
        FROM event e CROSS JOIN signup s ON s.event = e.id AND s.member = ?1
        LEFT JOIN event_option o
          ON o.event = e.id AND o.version = e.options_version AND o.id = s.option
        LEFT JOIN signup_before b
          ON b.event = e.id AND b.member = s.member AND s.option IS NULL
        ORDER BY e.id DESC LIMIT ?2";
    rows(db, SQL, member, |row| {
        let mut columns = Columns::of(row);
        Ok(HeldAnswer {
            event: held_event(&mut columns)?,
            answer: answer_of(&mut columns)?,
            details: SignupDetails {
                note: columns.take_nullable()?,
                arrives: columns.take_nullable()?,
                leaves: columns.take_nullable()?,
                direct: columns.take()?,
            },
            first_by: priority_row::read(&columns.take::<Box<str>>()?)?,
            at: columns.take()?,
        })
    })
}

fn answer_of(columns: &mut Columns<'_, '_>) -> Stored<Option<(Box<str>, LoggedAnswer)>> {
    let label: Option<Box<str>> = columns.take_nullable()?;
    let option: Option<OptionId> = columns.take_nullable()?;
    let (place, guests): (LoggedPlace, _) = (columns.take()?, columns.take()?);
    let answer = option.map(|option| LoggedAnswer { option, place, guests });
    Ok(answer.map(|answer| (label.unwrap_or_default(), answer)))
}

const HISTORY: &str = "
    SELECT l.event, l.version, 1, l.member, l.line, l.at, l.by, NULL, l.way, l.from_option,
      l.from_place, l.from_guests, l.to_option, l.to_place, l.to_guests, NULL, NULL, NULL, NULL, 0
    FROM event e CROSS JOIN signup s ON s.event = e.id AND s.member = ?1
    CROSS JOIN signup_log l ON l.event = e.id AND l.member = ?1
    ORDER BY l.event DESC, l.version DESC, l.line DESC LIMIT ?2";

const PRESENCES: &str = "
    SELECT l.event, l.version, 2, l.member, l.line, l.at, l.by, NULL, NULL, NULL, NULL, NULL, NULL,
      NULL, NULL, l.from_state, l.to_state, NULL, NULL, 0
    FROM presence_log l WHERE l.member = ?1
    ORDER BY l.event DESC, l.line DESC LIMIT ?2";

fn history(db: &Connection, member: UserId) -> Stored<Vec<(EventId, HistoryLine)>> {
    let mut history = lines(db, HISTORY, member)?;
    history.extend(lines(db, PRESENCES, member)?);
    history.sort_by_key(|(event, line)| std::cmp::Reverse((*event, line.version)));
    history.truncate(MEMBER_ROWS_MAX);
    Ok(history)
}

fn acts(db: &Connection, member: UserId) -> Stored<Vec<(EventId, HistoryLine)>> {
    const ON_EVENTS: &str = "
        SELECT event, version, 0, 0, 0, at, by, change, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
          NULL, NULL, NULL, NULL, takes_back
        FROM event_log WHERE by = ?1 ORDER BY event DESC, version DESC LIMIT ?2";
    const ON_OTHERS: &str = "
        SELECT event, version, 1, member, line, at, by, NULL, way, from_option, from_place,
          from_guests, to_option, to_place, to_guests, NULL, NULL, NULL, NULL, 0
        FROM signup_log INDEXED BY signup_log_by_interaction
        WHERE way = 'organiser' AND interaction IS NOT NULL AND by = ?1 AND member <> ?1
        ORDER BY event DESC, version DESC LIMIT ?2";
    const PRESENCES: &str = "
        SELECT event, version, 2, member, line, at, by, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
          NULL, from_state, to_state, NULL, NULL, 0
        FROM presence_log WHERE by = ?1 AND member <> ?1
        ORDER BY event DESC, line DESC LIMIT ?2";
    const DEEDS: &str = "
        SELECT event, version, 3, 0, line, at, by, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
          NULL, NULL, deed, channel, 0
        FROM deed_log WHERE by = ?1 ORDER BY event DESC, line DESC LIMIT ?2";
    let mut acts = lines(db, ON_EVENTS, member)?;
    acts.extend(lines(db, ON_OTHERS, member)?);
    acts.extend(lines(db, PRESENCES, member)?);
    acts.extend(lines(db, DEEDS, member)?);
    acts.sort_by_key(|(event, line)| std::cmp::Reverse((*event, line.version)));
    acts.truncate(MEMBER_ROWS_MAX);
    Ok(acts)
}

fn lines(db: &Connection, sql: &str, member: UserId) -> Stored<Vec<(EventId, HistoryLine)>> {
    rows(db, sql, member, |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, events::line_of(&mut columns)?))
    })
}

/// What a row of plans is about.
#[derive(Clone, Copy)]
pub(super) enum PlanKind {
    Created,
    Decided,
    Rest,
    SetUp,
}

const PLANS: &str = "
    SELECT s.guild, s.created_at AS at, 'created', s.id, v.title, NULL, NULL
    FROM series s JOIN series_version v ON v.series = s.id AND v.version = s.version
    WHERE s.host = ?1
    UNION ALL
    SELECT s.guild, v.at, 'decided', s.id, v.title, NULL, NULL
    FROM series_version v JOIN series s ON s.id = v.series WHERE v.by = ?1
    UNION ALL
    SELECT guild, at, 'rest', NULL, NULL, first_day, last_day FROM schedule_skip WHERE by = ?1
    UNION ALL
    SELECT guild, at, 'set_up', NULL, NULL, NULL, NULL FROM schedule_setup WHERE by = ?1
    ORDER BY at DESC LIMIT ?2";

fn plans(db: &Connection, member: UserId) -> Stored<Vec<(GuildId, HeldPlan, Timestamp)>> {
    rows(db, PLANS, member, |row| {
        let mut columns = Columns::of(row);
        let (guild, at, what) = (columns.take()?, columns.take()?, columns.take()?);
        let plan = match what {
            PlanKind::Created => HeldPlan::Created(columns.take()?, columns.take()?),
            PlanKind::Decided => HeldPlan::Decided(columns.take()?, columns.take()?),
            PlanKind::Rest => {
                let (_, _): (Option<SeriesId>, Option<Box<str>>) =
                    (columns.take_nullable()?, columns.take_nullable()?);
                HeldPlan::Rest(columns.take()?, columns.take()?)
            }
            PlanKind::SetUp => HeldPlan::SetUp,
        };
        Ok((guild, plan, at))
    })
}

fn deliveries(db: &Connection, member: UserId) -> Stored<Vec<HeldDelivery>> {
    const SQL: &str = "
        SELECT id, event, guild, channel, due_at, message, iif(told_by = ?1, words, NULL)
        FROM delivery
        WHERE member = ?1 OR told_by = ?1
          OR id IN (SELECT delivery FROM delivery_mention WHERE member = ?1)
        ORDER BY id DESC LIMIT ?2";
    rows(db, SQL, member, |row| {
        let mut columns = Columns::of(row);
        Ok(HeldDelivery {
            id: columns.take()?,
            event: columns.take_nullable()?,
            guild: columns.take::<GuildId>()?,
            channel: columns.take_nullable()?,
            due: columns.take()?,
            message: columns.take_nullable()?,
            told: columns.take_nullable()?,
        })
    })
}

fn roles(db: &Connection, member: UserId) -> Stored<Vec<HeldRole>> {
    const SQL: &str = "
        SELECT e.id, e.guild, e.title, e.starts_at, r.role, r.state
        FROM role_grant r JOIN event e ON e.id = r.event
        WHERE r.member = ?1 ORDER BY e.id DESC LIMIT ?2";
    rows(db, SQL, member, |row| {
        let mut columns = Columns::of(row);
        let (event, role): (_, RoleId) = (held_event(&mut columns)?, columns.take()?);
        Ok(HeldRole { event, role, state: columns.take()? })
    })
}

/// At most so many rows as are kept of each list.
fn rows<T>(
    db: &Connection,
    sql: &str,
    member: UserId,
    read: impl Fn(&Row<'_>) -> Stored<T>,
) -> Stored<Vec<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut found = statement.query(params![Column(member), Column(MEMBER_ROWS_MAX)])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(read(row)?);
    }
    Ok(rows)
}
