-- On the first message of what an organiser told in their own words: who it was, and the interaction
-- that it came with, so that a repeat is known.
ALTER TABLE delivery ADD COLUMN told_by INTEGER;
ALTER TABLE delivery ADD COLUMN interaction INTEGER;
