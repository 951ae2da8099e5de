-- What organisers did to what goes with an event: its reminders and its post.
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
  CONSTRAINT deed_log_deed CHECK (deed IN ('reminders', 'reposted')),
  CONSTRAINT deed_log_channel CHECK ((deed = 'reposted') = (channel IS NOT NULL))
) STRICT, WITHOUT ROWID;
