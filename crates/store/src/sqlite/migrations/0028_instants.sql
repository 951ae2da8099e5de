-- Of a reminder, its instant in the event's list, which `due_at` is not where it was put off. Where
-- an older one was, nobody knows any more.
ALTER TABLE delivery ADD COLUMN reminds_at INTEGER;
UPDATE delivery SET reminds_at = due_at WHERE news = 'reminder';

-- Whom a reminder is for. Of what was made before, nobody knows.
ALTER TABLE delivery ADD COLUMN audience TEXT;

-- When the latest attempt began. Of what was under way before, that is the first one.
ALTER TABLE delivery ADD COLUMN last_attempt_at INTEGER;
UPDATE delivery SET last_attempt_at = first_attempt_at WHERE first_attempt_at IS NOT NULL;

-- Series that have ended are removed in time.
CREATE INDEX series_version_ended ON series_version (ended_at) WHERE ended_at IS NOT NULL;
