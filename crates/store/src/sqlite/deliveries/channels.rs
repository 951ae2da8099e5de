//! Channels that take no messages, or lack something: noted once, and forgotten when they work.

use jiff::Timestamp;
use muster_domain::id::{ChannelId, DeliveryId, GuildId, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use super::report;
use crate::model::Breakage;
use crate::port::Stored;
use crate::sqlite::columns::{Column, nullable, only, whole_ms};

/// A channel was tested. Returns whether anything is due by that.
pub(in crate::sqlite) fn tested(
    db: &Connection,
    guild: GuildId,
    channel: ChannelId,
    found: Option<Breakage>,
    at: Timestamp,
) -> Stored<bool> {
    match found {
        Some(breakage) => {
            let host = next_host(db, guild, Some(channel), at)?;
            let told = breaks(db, &Broken { guild, channel, breakage, host }, at)?;
            Ok(matches!(told, Telling::In(Some(_))))
        }
        None => works(db, guild, channel, at),
    }
}

/// A channel in which something was found to be wrong.
pub(super) struct Broken {
    pub(super) guild: GuildId,
    pub(super) channel: ChannelId,
    pub(super) breakage: Breakage,
    /// Who is told where a guild has no channel for organisers.
    pub(super) host: Option<UserId>,
}

/// Whether organisers are told of something.
pub(super) enum Telling {
    /// They were before.
    Before,
    /// In this report, or nobody is there to tell.
    In(Option<DeliveryId>),
}

/// Notes what is wrong with a channel, and has the organisers told unless they were already. Of
/// what is worse than what they were told of, they are told anew.
pub(super) fn breaks(db: &Connection, broken: &Broken, at: Timestamp) -> Stored<Telling> {
    const SQL: &str = "
        INSERT INTO broken_channel (guild, channel, state, since, report)
        VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (guild, channel) DO UPDATE SET
          state = excluded.state, since = excluded.since, report = excluded.report";
    let Broken { guild, channel, breakage, host } = *broken;
    if state(db, guild, channel)?.is_some_and(|known| known >= breakage) {
        return Ok(Telling::Before);
    }
    let note = |told: Option<DeliveryId>| -> Stored<()> {
        let (guild, channel, state) = (Column(guild), Column(channel), Column(breakage));
        let (since, told) = (Column(whole_ms(at)), nullable(told.as_ref()));
        db.prepare_cached(SQL)?.execute(params![guild, channel, state, since, told])?;
        Ok(())
    };
    // Noted first, so that the report on the organisers' own channel does not go there.
    note(None)?;
    let told = report::to_tell(db, guild, host, at)?;
    if told.is_some() {
        note(told)?;
    }
    Ok(Telling::In(told))
}

fn state(db: &Connection, guild: GuildId, channel: ChannelId) -> Stored<Option<Breakage>> {
    const SQL: &str = "SELECT state FROM broken_channel WHERE guild = ?1 AND channel = ?2";
    let params = params![Column(guild), Column(channel)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only).optional()?)
}

/// Whether a channel takes messages, as far as is known.
pub(super) fn takes_messages(db: &Connection, guild: GuildId, channel: ChannelId) -> Stored<bool> {
    Ok(match state(db, guild, channel)? {
        None | Some(Breakage::Lacks) => true,
        Some(Breakage::Refuses | Breakage::Gone) => false,
    })
}

/// A channel took a message.
pub(super) fn writes(db: &Connection, guild: GuildId, channel: ChannelId) -> Stored<()> {
    const SQL: &str = "
        DELETE FROM broken_channel WHERE guild = ?1 AND channel = ?2 AND state <> 'lacks'";
    db.prepare_cached(SQL)?.execute(params![Column(guild), Column(channel)])?;
    Ok(())
}

/// A report that was not sent told of no channel: what is wrong with it is told when it matters.
pub(super) fn not_told(db: &Connection, report: DeliveryId) -> Stored<()> {
    const SQL: &str = "DELETE FROM broken_channel WHERE report = ?1";
    db.prepare_cached(SQL)?.execute([Column(report)])?;
    Ok(())
}

/// Nothing is wrong with a channel any more: what waits for it need not wait longer.
fn works(db: &Connection, guild: GuildId, channel: ChannelId, at: Timestamp) -> Stored<bool> {
    const FORGET: &str = "DELETE FROM broken_channel WHERE guild = ?1 AND channel = ?2";
    const WAKE: &str = "
        UPDATE delivery SET ready_at = ?3
        WHERE guild = ?1 AND lane = ?2 AND ended_at IS NULL AND lease_until IS NULL
          AND ready_at > ?3 AND due_at <= ?3";
    let (guild, channel) = (Column(guild), Column(channel));
    if db.prepare_cached(FORGET)?.execute(params![guild, channel])? == 0 {
        return Ok(false);
    }
    let woken = db.prepare_cached(WAKE)?.execute(params![guild, channel, Column(whole_ms(at))])?;
    Ok(woken > 0)
}

/// Who organises the soonest event to come of a guild, or in one of its channels.
pub(super) fn next_host(
    db: &Connection,
    guild: GuildId,
    channel: Option<ChannelId>,
    at: Timestamp,
) -> Stored<Option<UserId>> {
    const SQL: &str = "
        SELECT host FROM event
        WHERE guild = ?1 AND (?2 IS NULL OR channel = ?2) AND ends_at > ?3
          AND deleted_at IS NULL AND cancelled_at IS NULL
        ORDER BY starts_at, id LIMIT 1";
    let params = params![Column(guild), nullable(channel.as_ref()), Column(at)];
    Ok(db.prepare_cached(SQL)?.query_row(params, only).optional()?)
}
