-- Counts the claims of a delivery, so that whoever holds an older one changes nothing any more.
ALTER TABLE delivery ADD COLUMN claims INTEGER NOT NULL DEFAULT 0;

-- The interaction that asked for a change; NULL for the creation, which the event itself names.
ALTER TABLE event_log ADD COLUMN interaction INTEGER;
CREATE UNIQUE INDEX event_log_by_interaction ON event_log (interaction)
  WHERE interaction IS NOT NULL;

-- The version of the event that a form to edit it was filled with.
ALTER TABLE draft ADD COLUMN seen_version INTEGER;
