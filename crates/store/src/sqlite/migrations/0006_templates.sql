-- A deleted template can come back for a while, and meanwhile another can bear its name.
CREATE TABLE template_new (
  -- Never used twice: the number stands on the button that brings it back.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  guild       INTEGER NOT NULL
              CONSTRAINT template_guild REFERENCES guild (id) ON DELETE CASCADE,
  name        TEXT    NOT NULL,
  -- The name in small letters: a guild has it once, in whatever case.
  name_folded TEXT    NOT NULL,
  -- JSON, with the version of its form.
  body        TEXT    NOT NULL,
  saved_by    INTEGER NOT NULL,
  saved_at    INTEGER NOT NULL,
  deleted_at  INTEGER
) STRICT;

INSERT INTO template_new (id, guild, name, name_folded, body, saved_by, saved_at)
SELECT id, guild, name, name_folded, body, saved_by, saved_at FROM template;
DROP TABLE template;
ALTER TABLE template_new RENAME TO template;

CREATE UNIQUE INDEX template_name_once ON template (guild, name_folded)
  WHERE deleted_at IS NULL;
CREATE INDEX template_by_guild ON template (guild);
CREATE INDEX template_by_deletion ON template (deleted_at) WHERE deleted_at IS NOT NULL;

-- The name of the template that a new event is made of; empty for none.
ALTER TABLE draft ADD COLUMN template TEXT NOT NULL DEFAULT '';
