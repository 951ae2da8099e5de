//! What of the connection to Discord outlives a restart, in SQLite.

use jiff::Timestamp;
use muster_domain::id::UserId;
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use super::columns::{Column, Columns, only};
use crate::model::SavedSession;
use crate::port::{Registrations, Sessions, Stored};

/// Begun sessions kept at most: twice what Discord allows in a day (Discord docs: gateway, session
/// start limit).
const IDENTIFIES_KEPT: u32 = 2_000;

impl Sessions for SqliteStore {
    async fn session(&self, shard: u32) -> Stored<Option<SavedSession>> {
        self.read(move |db| session(db, shard)).await
    }

    async fn save_session(&self, shard: u32, session: Option<SavedSession>) -> Stored<()> {
        self.write(move |tx| match &session {
            Some(session) => put_session(tx.db, shard, session),
            None => forget_session(tx.db, shard),
        })
        .await
    }

    async fn identifies_since(&self, since: Timestamp) -> Stored<Vec<Timestamp>> {
        self.write(move |tx| identifies_since(tx.db, since)).await
    }

    async fn record_identify(&self, at: Timestamp) -> Stored<()> {
        self.write(move |tx| record_identify(tx.db, at)).await
    }
}

impl Registrations for SqliteStore {
    async fn registered_commands(&self, application: UserId) -> Stored<Option<String>> {
        self.read(move |db| registered_commands(db, application)).await
    }

    async fn commands_registered(&self, application: UserId, fingerprint: String) -> Stored<()> {
        self.write(move |tx| commands_registered(tx.db, application, &fingerprint)).await
    }
}

fn session(db: &Connection, shard: u32) -> Stored<Option<SavedSession>> {
    const SQL: &str =
        "SELECT session_id, resume_url, sequence, shards FROM gateway_session WHERE shard = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([shard], |row| {
        let mut columns = Columns::of(row);
        Ok(SavedSession {
            session_id: columns.take()?,
            resume_url: columns.take()?,
            sequence: columns.take()?,
            shards: columns.take()?,
        })
    });
    Ok(found.optional()?)
}

fn put_session(db: &Connection, shard: u32, session: &SavedSession) -> Stored<()> {
    const SQL: &str = "
        INSERT OR REPLACE INTO gateway_session (shard, session_id, resume_url, sequence, shards)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    db.prepare_cached(SQL)?.execute(params![
        shard,
        session.session_id,
        session.resume_url,
        Column(session.sequence),
        session.shards,
    ])?;
    Ok(())
}

fn forget_session(db: &Connection, shard: u32) -> Stored<()> {
    const SQL: &str = "DELETE FROM gateway_session WHERE shard = ?1";
    db.prepare_cached(SQL)?.execute([shard])?;
    Ok(())
}

fn identifies_since(db: &Connection, since: Timestamp) -> Stored<Vec<Timestamp>> {
    const FORGET: &str = "DELETE FROM gateway_identify WHERE at < ?1";
    const READ: &str = "SELECT at FROM gateway_identify ORDER BY at, id";
    db.prepare_cached(FORGET)?.execute([Column(since)])?;
    let mut statement = db.prepare_cached(READ)?;
    let rows = statement.query_map([], only)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn record_identify(db: &Connection, at: Timestamp) -> Stored<()> {
    const PUT: &str = "INSERT INTO gateway_identify (at) VALUES (?1)";
    const FORGET: &str = "DELETE FROM gateway_identify WHERE id <= ?1 - ?2";
    db.prepare_cached(PUT)?.execute([Column(at)])?;
    let latest = db.last_insert_rowid();
    db.prepare_cached(FORGET)?.execute(params![latest, IDENTIFIES_KEPT])?;
    Ok(())
}

fn registered_commands(db: &Connection, application: UserId) -> Stored<Option<String>> {
    const SQL: &str = "SELECT fingerprint FROM registered_commands WHERE application = ?1";
    Ok(db.prepare_cached(SQL)?.query_row([Column(application)], only).optional()?)
}

fn commands_registered(db: &Connection, application: UserId, fingerprint: &str) -> Stored<()> {
    const SQL: &str = "
        INSERT OR REPLACE INTO registered_commands (application, fingerprint) VALUES (?1, ?2)";
    db.prepare_cached(SQL)?.execute(params![Column(application), fingerprint])?;
    Ok(())
}
