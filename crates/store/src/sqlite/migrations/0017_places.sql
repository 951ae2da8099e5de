-- Times of day on the guild's clocks, in minutes from midnight: of events of which only the day is
-- said, and of posts of events that are planned ahead.
ALTER TABLE guild ADD COLUMN event_time INTEGER
  CONSTRAINT guild_event_time CHECK (event_time BETWEEN 0 AND 1439);
ALTER TABLE guild ADD COLUMN posting_time INTEGER
  CONSTRAINT guild_posting_time CHECK (posting_time BETWEEN 0 AND 1439);
