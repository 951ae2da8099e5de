-- When the thread of a post was last given a name: Discord takes few new ones of a thread.
ALTER TABLE post ADD COLUMN named_at INTEGER;

ALTER TABLE chore DROP CONSTRAINT chore_kind;
ALTER TABLE chore ADD CONSTRAINT chore_kind
  CHECK (kind IN ('open_thread', 'rename_thread', 'delete_message', 'archive_thread'));
