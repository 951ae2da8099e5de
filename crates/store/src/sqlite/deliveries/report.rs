//! Reports to organisers. What went wrong is put into a report in the commit that notes it, so that
//! it is told once; a report waits a moment, so that what goes wrong together is told together.

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{ChannelId, DeliveryId, EventId, GuildId, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use super::channels::{self, Broken, Telling};
use super::delivery_row::DeliveryKind;
use crate::model::{Breakage, MissedCause};
use crate::port::Stored;
use crate::sqlite::columns::{Column, Columns, nullable, only, whole_ms};
use crate::sqlite::guilds;

/// How long a report waits for what else goes wrong: after downtime everything that is too late is
/// found within seconds.
const GATHERED: SignedDuration = SignedDuration::from_mins(1);

/// How it is noted that a channel took no message.
pub(super) const fn why(breakage: Breakage) -> &'static str {
    match breakage {
        Breakage::Gone => GONE,
        Breakage::Refuses | Breakage::Lacks => FORBIDDEN,
    }
}

/// Of a message whose channel is gone.
pub(in crate::sqlite) const GONE: &str = "the channel does not exist";

/// Of news that are told in a post in a forum, which nobody knows of.
pub(in crate::sqlite) const NO_POST: &str = "its event has no post in the forum";

/// Of a message that the bot may not send.
pub(in crate::sqlite) const FORBIDDEN: &str = "the bot lacks a permission there";

/// How it is noted that a delivery was left out.
pub(super) const fn why_missed(cause: MissedCause) -> &'static str {
    match cause {
        MissedCause::TooLate => TOO_LATE,
        MissedCause::Over => "the event is over",
        MissedCause::MembersUnknown => MEMBERS_UNKNOWN,
    }
}

/// Of a message whose time had passed.
pub(in crate::sqlite) const TOO_LATE: &str = "it came too late";

/// Of a reminder of which nobody knows whom it is for.
pub(in crate::sqlite) const MEMBERS_UNKNOWN: &str = "the members of a role are not known";

/// What a delivery is, as far as telling its end goes.
struct Ended {
    guild: GuildId,
    kind: DeliveryKind,
    channel: Option<ChannelId>,
    /// The event's organiser.
    host: Option<UserId>,
}

fn ended(db: &Connection, delivery: DeliveryId) -> Stored<Option<Ended>> {
    const SQL: &str = "
        SELECT d.guild, d.kind, d.channel, e.host
        FROM delivery d LEFT JOIN event e ON e.id = d.event WHERE d.id = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([Column(delivery)], |row| {
        let mut columns = Columns::of(row);
        Ok(Ended {
            guild: columns.take()?,
            kind: columns.take()?,
            channel: columns.take_nullable()?,
            host: columns.take_nullable()?,
        })
    });
    Ok(found.optional()?)
}

/// Has the organisers told that a message came too late. It mends nothing to know it, so that only
/// those are told who chose a channel for that. Of messages to members nobody is told: most that
/// come too late do so because their members closed them.
pub(in crate::sqlite) fn missed(
    db: &Connection,
    delivery: DeliveryId,
    at: Timestamp,
) -> Stored<()> {
    let Some(Ended { guild, kind, .. }) = ended(db, delivery)? else { return Ok(()) };
    match kind {
        DeliveryKind::Post | DeliveryKind::Notice => match to_tell(db, guild, None, at)? {
            Some(report) => tells(db, delivery, report),
            None => Ok(()),
        },
        DeliveryKind::Direct | DeliveryKind::Greeting | DeliveryKind::Report => Ok(()),
    }
}

/// Has the organisers told that a message failed, and once what is wrong with its channel. Of
/// messages to members nobody is told: they may close them, and nobody else can mend it.
pub(super) fn failed(
    db: &Connection,
    delivery: DeliveryId,
    breakage: Option<Breakage>,
    at: Timestamp,
) -> Stored<()> {
    let Some(Ended { guild, kind, channel, host }) = ended(db, delivery)? else { return Ok(()) };
    let is_report = kind == DeliveryKind::Report;
    let host = if is_report { concerned(db, guild, delivery, at)? } else { host };
    let broken =
        breakage.zip(channel).map(|(breakage, channel)| Broken { guild, channel, breakage, host });
    let telling = broken.map(|broken| channels::breaks(db, &broken, at)).transpose()?;
    match kind {
        DeliveryKind::Post | DeliveryKind::Notice => {
            let report = match telling {
                Some(Telling::Before) => None,
                Some(Telling::In(report)) => report,
                None => to_tell(db, guild, host, at)?,
            };
            report.map_or(Ok(()), |report| tells(db, delivery, report))
        }
        DeliveryKind::Report if channel.is_some() => tell_instead(db, guild, host, delivery, at),
        DeliveryKind::Direct | DeliveryKind::Greeting | DeliveryKind::Report => Ok(()),
    }
}

/// Has the organisers told that nobody knows whether a message arrived. Of a report that may have
/// arrived nobody is told twice.
pub(super) fn unclear(db: &Connection, delivery: DeliveryId, at: Timestamp) -> Stored<()> {
    let Some(Ended { guild, kind, host, .. }) = ended(db, delivery)? else { return Ok(()) };
    match kind {
        DeliveryKind::Post | DeliveryKind::Notice => match to_tell(db, guild, host, at)? {
            Some(report) => tells(db, delivery, report),
            None => Ok(()),
        },
        DeliveryKind::Direct | DeliveryKind::Greeting | DeliveryKind::Report => Ok(()),
    }
}

/// Has the organisers told that a post was deleted, if its event is still to come.
pub(super) fn post_gone(db: &Connection, event: EventId, at: Timestamp) -> Stored<()> {
    const GUILD: &str = "
        SELECT guild FROM event
        WHERE id = ?1 AND ends_at > ?2 AND deleted_at IS NULL AND cancelled_at IS NULL";
    const SQL: &str = "UPDATE post SET gone_report = ?2 WHERE event = ?1";
    let params = params![Column(event), Column(at)];
    let guild: Option<GuildId> = db.prepare_cached(GUILD)?.query_row(params, only).optional()?;
    let Some(guild) = guild else { return Ok(()) };
    let report = to_tell(db, guild, None, at)?;
    let params = params![Column(event), nullable(report.as_ref())];
    db.prepare_cached(SQL)?.execute(params)?;
    Ok(())
}

fn tells(db: &Connection, delivery: DeliveryId, report: DeliveryId) -> Stored<()> {
    const SQL: &str = "UPDATE delivery SET report = ?2 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(delivery), Column(report)])?;
    Ok(())
}

/// Where a report goes.
#[derive(Clone, Copy)]
enum Place {
    Channel(ChannelId),
    Member(UserId),
}

/// The report in which a guild's organisers are told of what happens now; `None` if there is nobody
/// to tell. It goes into their channel. Where there is none, or it takes nothing, `host` gets it.
pub(in crate::sqlite) fn to_tell(
    db: &Connection,
    guild: GuildId,
    host: Option<UserId>,
    at: Timestamp,
) -> Stored<Option<DeliveryId>> {
    let host = host.filter(|host| !host.is_erased()).map(Place::Member);
    let channel = guilds::admin_channel(db, guild)?;
    let works = match channel {
        Some(channel) => channels::takes_messages(db, guild, channel)?,
        None => false,
    };
    let channel = channel.map(Place::Channel);
    let place = if works { channel } else { host.or(channel) };
    place.map(|place| gathered(db, guild, place, at)).transpose()
}

/// The report to this place that has not begun to leave, or a new one.
fn gathered(db: &Connection, guild: GuildId, place: Place, at: Timestamp) -> Stored<DeliveryId> {
    const FIND: &str = "
        SELECT id FROM delivery
        WHERE guild = ?1 AND kind = 'report' AND ended_at IS NULL AND attempts = 0
          AND lease_until IS NULL AND lane = ?2 AND member IS ?3
        ORDER BY id DESC LIMIT 1";
    const ADD: &str = "
        INSERT INTO delivery (guild, kind, channel, member, lane, due_at, ready_at)
        VALUES (?1, 'report', ?4, ?3, ?2, ?5, ?5) RETURNING id";
    let (lane, channel, member) = match place {
        Place::Channel(channel) => (channel.get(), Some(channel), None),
        Place::Member(member) => (member.get(), None, Some(member)),
    };
    let (channel, member) = (nullable(channel.as_ref()), nullable(member.as_ref()));
    let mut find = db.prepare_cached(FIND)?;
    let found = find.query_row(params![Column(guild), Column(lane), member], only).optional()?;
    if let Some(report) = found {
        return Ok(report);
    }
    let due = whole_ms(at.saturating_add(GATHERED).unwrap_or(at));
    let params = params![Column(guild), Column(lane), member, channel, Column(due)];
    Ok(db.prepare_cached(ADD)?.query_row(params, only)?)
}

/// What a report tells is told to an organiser whom it concerns, as its channel does not take it.
fn tell_instead(
    db: &Connection,
    guild: GuildId,
    host: Option<UserId>,
    report: DeliveryId,
    at: Timestamp,
) -> Stored<()> {
    const MOVE: [&str; 3] = [
        "UPDATE delivery SET report = ?2 WHERE report = ?1",
        "UPDATE broken_channel SET report = ?2 WHERE report = ?1",
        "UPDATE post SET gone_report = ?2 WHERE gone_report = ?1",
    ];
    let Some(host) = host.filter(|host| !host.is_erased()) else { return Ok(()) };
    let instead = gathered(db, guild, Place::Member(host), at)?;
    for sql in MOVE {
        db.prepare_cached(sql)?.execute(params![Column(report), Column(instead)])?;
    }
    Ok(())
}

/// Who organises the soonest of the events that a report is about, or else of the guild's.
fn concerned(
    db: &Connection,
    guild: GuildId,
    report: DeliveryId,
    at: Timestamp,
) -> Stored<Option<UserId>> {
    const ABOUT: &str = "
        SELECT host FROM event WHERE id IN (
          SELECT event FROM delivery WHERE report = ?1
          UNION SELECT event FROM post WHERE gone_report = ?1)
        ORDER BY starts_at DESC LIMIT 1";
    let about = db.prepare_cached(ABOUT)?.query_row([Column(report)], only).optional()?;
    match about {
        Some(host) => Ok(Some(host)),
        None => channels::next_host(db, guild, None, at),
    }
}
