-- Before then nothing of a series is posted by itself, so that its answers can be put together.
ALTER TABLE series ADD COLUMN held_until INTEGER;
