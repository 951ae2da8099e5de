-- What organisers did beside an event: to its reminders and its post, and that they told those who
-- are coming something.
CREATE TABLE deed_log (
  event   INTEGER NOT NULL
          CONSTRAINT deed_log_event REFERENCES event (id) ON DELETE CASCADE,
  line    INTEGER NOT NULL,
  -- The version of the event that stood when it happened.
  version INTEGER NOT NULL,
  deed    TEXT    NOT NULL,
  -- Where it was posted again.
  channel INTEGER,
  by      INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  CONSTRAINT deed_log_once PRIMARY KEY (event, line),
  CONSTRAINT deed_log_deed CHECK (deed IN ('reminders', 'reposted', 'told')),
  CONSTRAINT deed_log_channel CHECK ((deed = 'reposted') = (channel IS NOT NULL))
) STRICT, WITHOUT ROWID;
