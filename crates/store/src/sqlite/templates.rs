//! Templates in SQLite: their names are columns, what they are made of is JSON.

use jiff::Timestamp;
use muster_domain::id::{GuildId, TemplateId, UserId};
use muster_domain::limits::TEMPLATES_MAX;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::columns::{Column, Columns, only};
use super::{SqliteStore, guilds, template_body};
use crate::model::{
    MEMBER_ROWS_MAX, NewTemplate, Page, SavedTemplate, TemplateKept, TemplateReplaced,
    TemplateReplacement, TemplateTakenBack, TemplateUndo, Window,
};
use crate::port::{Stored, Templates};

impl Templates for SqliteStore {
    async fn save_template(&self, new: NewTemplate, at: Timestamp) -> Stored<TemplateKept> {
        self.write(move |tx| save(tx.db, &new, at)).await
    }

    async fn template(&self, guild: GuildId, name: &str) -> Stored<Option<SavedTemplate>> {
        let folded = name.to_lowercase();
        self.read(move |db| named(db, guild, &folded)).await
    }

    async fn templates(
        &self,
        guild: GuildId,
        words: &str,
        window: Window,
    ) -> Stored<Page<SavedTemplate>> {
        let folded = words.to_lowercase();
        self.read(move |db| page(db, guild, &folded, window)).await
    }

    async fn delete_template(
        &self,
        guild: GuildId,
        name: &str,
        at: Timestamp,
    ) -> Stored<Option<SavedTemplate>> {
        let folded = name.to_lowercase();
        self.write(move |tx| delete(tx.db, guild, &folded, at)).await
    }

    async fn take_template_back(
        &self,
        guild: GuildId,
        template: TemplateId,
        since: Timestamp,
        at: Timestamp,
    ) -> Stored<TemplateTakenBack> {
        self.write(move |tx| take_back(tx.db, guild, template, since, at)).await
    }

    async fn replace_template(
        &self,
        new: TemplateReplacement,
        at: Timestamp,
    ) -> Stored<TemplateReplaced> {
        self.write(move |tx| replace(tx.db, new, at)).await
    }

    async fn put_template_back(
        &self,
        guild: GuildId,
        undo: TemplateUndo,
        since: Timestamp,
        at: Timestamp,
    ) -> Stored<TemplateTakenBack> {
        self.write(move |tx| put_back(tx.db, guild, undo, since, at)).await
    }

    async fn restore_template(&self, guild: GuildId, template: TemplateId) -> Stored<TemplateKept> {
        self.write(move |tx| restore(tx.db, guild, template)).await
    }
}

fn save(db: &Connection, new: &NewTemplate, at: Timestamp) -> Stored<TemplateKept> {
    let folded = new.name.as_str().to_lowercase();
    if let Some(refused) = refused(db, new.guild, &folded)? {
        return Ok(refused);
    }
    insert(db, new, at).map(TemplateKept::Kept)
}

fn replace(db: &Connection, new: TemplateReplacement, at: Timestamp) -> Stored<TemplateReplaced> {
    let TemplateReplacement { guild, replaced, template, by } = new;
    let Some(SavedTemplate { name, .. }) = present(db, guild, replaced)? else {
        return Ok(TemplateReplaced::Gone);
    };
    mark_deleted(db, guild, replaced, at)?;
    let new = NewTemplate { guild, name, template, by };
    let id = insert(db, &new, at)?;
    let NewTemplate { name, template, .. } = new;
    let saved = SavedTemplate { id, name, template: Some(template), by, at };
    Ok(TemplateReplaced::Kept(Box::new(saved)))
}

fn insert(db: &Connection, new: &NewTemplate, at: Timestamp) -> Stored<TemplateId> {
    const SQL: &str = "
        INSERT INTO template (guild, name, name_folded, body, saved_by, saved_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let folded = new.name.as_str().to_lowercase();
    guilds::ensure(db, new.guild)?;
    db.prepare_cached(SQL)?.execute(params![
        Column(new.guild),
        new.name.as_str(),
        folded,
        template_body::write(&new.template)?,
        Column(new.by),
        Column(at),
    ])?;
    Ok(db.query_row("SELECT last_insert_rowid()", [], only)?)
}

/// Why the guild cannot have one more of this name, if so.
fn refused(db: &Connection, guild: GuildId, folded: &str) -> Stored<Option<TemplateKept>> {
    const TAKEN: &str = "
        SELECT id FROM template WHERE guild = ?1 AND name_folded = ?2 AND deleted_at IS NULL";
    const COUNT: &str = "SELECT count(*) FROM template WHERE guild = ?1 AND deleted_at IS NULL";
    let params = params![Column(guild), folded];
    let taken = db.prepare_cached(TAKEN)?.query_row(params, only).optional()?;
    let count: usize = db.prepare_cached(COUNT)?.query_row([Column(guild)], only)?;
    Ok(match (taken, count) {
        (Some(other), _) => Some(TemplateKept::NameTaken(other)),
        (None, TEMPLATES_MAX..) => Some(TemplateKept::TooMany),
        (None, _) => None,
    })
}

fn named(db: &Connection, guild: GuildId, folded: &str) -> Stored<Option<SavedTemplate>> {
    const SQL: &str = "
        SELECT id, name, body, saved_by, saved_at FROM template
        WHERE guild = ?1 AND name_folded = ?2 AND deleted_at IS NULL";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(guild), folded])?;
    rows.next()?.map(saved).transpose()
}

/// The templates that a member saved, deleted ones among them, with the guild of each.
pub(super) fn saved_by(db: &Connection, member: UserId) -> Stored<Vec<(GuildId, SavedTemplate)>> {
    const SQL: &str = "
        SELECT guild, id, name, body, saved_by, saved_at FROM template
        WHERE saved_by = ?1 ORDER BY id DESC LIMIT ?2";
    let mut statement = db.prepare_cached(SQL)?;
    let mut found = statement.query(params![Column(member), Column(MEMBER_ROWS_MAX)])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let mut columns = Columns::of(row);
        rows.push((columns.take()?, saved_of(&mut columns)?));
    }
    Ok(rows)
}

fn saved(row: &Row<'_>) -> Stored<SavedTemplate> {
    saved_of(&mut Columns::of(row))
}

fn saved_of(columns: &mut Columns<'_, '_>) -> Stored<SavedTemplate> {
    let (id, name) = (columns.take()?, columns.take()?);
    let body: Box<str> = columns.take()?;
    let template = template_body::read(&body)?;
    Ok(SavedTemplate { id, name, template, by: columns.take()?, at: columns.take()? })
}

fn page(
    db: &Connection,
    guild: GuildId,
    folded: &str,
    window: Window,
) -> Stored<Page<SavedTemplate>> {
    const COUNT: &str = "
        SELECT count(*) FROM template
        WHERE guild = ?1 AND deleted_at IS NULL AND instr(name_folded, ?2) > 0";
    const SQL: &str = "
        SELECT id, name, body, saved_by, saved_at FROM template
        WHERE guild = ?1 AND deleted_at IS NULL AND instr(name_folded, ?2) > 0
        ORDER BY name_folded LIMIT ?4 OFFSET ?3";
    let total = db.prepare_cached(COUNT)?.query_row(params![Column(guild), folded], only)?;
    let mut statement = db.prepare_cached(SQL)?;
    let (skip, limit) = (Column(window.skip), Column(window.limit));
    let mut found = statement.query(params![Column(guild), folded, skip, limit])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        rows.push(saved(row)?);
    }
    Ok(Page { rows, total })
}

fn delete(
    db: &Connection,
    guild: GuildId,
    folded: &str,
    at: Timestamp,
) -> Stored<Option<SavedTemplate>> {
    let found = named(db, guild, folded)?;
    if let Some(found) = &found {
        mark_deleted(db, guild, found.id, at)?;
    }
    Ok(found)
}

fn take_back(
    db: &Connection,
    guild: GuildId,
    template: TemplateId,
    since: Timestamp,
    at: Timestamp,
) -> Stored<TemplateTakenBack> {
    let Some(found) = present(db, guild, template)? else { return Ok(TemplateTakenBack::Gone) };
    if found.at < since {
        return Ok(TemplateTakenBack::TooLate);
    }
    mark_deleted(db, guild, found.id, at)?;
    Ok(TemplateTakenBack::Deleted(Box::new(found)))
}

/// A template of the guild that was not deleted.
fn present(db: &Connection, guild: GuildId, template: TemplateId) -> Stored<Option<SavedTemplate>> {
    const SQL: &str = "
        SELECT id, name, body, saved_by, saved_at FROM template
        WHERE id = ?1 AND guild = ?2 AND deleted_at IS NULL";
    let mut statement = db.prepare_cached(SQL)?;
    let mut rows = statement.query(params![Column(template), Column(guild)])?;
    rows.next()?.map(saved).transpose()
}

fn put_back(
    db: &Connection,
    guild: GuildId,
    TemplateUndo { deleted, restored }: TemplateUndo,
    since: Timestamp,
    at: Timestamp,
) -> Stored<TemplateTakenBack> {
    const CAN: &str = "
        SELECT EXISTS (
          SELECT 1 FROM template old JOIN template new ON new.guild = old.guild
            AND new.name_folded = old.name_folded
          WHERE old.id = ?1 AND old.deleted_at IS NOT NULL
            AND new.id = ?2 AND new.guild = ?3 AND new.deleted_at IS NULL)";
    const BACK: &str = "UPDATE template SET deleted_at = NULL WHERE id = ?1";
    let params = params![Column(restored), Column(deleted), Column(guild)];
    if !db.prepare_cached(CAN)?.query_row(params, only::<bool>)? {
        return Ok(TemplateTakenBack::Gone);
    }
    let Some(found) = present(db, guild, deleted)? else { return Ok(TemplateTakenBack::Gone) };
    if found.at < since {
        return Ok(TemplateTakenBack::TooLate);
    }
    // A name is given once, so that the other one goes first; the oldest is forgotten after both.
    only_mark_deleted(db, deleted, at)?;
    db.prepare_cached(BACK)?.execute([Column(restored)])?;
    forget_oldest(db, guild)?;
    Ok(TemplateTakenBack::Deleted(Box::new(found)))
}

/// Deletes a template; of those that can be brought back, a guild has as many as of the others.
fn mark_deleted(db: &Connection, guild: GuildId, id: TemplateId, at: Timestamp) -> Stored<()> {
    only_mark_deleted(db, id, at)?;
    forget_oldest(db, guild)
}

fn only_mark_deleted(db: &Connection, id: TemplateId, at: Timestamp) -> Stored<()> {
    const SQL: &str = "UPDATE template SET deleted_at = ?2 WHERE id = ?1";
    db.prepare_cached(SQL)?.execute(params![Column(id), Column(at)])?;
    Ok(())
}

fn forget_oldest(db: &Connection, guild: GuildId) -> Stored<()> {
    const FORGET: &str = "
        DELETE FROM template WHERE id IN (
          SELECT id FROM template WHERE guild = ?1 AND deleted_at IS NOT NULL
          ORDER BY deleted_at DESC, id DESC LIMIT -1 OFFSET ?2)";
    db.prepare_cached(FORGET)?.execute(params![Column(guild), Column(TEMPLATES_MAX)])?;
    Ok(())
}

fn restore(db: &Connection, guild: GuildId, template: TemplateId) -> Stored<TemplateKept> {
    const FIND: &str = "
        SELECT name_folded FROM template
        WHERE id = ?1 AND guild = ?2 AND deleted_at IS NOT NULL";
    const SQL: &str = "UPDATE template SET deleted_at = NULL WHERE id = ?1";
    let params = params![Column(template), Column(guild)];
    let found = db.prepare_cached(FIND)?.query_row(params, only::<Box<str>>).optional()?;
    let Some(folded) = found else {
        return Ok(TemplateKept::Gone);
    };
    if let Some(refused) = refused(db, guild, &folded)? {
        return Ok(refused);
    }
    db.prepare_cached(SQL)?.execute([Column(template)])?;
    Ok(TemplateKept::Kept(template))
}

#[cfg(test)]
mod tests {
    use muster_domain::text::TemplateName;

    use super::*;
    use crate::sqlite::events::event_row;
    use crate::sqlite::events::tests::database_with_events;

    #[test]
    fn one_that_a_newer_version_saved_is_listed_and_deleted_but_not_read() {
        let db = database_with_events(1);
        let event = event_row::read(&db, muster_domain::id::EventId::new(1)).unwrap().unwrap();
        let name = TemplateName::parse("Raid").unwrap();
        let template = muster_domain::template::Template::of(&event, None);
        let new = NewTemplate { guild: event.guild, name, template, by: event.host };
        assert_eq!(
            save(&db, &new, Timestamp::UNIX_EPOCH),
            Ok(TemplateKept::Kept(TemplateId::new(1)))
        );
        db.execute_batch(r#"UPDATE template SET body = '{"version":2}'"#).unwrap();
        let found = named(&db, event.guild, "raid").unwrap().unwrap();
        assert_eq!((found.name.as_str(), &found.template), ("Raid", &None));
        let all = Window { skip: 0, limit: 9 };
        assert_eq!(page(&db, event.guild, "", all).unwrap().rows, std::slice::from_ref(&found));
        let deleted = delete(&db, event.guild, "raid", Timestamp::UNIX_EPOCH);
        assert_eq!(deleted, Ok(Some(found)));
    }
}
