-- What an answer was before an organiser changed it, as far as the history does not tell: so that
-- it can be put back with its rank and all that its member said.
CREATE TABLE signup_before (
  event    INTEGER NOT NULL
           CONSTRAINT signup_before_event REFERENCES event (id) ON DELETE CASCADE,
  member   INTEGER NOT NULL,
  -- The version of the event that the change made.
  version  INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  note     TEXT,
  arrives  INTEGER,
  leaves   INTEGER,
  direct   INTEGER NOT NULL,
  CONSTRAINT signup_before_once PRIMARY KEY (event, member),
  CONSTRAINT signup_before_priority CHECK (priority IN (0, 1)),
  CONSTRAINT signup_before_direct CHECK (direct IN (0, 1))
) STRICT, WITHOUT ROWID;
