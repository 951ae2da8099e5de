-- What the bot measured of itself, one row for each minute of the last day, by minutes since 1970.
CREATE TABLE vitals_minute (
  minute               INTEGER PRIMARY KEY,
  at                   INTEGER NOT NULL,
  memory_used          INTEGER NOT NULL,
  memory_limit         INTEGER NOT NULL,
  resident             INTEGER NOT NULL,
  cpu_percent          REAL    NOT NULL,
  disk_free            INTEGER NOT NULL,
  disk_size            INTEGER NOT NULL,
  received_each_second REAL    NOT NULL,
  sent_each_second     REAL    NOT NULL,
  answers_each_minute  INTEGER NOT NULL,
  members_each_minute  INTEGER NOT NULL
) STRICT;
