-- Times of day on the guild's clocks, in minutes from midnight: of events of which only the day is
-- said, and of posts of events that are planned ahead.
ALTER TABLE guild ADD COLUMN event_time INTEGER
  CONSTRAINT guild_event_time CHECK (event_time BETWEEN 0 AND 1439);
ALTER TABLE guild ADD COLUMN posting_time INTEGER
  CONSTRAINT guild_posting_time CHECK (posting_time BETWEEN 0 AND 1439);

-- Whether events get a thread, and what becomes of posts when their events are over.
ALTER TABLE guild ADD COLUMN threads INTEGER NOT NULL DEFAULT 0
  CONSTRAINT guild_threads CHECK (threads IN (0, 1));
ALTER TABLE guild ADD COLUMN clean_up TEXT NOT NULL DEFAULT 'keep'
  CONSTRAINT guild_clean_up CHECK (clean_up IN ('keep', 'delete', 'archive'));
ALTER TABLE guild ADD COLUMN clean_up_hours INTEGER
  CONSTRAINT guild_clean_up_hours
  CHECK ((clean_up = 'keep') = (clean_up_hours IS NULL) AND clean_up_hours BETWEEN 1 AND 720);

ALTER TABLE event ADD COLUMN opens_thread INTEGER NOT NULL DEFAULT 0
  CONSTRAINT event_opens_thread CHECK (opens_thread IN (0, 1));

-- The thread on the message, and when the message was taken away by the guild's rule.
ALTER TABLE post ADD COLUMN thread INTEGER;
ALTER TABLE post ADD COLUMN cleaned_at INTEGER;

-- The posts of cancelled events are cleaned away when they would have ended, too.
UPDATE event SET next_turn_at = ends_at
WHERE cancelled_at IS NOT NULL AND deleted_at IS NULL AND ends_at > looked_at;

-- Channels that take no messages but threads that begin with one. No channel ever becomes or stops
-- being one.
CREATE TABLE forum (
  channel INTEGER PRIMARY KEY,
  guild   INTEGER NOT NULL
          CONSTRAINT forum_guild REFERENCES guild (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX forum_by_guild ON forum (guild);

-- What is to be done about posts beside sending and editing them. Doing it twice is as good as doing
-- it once.
CREATE TABLE chore (
  id       INTEGER PRIMARY KEY,
  guild    INTEGER NOT NULL
           CONSTRAINT chore_guild REFERENCES guild (id) ON DELETE CASCADE,
  event    INTEGER NOT NULL
           CONSTRAINT chore_event REFERENCES event (id) ON DELETE CASCADE,
  kind     TEXT    NOT NULL,
  channel  INTEGER NOT NULL,
  -- The message, or the thread, which has the number of its first message.
  message  INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  -- How often it was tried without an end.
  attempts INTEGER NOT NULL DEFAULT 0,
  -- When and why it was given up.
  ended_at INTEGER,
  reason   TEXT,
  CONSTRAINT chore_kind CHECK (kind IN ('open_thread', 'delete_message', 'archive_thread')),
  CONSTRAINT chore_once UNIQUE (kind, channel, message),
  CONSTRAINT chore_given_up CHECK ((ended_at IS NULL) = (reason IS NULL))
) STRICT;
CREATE INDEX chore_ready ON chore (ready_at) WHERE ended_at IS NULL;
CREATE INDEX chore_by_event ON chore (event);
CREATE INDEX chore_by_guild ON chore (guild);
CREATE INDEX chore_finished ON chore (ended_at) WHERE ended_at IS NOT NULL;

-- Reminders can go into the event's thread. Those of before were for the place of the event, and
-- there were no threads.
ALTER TABLE reminder DROP CONSTRAINT reminder_place;
ALTER TABLE reminder ADD CONSTRAINT reminder_place CHECK (place IN ('thread', 'channel', 'direct'));
UPDATE reminder SET place = 'thread' WHERE place = 'channel';
