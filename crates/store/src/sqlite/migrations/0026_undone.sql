-- Whether a change took back the one before it.
ALTER TABLE event_log ADD COLUMN takes_back INTEGER NOT NULL DEFAULT 0
  CONSTRAINT event_log_takes_back CHECK (takes_back IN (0, 1));
