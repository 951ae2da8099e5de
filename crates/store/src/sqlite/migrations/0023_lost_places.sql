-- News of lost places. The mentions stand aside while the table of deliveries is replaced, and the
-- highest number ever used goes over with it.
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
  -- The report that tells how it ended; NULL if nobody has to be told.
  report           INTEGER,
  -- When an organiser had it tried again; lateness counts from then.
  retried_at       INTEGER,
  -- A reminder for those who have not answered, whoever they are when it leaves.
  unanswered       INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT delivery_kind CHECK (kind IN ('post', 'notice', 'greeting', 'direct', 'report')),
  CONSTRAINT delivery_about_event CHECK ((kind IN ('greeting', 'report')) = (event IS NULL)),
  CONSTRAINT delivery_with_news CHECK (
    (kind IN ('notice', 'direct'))
      = (news IS NOT NULL AND part IS NOT NULL AND parts IS NOT NULL)
  ),
  CONSTRAINT delivery_to_member CHECK (
    CASE kind
      WHEN 'direct' THEN member IS NOT NULL
      WHEN 'report' THEN member IS NOT NULL OR channel IS NOT NULL
      ELSE member IS NULL
    END
  ),
  CONSTRAINT delivery_news CHECK (
    news IN ('moved', 'cancelled', 'back_on', 'promoted', 'offered', 'unseated', 'too_few', 'told',
      'reminder')
  ),
  CONSTRAINT delivery_words CHECK (
    CASE news WHEN 'told' THEN words IS NOT NULL WHEN 'reminder' THEN 1 ELSE words IS NULL END
  ),
  CONSTRAINT delivery_role CHECK (role IS NULL OR news = 'reminder'),
  CONSTRAINT delivery_unanswered CHECK (unanswered IN (0, 1)),
  CONSTRAINT delivery_outcome CHECK (outcome IN ('sent', 'skipped', 'dead', 'unclear')),
  CONSTRAINT delivery_ended CHECK ((outcome IS NULL) = (ended_at IS NULL))
) STRICT;

INSERT INTO delivery_new (id, guild, event, kind, channel, lane, news, part, parts, version,
  known_version, due_at, ready_at, lease_until, attempts, first_attempt_at, attempted_by, nonce,
  outcome, ended_at, reason, message, claims, member, words, told_by, interaction, role, report,
  retried_at, unanswered)
SELECT id, guild, event, kind, channel, lane, news, part, parts, version, known_version, due_at,
  ready_at, lease_until, attempts, first_attempt_at, attempted_by, nonce, outcome, ended_at,
  reason, message, claims, member, words, told_by, interaction, role, report, retried_at, unanswered
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
CREATE INDEX delivery_failed ON delivery (guild, ended_at) WHERE outcome IN ('dead', 'unclear');
CREATE INDEX delivery_reported ON delivery (report) WHERE report IS NOT NULL;
CREATE INDEX delivery_report ON delivery (guild, ended_at) WHERE kind = 'report';

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
