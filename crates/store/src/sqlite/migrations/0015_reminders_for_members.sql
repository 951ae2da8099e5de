-- What members choose about the reminders of a guild. Who chose nothing is not here.
CREATE TABLE member_reminders (
  member    INTEGER NOT NULL,
  guild     INTEGER NOT NULL
            CONSTRAINT member_reminders_guild REFERENCES guild (id) ON DELETE CASCADE,
  mentioned INTEGER NOT NULL
            CONSTRAINT member_reminders_mentioned CHECK (mentioned IN (0, 1)),
  direct    INTEGER NOT NULL
            CONSTRAINT member_reminders_direct CHECK (direct IN (0, 1)),
  CONSTRAINT member_reminders_once PRIMARY KEY (member, guild)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_reminders_by_guild ON member_reminders (guild);

-- When members are left in peace, in whatever guild: minutes from midnight, over midnight if the end
-- is the smaller one.
CREATE TABLE quiet_hours (
  member      INTEGER PRIMARY KEY,
  from_minute INTEGER NOT NULL
              CONSTRAINT quiet_hours_from CHECK (from_minute BETWEEN 0 AND 1439),
  to_minute   INTEGER NOT NULL
              CONSTRAINT quiet_hours_to CHECK (to_minute BETWEEN 0 AND 1439),
  CONSTRAINT quiet_hours_last CHECK (from_minute <> to_minute)
) STRICT;

-- Those who have not answered can be those of a role.
CREATE TABLE reminder_new (
  id        INTEGER PRIMARY KEY,
  guild     INTEGER NOT NULL
            CONSTRAINT reminder_guild REFERENCES guild (id) ON DELETE CASCADE,
  -- NULL: of all events of the guild that have none of their own.
  event     INTEGER
            CONSTRAINT reminder_event REFERENCES event (id) ON DELETE CASCADE,
  -- Minutes from the start, less than 0 before it; or minutes from midnight.
  from_start INTEGER,
  of_day     INTEGER,
  audience  TEXT    NOT NULL,
  role      INTEGER,
  place     TEXT    NOT NULL,
  words     TEXT,
  CONSTRAINT reminder_time CHECK ((from_start IS NULL) <> (of_day IS NULL)),
  CONSTRAINT reminder_of_day CHECK (of_day BETWEEN 0 AND 1439),
  CONSTRAINT reminder_audience CHECK (
    audience IN ('expected', 'going', 'maybe', 'waitlisted', 'unanswered', 'role', 'everyone')
  ),
  CONSTRAINT reminder_role CHECK (
    CASE audience WHEN 'role' THEN role IS NOT NULL WHEN 'unanswered' THEN 1 ELSE role IS NULL END
  ),
  CONSTRAINT reminder_place CHECK (place IN ('channel', 'direct'))
) STRICT;
INSERT INTO reminder_new (id, guild, event, from_start, of_day, audience, role, place, words)
SELECT id, guild, event, from_start, of_day, audience, role, place, words FROM reminder;
DROP TABLE reminder;
ALTER TABLE reminder_new RENAME TO reminder;
CREATE INDEX reminder_by_guild ON reminder (guild) WHERE event IS NULL;
CREATE INDEX reminder_by_event ON reminder (event) WHERE event IS NOT NULL;

-- The latest change of each list of reminders, with the list that it changed, so that it can be
-- taken back.
CREATE TABLE reminder_change (
  -- Never used twice: the number stands on buttons.
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  guild   INTEGER NOT NULL
          CONSTRAINT reminder_change_guild REFERENCES guild (id) ON DELETE CASCADE,
  event   INTEGER
          CONSTRAINT reminder_change_event REFERENCES event (id) ON DELETE CASCADE,
  at      INTEGER NOT NULL,
  -- Whether the guild or event had a list of its own.
  was_own INTEGER NOT NULL
          CONSTRAINT reminder_change_was_own CHECK (was_own IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX reminder_change_of_guild ON reminder_change (guild) WHERE event IS NULL;
CREATE UNIQUE INDEX reminder_change_of_event ON reminder_change (event) WHERE event IS NOT NULL;

-- A copy of rows that were sound as reminders.
CREATE TABLE reminder_before (
  change     INTEGER NOT NULL
             CONSTRAINT reminder_before_change
             REFERENCES reminder_change (id) ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  from_start INTEGER,
  of_day     INTEGER,
  audience   TEXT    NOT NULL,
  role       INTEGER,
  place      TEXT    NOT NULL,
  words      TEXT,
  CONSTRAINT reminder_before_once PRIMARY KEY (change, position)
) STRICT, WITHOUT ROWID;

-- A reminder whose members are looked up when its turn comes: it becomes those that mention them.
-- Its role, if it has one, is theirs.
ALTER TABLE delivery ADD COLUMN unanswered INTEGER NOT NULL DEFAULT 0
  CONSTRAINT delivery_unanswered CHECK (unanswered IN (0, 1));
