-- What the form for a new event has no fields for: how long before the start answers close, and the
-- address of its picture, both as they were written; and the event that it is like.
ALTER TABLE draft ADD COLUMN closes TEXT NOT NULL DEFAULT '';
ALTER TABLE draft ADD COLUMN image TEXT NOT NULL DEFAULT '';
ALTER TABLE draft ADD COLUMN like_event INTEGER;
