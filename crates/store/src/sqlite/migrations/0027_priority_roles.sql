-- By which roles of the list at that time an answer stands before others in line, as numbers with
-- spaces between them, so that another list has the line stand by it at once. NULL is unknown.
ALTER TABLE signup ADD COLUMN priority_roles TEXT;
ALTER TABLE signup_before ADD COLUMN priority_roles TEXT;

-- Whoever stands before others does so by the only role there is; of several, nobody knows which.
UPDATE signup SET priority_roles = (
  SELECT iif(count(*) = 1, CAST(min(r.role) AS TEXT), NULL) FROM event e
  JOIN event_role r ON r.event = e.id AND r.version = e.rules_version AND r.list = 'priority'
  WHERE e.id = signup.event)
WHERE priority = 1;
