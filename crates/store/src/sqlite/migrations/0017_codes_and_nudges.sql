-- Whether members who check in type a code that an organiser shows.
ALTER TABLE event_rules ADD COLUMN check_in_code INTEGER NOT NULL DEFAULT 0
  CONSTRAINT event_rules_check_in_code CHECK (check_in_code IN (0, 1));

-- From what the codes of an event are derived. They change from minute to minute; it stays.
CREATE TABLE check_in_secret (
  event  INTEGER PRIMARY KEY
         CONSTRAINT check_in_secret_event REFERENCES event (id) ON DELETE CASCADE,
  secret BLOB    NOT NULL,
  CONSTRAINT check_in_secret_length CHECK (length(secret) = 32)
) STRICT;

-- Whether organisers are told on Mondays that nothing is planned for the week; when that is looked
-- at next; the Monday of the last week of which it was decided; and the report that tells it.
ALTER TABLE guild ADD COLUMN nudges INTEGER NOT NULL DEFAULT 0
  CONSTRAINT guild_nudges CHECK (nudges IN (0, 1));
ALTER TABLE guild ADD COLUMN nudge_at INTEGER;
ALTER TABLE guild ADD COLUMN nudged_week TEXT;
ALTER TABLE guild ADD COLUMN nudge_report INTEGER;
CREATE INDEX guild_nudge ON guild (nudge_at) WHERE nudge_at IS NOT NULL;
