-- Who was there: as it stands, for members who said that they come, and every mark that ever was
-- made, never changed.
CREATE TABLE presence (
  event  INTEGER NOT NULL
         CONSTRAINT presence_event REFERENCES event (id) ON DELETE CASCADE,
  member INTEGER NOT NULL,
  state  TEXT    NOT NULL,
  CONSTRAINT presence_once PRIMARY KEY (event, member),
  CONSTRAINT presence_state CHECK (state IN ('present', 'absent'))
) STRICT, WITHOUT ROWID;

CREATE TABLE presence_log (
  event       INTEGER NOT NULL
              CONSTRAINT presence_log_event REFERENCES event (id) ON DELETE CASCADE,
  line        INTEGER NOT NULL,
  -- The version of the event that stood when it happened.
  version     INTEGER NOT NULL,
  member      INTEGER NOT NULL,
  -- NULL: not known.
  from_state  TEXT,
  to_state    TEXT,
  by          INTEGER NOT NULL,
  -- The interaction that it came with.
  interaction INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  CONSTRAINT presence_log_once PRIMARY KEY (event, line),
  CONSTRAINT presence_log_from CHECK (from_state IN ('present', 'absent')),
  CONSTRAINT presence_log_to CHECK (to_state IN ('present', 'absent'))
) STRICT, WITHOUT ROWID;

-- Whether members can check in themselves.
ALTER TABLE event_rules ADD COLUMN check_in INTEGER NOT NULL DEFAULT 0
  CONSTRAINT event_rules_check_in CHECK (check_in IN (0, 1));

-- Whether a report that all see names those who come most often.
ALTER TABLE guild ADD COLUMN leaderboards INTEGER NOT NULL DEFAULT 0
  CONSTRAINT guild_leaderboards CHECK (leaderboards IN (0, 1));
