-- What was called off by a clock that was behind is kept from its creation on.
DROP INDEX event_by_end_of_plan;
CREATE INDEX event_by_end_of_plan
  ON event (max(coalesce(deleted_at, cancelled_at), created_at))
  WHERE deleted_at IS NOT NULL OR cancelled_at IS NOT NULL;
