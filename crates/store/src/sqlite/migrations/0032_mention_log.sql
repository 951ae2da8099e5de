-- The role that an event mentioned after each change: until now it was the same for all of them.
ALTER TABLE event_log ADD COLUMN mention_role INTEGER;
UPDATE event_log SET mention_role = (SELECT mention_role FROM event WHERE id = event_log.event);
