-- Reminders: of all events of a guild, or of one event. A guild or event that has none here and is
-- not marked has the usual ones.
CREATE TABLE reminder (
  id        INTEGER PRIMARY KEY,
  guild     INTEGER NOT NULL
            CONSTRAINT reminder_guild REFERENCES guild (id) ON DELETE CASCADE,
  -- NULL: of all events of the guild that have none of their own.
  event     INTEGER
            CONSTRAINT reminder_event REFERENCES event (id) ON DELETE CASCADE,
  -- Minutes from the start, less than 0 before it; or minutes from midnight.
  from_start INTEGER,
  of_day     INTEGER,
  audience  TEXT    NOT NULL,
  role      INTEGER,
  place     TEXT    NOT NULL,
  words     TEXT,
  CONSTRAINT reminder_time CHECK ((from_start IS NULL) <> (of_day IS NULL)),
  CONSTRAINT reminder_of_day CHECK (of_day BETWEEN 0 AND 1439),
  CONSTRAINT reminder_audience CHECK (
    audience IN ('expected', 'going', 'maybe', 'waitlisted', 'unanswered', 'role', 'everyone')
  ),
  CONSTRAINT reminder_role CHECK ((audience = 'role') = (role IS NOT NULL)),
  CONSTRAINT reminder_place CHECK (place IN ('channel', 'direct'))
) STRICT;
CREATE INDEX reminder_by_guild ON reminder (guild) WHERE event IS NULL;
CREATE INDEX reminder_by_event ON reminder (event) WHERE event IS NOT NULL;

-- Whether a guild or event has reminders of its own, even if that is none.
ALTER TABLE guild ADD COLUMN own_reminders INTEGER NOT NULL DEFAULT 0
  CONSTRAINT guild_own_reminders CHECK (own_reminders IN (0, 1));
ALTER TABLE event ADD COLUMN own_reminders INTEGER NOT NULL DEFAULT 0
  CONSTRAINT event_own_reminders CHECK (own_reminders IN (0, 1));

-- Up to when everything is done that the passing of time brings. What is there already is looked at
-- once, so that its reminders are planned.
ALTER TABLE event ADD COLUMN looked_at INTEGER NOT NULL DEFAULT 0;
UPDATE event SET looked_at = unixepoch() * 1000;
UPDATE event SET next_turn_at = min(next_turn_at, unixepoch() * 1000)
WHERE next_turn_at IS NOT NULL;

-- News can be reminders, which have words of their own and can be for a role. The mentions stand
-- aside while the table is replaced, and the highest number ever used goes over with it.
CREATE TEMP TABLE mention_aside AS SELECT delivery, position, member FROM delivery_mention;
DROP TABLE delivery_mention;

CREATE TABLE delivery_new (
  -- Never used twice: the number stands in messages as their marker.
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  guild            INTEGER NOT NULL
                   CONSTRAINT delivery_guild REFERENCES guild (id) ON DELETE CASCADE,
  event            INTEGER
                   CONSTRAINT delivery_event REFERENCES event (id) ON DELETE CASCADE,
  kind             TEXT    NOT NULL,
  -- Where it is to go, then where it went.
  channel          INTEGER,
  -- Deliveries of one lane go out one after the other.
  lane             INTEGER NOT NULL,
  news             TEXT,
  part             INTEGER,
  parts            INTEGER,
  -- The version of the event that brought the news, and the one that members knew before it.
  version          INTEGER,
  known_version    INTEGER,
  due_at           INTEGER NOT NULL,
  -- When it can be claimed: when due, when to be tried again, or at the end of the lease.
  ready_at         INTEGER NOT NULL,
  lease_until      INTEGER,
  attempts         INTEGER NOT NULL DEFAULT 0,
  first_attempt_at INTEGER,
  attempted_by     INTEGER,
  nonce            TEXT    NOT NULL DEFAULT '',
  outcome          TEXT,
  ended_at         INTEGER,
  reason           TEXT,
  message          INTEGER,
  claims           INTEGER NOT NULL DEFAULT 0,
  -- Whom a direct message is for.
  member           INTEGER,
  -- What an organiser said.
  words            TEXT,
  -- On the first message of what an organiser told: who, and with which interaction.
  told_by          INTEGER,
  interaction      INTEGER,
  -- The role to mention where no members are, if it is not the event's.
  role             INTEGER,
  CONSTRAINT delivery_kind CHECK (kind IN ('post', 'notice', 'greeting', 'direct')),
  CONSTRAINT delivery_about_event CHECK ((kind = 'greeting') = (event IS NULL)),
  CONSTRAINT delivery_with_news CHECK (
    (kind IN ('notice', 'direct'))
      = (news IS NOT NULL AND part IS NOT NULL AND parts IS NOT NULL)
  ),
  CONSTRAINT delivery_to_member CHECK ((kind = 'direct') = (member IS NOT NULL)),
  CONSTRAINT delivery_news CHECK (
    news IN ('moved', 'cancelled', 'back_on', 'promoted', 'offered', 'too_few', 'told', 'reminder')
  ),
  CONSTRAINT delivery_words CHECK (
    CASE news WHEN 'told' THEN words IS NOT NULL WHEN 'reminder' THEN 1 ELSE words IS NULL END
  ),
  CONSTRAINT delivery_role CHECK (role IS NULL OR news = 'reminder'),
  CONSTRAINT delivery_outcome CHECK (outcome IN ('sent', 'skipped', 'dead', 'unclear')),
  CONSTRAINT delivery_ended CHECK ((outcome IS NULL) = (ended_at IS NULL))
) STRICT;

INSERT INTO delivery_new (id, guild, event, kind, channel, lane, news, part, parts, version,
  known_version, due_at, ready_at, lease_until, attempts, first_attempt_at, attempted_by, nonce,
  outcome, ended_at, reason, message, claims, member, words, told_by, interaction)
SELECT id, guild, event, kind, channel, lane, news, part, parts, version, known_version, due_at,
  ready_at, lease_until, attempts, first_attempt_at, attempted_by, nonce, outcome, ended_at,
  reason, message, claims, member, words, told_by, interaction
FROM delivery;
DELETE FROM sqlite_sequence WHERE name = 'delivery_new';
INSERT INTO sqlite_sequence (name, seq)
SELECT 'delivery_new', seq FROM sqlite_sequence WHERE name = 'delivery';
DROP TABLE delivery;
ALTER TABLE delivery_new RENAME TO delivery;

CREATE INDEX delivery_ready ON delivery (ready_at) WHERE ended_at IS NULL;
CREATE INDEX delivery_lane ON delivery (lane, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX delivery_by_event ON delivery (event) WHERE event IS NOT NULL;
CREATE INDEX delivery_finished ON delivery (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE delivery_mention (
  delivery INTEGER NOT NULL
           CONSTRAINT delivery_mention_delivery REFERENCES delivery (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  member   INTEGER NOT NULL,
  CONSTRAINT delivery_mention_once PRIMARY KEY (delivery, position)
) STRICT, WITHOUT ROWID;

INSERT INTO delivery_mention (delivery, position, member)
SELECT delivery, position, member FROM mention_aside;
DROP TABLE mention_aside;
