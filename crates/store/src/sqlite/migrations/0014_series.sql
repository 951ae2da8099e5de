-- Series: what repeats. What was decided about one stands in its versions, of which one is in force.
CREATE TABLE series (
  -- Never used twice: the number stands on buttons.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  guild       INTEGER NOT NULL
              CONSTRAINT series_guild REFERENCES guild (id) ON DELETE CASCADE,
  host        INTEGER NOT NULL,
  -- Its day in the weekly schedule, Monday is 1; NULL for a series of its own.
  day         INTEGER,
  version     INTEGER NOT NULL,
  -- The interaction that created it.
  interaction INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  -- The latest occurrence that was made or passed over, by the clock on the wall.
  made_to     TEXT,
  -- When the next one is to be made; NULL if none is left.
  post_at     INTEGER,
  CONSTRAINT series_created_once UNIQUE (interaction),
  CONSTRAINT series_day CHECK (day BETWEEN 1 AND 7)
) STRICT;
CREATE INDEX series_by_guild ON series (guild);
CREATE INDEX series_due ON series (post_at) WHERE post_at IS NOT NULL;

CREATE TABLE series_version (
  series      INTEGER NOT NULL
              CONSTRAINT series_version_series REFERENCES series (id) ON DELETE CASCADE,
  version     INTEGER NOT NULL,
  by          INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  interaction INTEGER NOT NULL,
  title       TEXT    NOT NULL,
  -- JSON, with the version of its form, as of a template.
  body        TEXT    NOT NULL,
  -- Lines of extra fields.
  fields      TEXT    NOT NULL,
  channel     INTEGER NOT NULL,
  zone        TEXT    NOT NULL,
  -- From when on it goes, by the clock on the wall.
  starts      TEXT    NOT NULL,
  -- RFC 5545: RRULE, EXDATE and RDATE, by the clock on the wall.
  rule        TEXT    NOT NULL,
  -- Posted so many days before, at that minute of the day or at the guild's time; or so many
  -- minutes before the start.
  post_days   INTEGER,
  post_minute INTEGER,
  post_ahead  INTEGER,
  ended_at    INTEGER,
  CONSTRAINT series_version_once PRIMARY KEY (series, version),
  CONSTRAINT series_version_posting CHECK ((post_days IS NULL) <> (post_ahead IS NULL)),
  CONSTRAINT series_version_minute CHECK (post_minute BETWEEN 0 AND 1439)
) STRICT, WITHOUT ROWID;
CREATE INDEX series_version_by_interaction ON series_version (interaction);

-- Of which series an event is, and which of its occurrences: each is made once.
ALTER TABLE event ADD COLUMN series INTEGER
  CONSTRAINT event_series REFERENCES series (id) ON DELETE SET NULL;
ALTER TABLE event ADD COLUMN occurrence TEXT;
CREATE UNIQUE INDEX event_of_occurrence ON event (series, occurrence) WHERE series IS NOT NULL;

-- Days on which the weekly schedule takes a rest, both included.
CREATE TABLE schedule_skip (
  guild     INTEGER NOT NULL
            CONSTRAINT schedule_skip_guild REFERENCES guild (id) ON DELETE CASCADE,
  first_day TEXT    NOT NULL,
  last_day  TEXT    NOT NULL,
  by        INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  CONSTRAINT schedule_skip_once PRIMARY KEY (guild, first_day, last_day),
  CONSTRAINT schedule_skip_days CHECK (first_day <= last_day)
) STRICT, WITHOUT ROWID;

-- How far a guild is in setting up its week: the day at hand, Monday is 1, and 8 when it is done.
CREATE TABLE schedule_setup (
  guild INTEGER PRIMARY KEY
        CONSTRAINT schedule_setup_guild REFERENCES guild (id) ON DELETE CASCADE,
  day   INTEGER NOT NULL,
  by    INTEGER NOT NULL,
  at    INTEGER NOT NULL,
  CONSTRAINT schedule_setup_day CHECK (day BETWEEN 1 AND 8)
) STRICT;

-- How a new event is to repeat, as it was written; empty for one event alone.
ALTER TABLE draft ADD COLUMN repeats TEXT NOT NULL DEFAULT '';
