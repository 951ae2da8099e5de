-- The answers that a new event is to offer, in words; empty for the usual four.
ALTER TABLE draft ADD COLUMN options TEXT NOT NULL DEFAULT '';
