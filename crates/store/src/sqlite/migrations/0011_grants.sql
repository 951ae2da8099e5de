-- Roles that members have while they are coming by an answer that gives one.
CREATE TABLE role_grant (
  event    INTEGER NOT NULL
           CONSTRAINT role_grant_event REFERENCES event (id) ON DELETE CASCADE,
  member   INTEGER NOT NULL,
  role     INTEGER NOT NULL,
  state    TEXT    NOT NULL,
  -- Whether Discord may have been asked to give it.
  asked    INTEGER NOT NULL DEFAULT 0,
  -- When it is given or taken, or tried again.
  ready_at INTEGER NOT NULL,
  CONSTRAINT role_grant_once PRIMARY KEY (event, member, role),
  -- Wanted, given by us, there before us, or to be taken away.
  CONSTRAINT role_grant_state CHECK (state IN ('wanted', 'given', 'had', 'unwanted')),
  CONSTRAINT role_grant_asked CHECK (asked IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX role_grant_ready ON role_grant (ready_at) WHERE state IN ('wanted', 'unwanted');
CREATE INDEX role_grant_of_member ON role_grant (member, role);

-- Whether an event gives roles or has given some, and up to which version they follow its roster.
ALTER TABLE event ADD COLUMN gives_roles INTEGER NOT NULL DEFAULT 0
  CONSTRAINT event_gives_roles CHECK (gives_roles IN (0, 1));
ALTER TABLE event ADD COLUMN roles_version INTEGER NOT NULL DEFAULT 0;
CREATE INDEX event_that_gives_roles ON event (id) WHERE gives_roles = 1;
UPDATE event SET gives_roles = 1
WHERE EXISTS (SELECT 1 FROM event_option o WHERE o.event = event.id AND o.granted IS NOT NULL);
