-- When a guild chose for how long events are kept that are over; it takes effect some time after.
ALTER TABLE guild ADD COLUMN retention_since INTEGER;
CREATE INDEX event_by_guild_end ON event (guild, ends_at);
