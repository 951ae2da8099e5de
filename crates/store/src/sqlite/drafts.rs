//! Forms that wait for an answer of the person who filled them in, in SQLite.

use jiff::{SignedDuration, Timestamp};
use muster_domain::id::{GuildId, InteractionId, UserId};
use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use super::columns::{Column, Columns};
use super::guilds;
use crate::model::{Draft, EventForm, SeenEvent};
use crate::port::{Drafts, Stored};

/// How long a form waits.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Old forms removed with each one that is saved: more than one, so that their number falls.
const PURGED_PER_SAVE: u32 = 4;

impl Drafts for SqliteStore {
    async fn save_draft(&self, id: InteractionId, draft: Draft, at: Timestamp) -> Stored<()> {
        self.write(move |tx| save(tx.db, id, &draft, at)).await
    }

    async fn draft(
        &self,
        guild: GuildId,
        member: UserId,
        id: InteractionId,
    ) -> Stored<Option<Draft>> {
        self.read(move |db| {
            let found = read(db, id)?;
            Ok(found.filter(|draft| draft.guild == guild && draft.member == member))
        })
        .await
    }
}

fn save(db: &Connection, id: InteractionId, draft: &Draft, at: Timestamp) -> Stored<()> {
    const SQL: &str = "
        INSERT OR REPLACE INTO draft (id, guild, member, event, title, starts, duration,
          description, location, capacity, channel, mention, saved_at, seen_version,
          options, template, closes, image, like_event, repeats)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
          ?19, ?20)";
    guilds::ensure(db, draft.guild)?;
    let form = &draft.form;
    db.prepare_cached(SQL)?.execute(params![
        Column(id),
        Column(draft.guild),
        Column(draft.member),
        draft.edits.map(|seen| Column(seen.event)),
        form.title,
        form.when,
        form.duration,
        form.description,
        form.location,
        form.capacity,
        form.channel.map(Column),
        form.mention.map(Column),
        Column(at),
        draft.edits.map(|seen| Column(seen.version)),
        form.options,
        form.template,
        form.close,
        form.image,
        form.like.map(Column),
        form.repeat,
    ])?;
    purge(db, at)
}

fn read(db: &Connection, id: InteractionId) -> Stored<Option<Draft>> {
    const SQL: &str = "
        SELECT guild, member, event, seen_version, title, starts, duration, description, location, capacity,
          channel, mention, options, template, closes, image, like_event, repeats
        FROM draft WHERE id = ?1";
    let mut statement = db.prepare_cached(SQL)?;
    let found = statement.query_row([Column(id)], |row| {
        let mut columns = Columns::of(row);
        Ok(Draft {
            guild: columns.take()?,
            member: columns.take()?,
            edits: seen_of(&mut columns)?,
            form: form_of(&mut columns)?,
        })
    });
    Ok(found.optional()?)
}

/// All forms that wait for a member.
pub(super) fn all_of(
    db: &Connection,
    member: UserId,
) -> Stored<Vec<(GuildId, EventForm, Timestamp)>> {
    const SQL: &str = "
        SELECT guild, title, starts, duration, description, location, capacity, channel, mention,
          options, template, closes, image, like_event, repeats, saved_at
        FROM draft WHERE member = ?1 ORDER BY id DESC";
    let mut statement = db.prepare_cached(SQL)?;
    let rows = statement.query_map([Column(member)], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.take()?, form_of(&mut columns)?, columns.take()?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A form that was begun before versions were kept has seen none.
fn seen_of(columns: &mut Columns<'_, '_>) -> rusqlite::Result<Option<SeenEvent>> {
    let (event, version) = (columns.take_nullable()?, columns.take_nullable()?);
    Ok(event.map(|event| SeenEvent { event, version: version.unwrap_or_default() }))
}

fn form_of(columns: &mut Columns<'_, '_>) -> rusqlite::Result<EventForm> {
    Ok(EventForm {
        title: columns.take()?,
        when: columns.take()?,
        duration: columns.take()?,
        description: columns.take()?,
        location: columns.take()?,
        capacity: columns.take()?,
        channel: columns.take_nullable()?,
        mention: columns.take_nullable()?,
        options: columns.take()?,
        template: columns.take()?,
        close: columns.take()?,
        image: columns.take()?,
        like: columns.take_nullable()?,
        repeat: columns.take()?,
    })
}

fn purge(db: &Connection, now: Timestamp) -> Stored<()> {
    const SQL: &str = "
        DELETE FROM draft WHERE id IN (
          SELECT id FROM draft WHERE saved_at < ?1 ORDER BY saved_at LIMIT ?2)";
    let before = now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    db.prepare_cached(SQL)?.execute(params![Column(before), PURGED_PER_SAVE])?;
    Ok(())
}
