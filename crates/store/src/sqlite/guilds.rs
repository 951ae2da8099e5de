//! Guilds, what they chose, and what members chose for themselves, in SQLite.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_domain::id::{ChannelId, GuildId, RoleId, UserId};
use muster_domain::limits::ORGANISER_ROLES_MAX;
use muster_domain::settings::{CleanUp, GuildSettings, Language, SettingsChange};
use muster_domain::zone::Zone;
use rusqlite::types::FromSqlError;
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use super::columns::{self, Column, Columns, whole_ms};
use super::deliveries::insert;
use super::results::{Answer, Question};
use super::series;
use crate::error::StoreError;
use crate::model::{Arrival, Shard};
use crate::port::{Guilds, Stored};

impl Guilds for SqliteStore {
    async fn guild_arrived(&self, guild: GuildId, at: Timestamp) -> Stored<Arrival> {
        self.write(move |tx| arrived(tx.db, guild, whole_ms(at))).await
    }

    async fn guild_left(&self, guild: GuildId, at: Timestamp) -> Stored<()> {
        self.write(move |tx| left(tx.db, guild, at)).await
    }

    async fn guilds_present(&self) -> Stored<Vec<GuildId>> {
        self.read(present).await
    }

    async fn only_guilds(
        &self,
        shard: Shard,
        present: BTreeSet<GuildId>,
        at: Timestamp,
    ) -> Stored<usize> {
        self.write(move |tx| only(tx.db, shard, &present, at)).await
    }

    async fn settings(&self, guild: GuildId) -> Stored<GuildSettings> {
        let read = move |db: &Connection| Ok(Answer::Settings(settings(db, guild)?));
        match self.recall(Question::Settings(guild), read).await? {
            Answer::Settings(settings) => Ok(settings),
            Answer::Zone(_) => Err(StoreError::Corrupt("a zone for settings".into())),
        }
    }

    fn language_at_hand(&self, guild: GuildId) -> Option<Language> {
        match self.results.at_hand(Question::Settings(guild))? {
            Answer::Settings(settings) => Some(settings.language),
            Answer::Zone(_) => None,
        }
    }

    async fn change_settings(
        &self,
        guild: GuildId,
        change: SettingsChange,
        at: Timestamp,
    ) -> Stored<GuildSettings> {
        let zone = self.default_zone.clone();
        self.write(move |tx| {
            if matches!(change, SettingsChange::Language(_)) {
                tx.rosters.forget_guild(guild);
            }
            change_settings(tx.db, guild, change, at, zone.as_ref())
        })
        .await
    }

    async fn member_zone(&self, member: UserId) -> Stored<Option<Zone>> {
        let read = move |db: &Connection| Ok(Answer::Zone(member_zone(db, member)?));
        match self.recall(Question::Zone(member), read).await? {
            Answer::Zone(zone) => Ok(zone),
            Answer::Settings(_) => Err(StoreError::Corrupt("settings for a zone".into())),
        }
    }

    async fn set_member_zone(&self, member: UserId, zone: Option<Zone>) -> Stored<()> {
        self.write(move |tx| set_member_zone(tx.db, member, zone.as_ref())).await
    }
}

/// Makes a row for a guild that is heard of in passing, so that things can hang off it. It counts
/// as new until the gateway tells of it.
pub(super) fn ensure(db: &Connection, guild: GuildId) -> Stored<()> {
    const SQL: &str = "INSERT INTO guild (id) VALUES (?1) ON CONFLICT (id) DO NOTHING";
    db.prepare_cached(SQL)?.execute([Column(guild)])?;
    Ok(())
}

fn arrived(db: &Connection, guild: GuildId, at: Timestamp) -> Stored<Arrival> {
    const FIND: &str = "SELECT joined_at, removed_at FROM guild WHERE id = ?1";
    const JOIN: &str = "
        INSERT INTO guild (id, joined_at) VALUES (?1, ?2)
        ON CONFLICT (id) DO UPDATE SET joined_at = excluded.joined_at, removed_at = NULL";
    const RETURN: &str = "UPDATE guild SET removed_at = NULL WHERE id = ?1";
    let mut statement = db.prepare_cached(FIND)?;
    let found = statement.query_row([Column(guild)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take_nullable::<Timestamp>()?, columns.take_nullable::<Timestamp>()?))
    });
    match found.optional()? {
        None | Some((None, _)) => {
            db.prepare_cached(JOIN)?.execute(params![Column(guild), Column(at)])?;
            insert::greeting(db, guild, at)?;
            Ok(Arrival::New)
        }
        Some((Some(_), Some(_))) => {
            db.prepare_cached(RETURN)?.execute([Column(guild)])?;
            Ok(Arrival::Returned)
        }
        Some((Some(_), None)) => Ok(Arrival::Known),
    }
}

fn left(db: &Connection, guild: GuildId, at: Timestamp) -> Stored<()> {
    const SQL: &str = "UPDATE guild SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL";
    db.prepare_cached(SQL)?.execute(params![Column(guild), Column(at)])?;
    Ok(())
}

fn present(db: &Connection) -> Stored<Vec<GuildId>> {
    const SQL: &str = "SELECT id FROM guild WHERE removed_at IS NULL ORDER BY id";
    let mut statement = db.prepare_cached(SQL)?;
    Ok(statement.query_map([], columns::only)?.collect::<Result<_, _>>()?)
}

/// Notes a removal from every guild of a shard that is not among these.
fn only(
    db: &Connection,
    shard: Shard,
    present: &BTreeSet<GuildId>,
    at: Timestamp,
) -> Stored<usize> {
    let gone = self::present(db)?.into_iter().filter(|id| shard.has(*id) && !present.contains(id));
    gone.map(|guild| left(db, guild, at))
        .try_fold(0, |count: usize, done| done.map(|()| count.saturating_add(1)))
}

/// What a guild has chosen.
pub(super) fn settings(db: &Connection, guild: GuildId) -> Stored<GuildSettings> {
    const SQL: &str = "
        SELECT channel, zone, mention_role, language, retention_days, names_hidden, admin_channel,
          event_time, posting_time, leaderboards, threads, clean_up, clean_up_hours, nudges
        FROM guild WHERE id = ?1";
    let organiser_roles = organiser_roles(db, guild)?;
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([Column(guild)], |row| {
        let mut columns = Columns::of(row);
        Ok(GuildSettings {
            channel: columns.take_nullable()?,
            zone: columns.take_nullable()?,
            organiser_roles,
            mention_role: columns.take_nullable()?,
            language: columns.take()?,
            retention: columns.take_nullable()?,
            names_hidden: columns.take()?,
            admin_channel: columns.take_nullable()?,
            event_time: columns.take_nullable()?,
            posting_time: columns.take_nullable()?,
            leaderboards: columns.take()?,
            threads: columns.take()?,
            clean_up: clean_up_of(&mut columns)?,
            nudges: columns.take()?,
        })
    });
    Ok(found.optional()?.unwrap_or_default())
}

fn organiser_roles(db: &Connection, guild: GuildId) -> Stored<Vec<RoleId>> {
    const SQL: &str = "SELECT role FROM guild_organiser_role WHERE guild = ?1 ORDER BY position";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(guild)], columns::only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn change_settings(
    db: &Connection,
    guild: GuildId,
    change: SettingsChange,
    at: Timestamp,
    default_zone: Option<&Zone>,
) -> Stored<GuildSettings> {
    const SQL: &str = "
        UPDATE guild SET channel = ?2, zone = ?3, mention_role = ?4, language = ?5,
          retention_since = CASE WHEN retention_days IS ?6 THEN retention_since ELSE ?9 END,
          retention_days = ?6, names_hidden = ?7, admin_channel = ?8, event_time = ?10,
          posting_time = ?11, leaderboards = ?12, threads = ?13, clean_up = ?14,
          clean_up_hours = ?15, nudges = ?16
        WHERE id = ?1";
    ensure(db, guild)?;
    let before = settings(db, guild)?;
    let changed = before.clone().changed(change);
    let (clean_up, hours) = match changed.clean_up {
        CleanUp::Keep => ("keep", None),
        CleanUp::Delete(hours) => ("delete", Some(hours)),
        CleanUp::Archive(hours) => ("archive", Some(hours)),
    };
    db.prepare_cached(SQL)?.execute(params![
        Column(guild),
        changed.channel.map(Column),
        changed.zone.as_ref().map(Zone::name),
        changed.mention_role.map(Column),
        Column(changed.language),
        changed.retention.map(Column),
        changed.names_hidden,
        changed.admin_channel.map(Column),
        Column(at),
        changed.event_time.map(Column),
        changed.posting_time.map(Column),
        changed.leaderboards,
        changed.threads,
        clean_up,
        hours.map(Column),
        changed.nudges,
    ])?;
    put_organiser_roles(db, guild, &changed.organiser_roles)?;
    if changed.posting_time != before.posting_time {
        series::replan_guild(db, guild)?;
    }
    let nudge = |of: &GuildSettings| (of.nudges, of.zone.clone(), of.posts_at(), of.admin_channel);
    if nudge(&changed) != nudge(&before) {
        let changed = series::nudge::in_zone(changed, default_zone);
        series::nudge::plan(db, guild, &changed, whole_ms(at))?;
    }
    settings(db, guild)
}

fn put_organiser_roles(db: &Connection, guild: GuildId, roles: &[RoleId]) -> Stored<()> {
    const CLEAR: &str = "DELETE FROM guild_organiser_role WHERE guild = ?1";
    const PUT: &str = "
        INSERT INTO guild_organiser_role (guild, role, position) VALUES (?1, ?2, ?3)
        ON CONFLICT (guild, role) DO NOTHING";
    db.prepare_cached(CLEAR)?.execute([Column(guild)])?;
    let mut statement = db.prepare_cached(PUT)?;
    for (position, role) in roles.iter().take(ORGANISER_ROLES_MAX).enumerate() {
        statement.execute(params![Column(guild), Column(*role), Column(position)])?;
    }
    Ok(())
}

fn member_zone(db: &Connection, member: UserId) -> Stored<Option<Zone>> {
    const SQL: &str = "SELECT zone FROM member WHERE id = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(member)], columns::only).optional()?)
}

fn set_member_zone(db: &Connection, member: UserId, zone: Option<&Zone>) -> Stored<()> {
    const PUT: &str = "
        INSERT INTO member (id, zone) VALUES (?1, ?2)
        ON CONFLICT (id) DO UPDATE SET zone = excluded.zone";
    const FORGET: &str = "DELETE FROM member WHERE id = ?1";
    match zone {
        Some(zone) => {
            db.prepare_cached(PUT)?.execute(params![Column(member), zone.name()])?;
        }
        None => {
            db.prepare_cached(FORGET)?.execute([Column(member)])?;
        }
    }
    Ok(())
}

fn clean_up_of(columns: &mut Columns<'_, '_>) -> rusqlite::Result<CleanUp> {
    let (kind, hours): (Box<str>, _) = (columns.take()?, columns.take_nullable()?);
    match (kind.as_ref(), hours) {
        ("keep", None) => Ok(CleanUp::Keep),
        ("delete", Some(hours)) => Ok(CleanUp::Delete(hours)),
        ("archive", Some(hours)) => Ok(CleanUp::Archive(hours)),
        _ => Err(FromSqlError::InvalidType.into()),
    }
}

/// What becomes of the posts of a guild's events that end now.
pub(super) fn clean_up(db: &Connection, guild: GuildId) -> Stored<CleanUp> {
    const SQL: &str = "SELECT clean_up, clean_up_hours FROM guild WHERE id = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([Column(guild)], |row| clean_up_of(&mut Columns::of(row)));
    Ok(found.optional()?.unwrap_or_default())
}

/// Where organisers are told what concerns them alone, if the guild has chosen that.
pub(super) fn admin_channel(db: &Connection, guild: GuildId) -> Stored<Option<ChannelId>> {
    const SQL: &str = "SELECT admin_channel FROM guild WHERE id = ?1 AND admin_channel IS NOT NULL";
    Ok(db.prepare_cached(SQL)?.query_row([Column(guild)], columns::only).optional()?)
}
