-- What is kept no longer is found without looking at what is kept.
CREATE INDEX guild_by_removal ON guild (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX event_by_end_of_plan ON event (coalesce(deleted_at, cancelled_at))
  WHERE deleted_at IS NOT NULL OR cancelled_at IS NOT NULL;
