//! Chores about posts, in SQLite: planned with what causes them, done one by one, listed if they
//! cannot be.

use jiff::{SignedDuration, Timestamp};
use muster_domain::event::Event;
use muster_domain::id::{ChannelId, GuildId, MessageId};
use muster_domain::settings::CleanUp;
use muster_domain::text::Title;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::SqliteStore;
use super::columns::{Column, Columns, only, whole_ms};
use super::deliveries::report::FORBIDDEN;
use super::events::{event_row, log, read_post};
use super::guilds;
use super::writer::Tx;
use crate::model::{Chore, ChoreEnd, ChoreKind, FailedCause, GivenUp, GivenUpCause};
use crate::port::{Chores, Stored};

/// How long a chore that was given up is kept, to tell what became of it.
const GIVEN_UP_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long the thread of an event that was taken back waits for its message to be removed: nothing
/// can be removed from an archived thread.
const REMOVED_FIRST: SignedDuration = SignedDuration::from_secs(30);

/// How long a thread keeps a name at least. (Discord takes two new names of a channel in ten
/// minutes, which its documentation does not say)
const NAME_KEPT: SignedDuration = SignedDuration::from_mins(5);

impl Chores for SqliteStore {
    async fn due_chores(&self, now: Timestamp, limit: usize) -> Stored<Vec<Chore>> {
        self.read(move |db| due(db, now, limit)).await
    }

    async fn next_chore(&self) -> Stored<Option<Timestamp>> {
        self.read(next).await
    }

    async fn chore_ended(&self, chore: Chore, end: ChoreEnd, at: Timestamp) -> Stored<()> {
        self.write(move |tx| ended(tx, chore, &end, whole_ms(at))).await
    }

    async fn given_up_chores(
        &self,
        guild: GuildId,
        now: Timestamp,
        limit: usize,
    ) -> Stored<Vec<GivenUp>> {
        self.read(move |db| given_up(db, guild, now, limit)).await
    }

    async fn retry_chores(&self, guild: GuildId, at: Timestamp) -> Stored<()> {
        self.write(move |tx| retry(tx.db, guild, whole_ms(at))).await
    }

    async fn note_forums(&self, guild: GuildId, channels: Vec<ChannelId>) -> Stored<()> {
        self.write(move |tx| note_forums(tx.db, guild, &channels)).await
    }
}

/// What is to be done, and where: in a channel about a message, or in a thread.
#[derive(Clone, Copy)]
pub(super) struct Task {
    kind: ChoreKind,
    channel: ChannelId,
    message: MessageId,
}

impl Task {
    pub(super) const fn open_thread(channel: ChannelId, message: MessageId) -> Self {
        Self { kind: ChoreKind::OpenThread, channel, message }
    }

    pub(super) const fn delete_message(channel: ChannelId, message: MessageId) -> Self {
        Self { kind: ChoreKind::DeleteMessage, channel, message }
    }

    /// A thread has the number of its first message.
    const fn rename(thread: ChannelId) -> Self {
        let message = MessageId::new(thread.get());
        Self { kind: ChoreKind::RenameThread, channel: thread, message }
    }

    pub(super) const fn archive(thread: ChannelId) -> Self {
        let message = MessageId::new(thread.get());
        Self { kind: ChoreKind::ArchiveThread, channel: thread, message }
    }
}

/// Plans a chore from then on. One that is planned already is due then.
pub(super) fn plan(db: &Connection, event: &Event, task: Task, ready: Timestamp) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO chore (guild, event, kind, channel, message, ready_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (kind, channel, message) DO UPDATE
        SET event = ?2, ready_at = ?6, attempts = 0, ended_at = NULL, reason = NULL";
    db.prepare_cached(SQL)?.execute(params![
        Column(event.guild),
        Column(event.id),
        Column(task.kind),
        Column(task.channel),
        Column(task.message),
        Column(ready),
    ])?;
    Ok(())
}

/// Plans what becomes of the post of an event that has just ended, by the rule that its guild has
/// at that moment.
pub(super) fn plan_clean_up(db: &Connection, event: &Event) -> Stored<()> {
    let post = read_post(db, event.id)?.filter(|post| post.gone_at.is_none());
    let Some((post, message)) = post.and_then(|post| Some((post, post.message?))) else {
        return Ok(());
    };
    let in_forum = is_forum(db, event.channel)?.then_some(post.channel);
    let thread = post.thread.or(in_forum);
    let (hours, deletes) = match guilds::clean_up(db, event.guild)? {
        CleanUp::Keep => return Ok(()),
        CleanUp::Delete(hours) => (hours, Some(Task::delete_message(post.channel, message))),
        CleanUp::Archive(hours) => (hours, None),
    };
    let end = event.details.span.end();
    let ready = end.saturating_add(hours.duration()).unwrap_or(Timestamp::MAX);
    // In this order: nothing can be changed in a thread that is archived.
    for task in deletes.into_iter().chain(thread.map(Task::archive)) {
        plan(db, event, task, ready)?;
    }
    Ok(())
}

/// Plans that the thread of an event, or its post in a forum, is called as the event is, as soon as
/// its name may be changed. The title counts that the event has then.
pub(super) fn rename_thread_of(db: &Connection, event: &Event, at: Timestamp) -> Stored<()> {
    const NAMED: &str = "SELECT named_at FROM post WHERE event = ?1 AND named_at IS NOT NULL";
    let post = read_post(db, event.id)?.filter(|post| post.message.is_some());
    let Some(post) = post.filter(|post| post.gone_at.is_none()) else { return Ok(()) };
    let in_forum = is_forum(db, event.channel)?.then_some(post.channel);
    let Some(thread) = post.thread.or(in_forum) else { return Ok(()) };
    let mut statement = db.prepare_cached(NAMED)?;
    let named: Option<Timestamp> = statement.query_row([Column(event.id)], only).optional()?;
    // What a clock that was ahead noted is no reason to wait for it.
    let named = named.filter(|named| *named <= at);
    let ready = named.map(|named| named.saturating_add(NAME_KEPT).unwrap_or(at));
    plan(db, event, Task::rename(thread), ready.unwrap_or(at).max(at))
}

/// Plans that the thread of an event that was taken back is archived, when its message is removed.
pub(super) fn archive_thread_of(db: &Connection, event: &Event, at: Timestamp) -> Stored<()> {
    let Some(post) = read_post(db, event.id)?.filter(|post| post.message.is_some()) else {
        return Ok(());
    };
    let in_forum = is_forum(db, event.channel)?.then_some(post.channel);
    let ready = at.saturating_add(REMOVED_FIRST).unwrap_or(at);
    match post.thread.or(in_forum) {
        Some(thread) => plan(db, event, Task::archive(thread), ready),
        None => Ok(()),
    }
}

/// Has no thread wait longer than until then for its name, nothing of a post that was made again
/// elsewhere, and nothing that is tried again. Returns how much did; what is cleaned away has its
/// time.
pub(super) fn wait_no_longer(db: &Connection, latest: Timestamp) -> Stored<usize> {
    const SQL: &str = "
        UPDATE chore SET ready_at = ?1
        WHERE ended_at IS NULL AND ready_at > ?1
          AND (attempts > 0 OR kind IN ('open_thread', 'rename_thread')
            OR (kind = 'delete_message' AND NOT EXISTS (
              SELECT 1 FROM post p WHERE p.event = chore.event AND p.message = chore.message))
            OR (kind = 'archive_thread' AND NOT EXISTS (
              SELECT 1 FROM post p
              WHERE p.event = chore.event AND chore.channel IN (p.thread, p.channel))))";
    Ok(db.prepare_cached(SQL)?.execute([Column(latest)])?)
}

/// Whether a channel is known to be a forum.
pub(super) fn is_forum(db: &Connection, channel: ChannelId) -> Stored<bool> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM forum WHERE channel = ?1)";
    Ok(db.prepare_cached(SQL)?.query_row([Column(channel)], only)?)
}

fn note_forums(db: &Connection, guild: GuildId, channels: &[ChannelId]) -> Stored<()> {
    const SQL: &str = "
        INSERT INTO forum (channel, guild) VALUES (?1, ?2) ON CONFLICT (channel) DO NOTHING";
    guilds::ensure(db, guild)?;
    let mut statement = db.prepare_cached(SQL)?;
    for channel in channels {
        statement.execute(params![Column(*channel), Column(guild)])?;
    }
    Ok(())
}

fn due(db: &Connection, now: Timestamp, limit: usize) -> Stored<Vec<Chore>> {
    const SQL: &str = "
        SELECT kind, guild, event, channel, message, attempts FROM chore
        WHERE ended_at IS NULL AND ready_at <= ?1
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = chore.guild AND g.removed_at IS NULL)
        ORDER BY ready_at, id LIMIT ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement
        .query_map(params![Column(now), Column(limit)], |row| chore_of(&mut Columns::of(row)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn chore_of(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Chore> {
    Ok(Chore {
        kind: columns.take()?,
        guild: columns.take()?,
        event: columns.take()?,
        channel: columns.take()?,
        message: columns.take()?,
        attempts: columns.take()?,
    })
}

fn next(db: &Connection) -> Stored<Option<Timestamp>> {
    const SQL: &str = "
        SELECT ready_at FROM chore
        WHERE ended_at IS NULL
          AND EXISTS (SELECT 1 FROM guild g WHERE g.id = chore.guild AND g.removed_at IS NULL)
        ORDER BY ready_at LIMIT 1";
    Ok(db.prepare_cached(SQL)?.query_row([], only).optional()?)
}

fn ended(tx: &mut Tx<'_>, chore: Chore, end: &ChoreEnd, at: Timestamp) -> Stored<()> {
    const LATER: &str = "
        UPDATE chore SET ready_at = ?4, attempts = attempts + 1
        WHERE kind = ?1 AND channel = ?2 AND message = ?3 AND ended_at IS NULL";
    const GIVE_UP: &str = "
        UPDATE chore SET ended_at = ?4, reason = ?5
        WHERE kind = ?1 AND channel = ?2 AND message = ?3 AND ended_at IS NULL";
    let (kind, channel, message) =
        (Column(chore.kind), Column(chore.channel), Column(chore.message));
    match end {
        ChoreEnd::Done => {
            forget(tx.db, chore)?;
            done(tx, chore, at)
        }
        ChoreEnd::Named(name) => {
            forget(tx.db, chore)?;
            done(tx, chore, at)?;
            named(tx.db, chore, name, at)
        }
        ChoreEnd::Unwanted => forget(tx.db, chore),
        ChoreEnd::Later(then) => {
            tx.db.prepare_cached(LATER)?.execute(params![kind, channel, message, Column(*then)])?;
            Ok(())
        }
        ChoreEnd::GivenUp(cause) => {
            let reason = match cause {
                GivenUpCause::Forbidden => FORBIDDEN,
                GivenUpCause::Other(reason) => reason,
            };
            let row = params![kind, channel, message, Column(at), reason];
            tx.db.prepare_cached(GIVE_UP)?.execute(row)?;
            purge(tx.db, at)
        }
    }
}

fn forget(db: &Connection, chore: Chore) -> Stored<()> {
    const SQL: &str = "DELETE FROM chore WHERE kind = ?1 AND channel = ?2 AND message = ?3";
    let row = params![Column(chore.kind), Column(chore.channel), Column(chore.message)];
    db.prepare_cached(SQL)?.execute(row)?;
    Ok(())
}

/// What a chore that is done means for the event's post, if it is about the present one.
fn done(tx: &mut Tx<'_>, chore: Chore, at: Timestamp) -> Stored<()> {
    const OPENED: &str = "UPDATE post SET thread = ?2 WHERE event = ?1 AND message = ?2";
    const NAMED: &str = "
        UPDATE post SET named_at = ?3 WHERE event = ?1 AND (thread = ?2 OR channel = ?2)";
    const DELETED: &str = "
        UPDATE post SET gone_at = coalesce(gone_at, ?3), cleaned_at = ?3
        WHERE event = ?1 AND message = ?2";
    let (event, message) = (Column(chore.event), Column(chore.message));
    match chore.kind {
        ChoreKind::OpenThread => tx.db.prepare_cached(OPENED)?.execute(params![event, message])?,
        ChoreKind::DeleteMessage => {
            tx.db.prepare_cached(DELETED)?.execute(params![event, message, Column(at)])?
        }
        ChoreKind::RenameThread => {
            tx.db.prepare_cached(NAMED)?.execute(params![event, message, Column(at)])?
        }
        ChoreKind::ArchiveThread => 0,
    };
    Ok(())
}

/// The thread has this name; if the event was given another title meanwhile, that is next. A thread
/// that was to be opened may have been there since an attempt whose answer got lost, and be called
/// as the event was then.
fn named(db: &Connection, chore: Chore, name: &Title, at: Timestamp) -> Stored<()> {
    let Some(event) = event_row::read(db, chore.event)? else { return Ok(()) };
    let may_be_older = chore.kind == ChoreKind::OpenThread && log::had_another_title(db, &event)?;
    if may_be_older || event.details.title != *name {
        rename_thread_of(db, &event, at)?;
    }
    Ok(())
}

/// Nobody misses a thread, or its new name, when the event is over or off.
fn given_up(db: &Connection, guild: GuildId, now: Timestamp, limit: usize) -> Stored<Vec<GivenUp>> {
    const SQL: &str = "
        SELECT c.kind, c.guild, c.event, c.channel, c.message, c.attempts, e.title, c.ended_at,
          c.reason
        FROM chore c JOIN event e ON e.id = c.event
        WHERE c.guild = ?1 AND c.ended_at IS NOT NULL
          AND (c.kind IN ('delete_message', 'archive_thread')
            OR (e.ends_at > ?2 AND e.deleted_at IS NULL AND e.cancelled_at IS NULL))
        ORDER BY c.ended_at DESC, c.id DESC LIMIT ?3";
    let read = |row: &Row<'_>| {
        let mut columns = Columns::of(row);
        let chore = chore_of(&mut columns)?;
        let (title, at, reason): (Title, Timestamp, String) =
            (columns.take()?, columns.take()?, columns.take()?);
        Ok(GivenUp { chore, title, at, cause: cause(&reason), reason })
    };
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map(params![Column(guild), Column(now), Column(limit)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn cause(reason: &str) -> FailedCause {
    if reason == FORBIDDEN { FailedCause::Forbidden } else { FailedCause::Refused }
}

fn retry(db: &Connection, guild: GuildId, at: Timestamp) -> Stored<()> {
    const SQL: &str = "
        UPDATE chore SET ready_at = ?2, attempts = 0, ended_at = NULL, reason = NULL
        WHERE guild = ?1 AND ended_at IS NOT NULL";
    db.prepare_cached(SQL)?.execute(params![Column(guild), Column(at)])?;
    Ok(())
}

fn purge(db: &Connection, now: Timestamp) -> Stored<()> {
    const SQL: &str = "DELETE FROM chore WHERE ended_at IS NOT NULL AND ended_at < ?1";
    let before = now.saturating_sub(GIVEN_UP_KEPT).unwrap_or(Timestamp::MIN);
    db.prepare_cached(SQL)?.execute([Column(before)])?;
    Ok(())
}
