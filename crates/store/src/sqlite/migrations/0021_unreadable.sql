-- Rows that could not be read when their time came. They are set aside, so that all others go on,
-- looked at again later, and taken from here once they are read.
CREATE TABLE unreadable (
  kind  TEXT    NOT NULL,
  id    INTEGER NOT NULL,
  guild INTEGER NOT NULL
        CONSTRAINT unreadable_guild REFERENCES guild (id) ON DELETE CASCADE,
  since INTEGER NOT NULL,
  CONSTRAINT unreadable_once PRIMARY KEY (kind, id),
  CONSTRAINT unreadable_kind CHECK (kind IN ('series', 'event', 'delivery', 'guild'))
) STRICT, WITHOUT ROWID;
CREATE INDEX unreadable_by_guild ON unreadable (guild);
