-- What an organiser demands of those who answer, kept whole for each time that it changed: an
-- event and each entry of its history name the set of options and of rules that was in force.

ALTER TABLE event ADD COLUMN options_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE event ADD COLUMN rules_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE event ADD COLUMN image TEXT;
-- When it was looked at, or passed over, whether enough are coming.
ALTER TABLE event ADD COLUMN minimum_asked_at INTEGER;

-- The rules that were set with this version of the event. Lengths of time are in seconds.
CREATE TABLE event_rules (
  event          INTEGER NOT NULL
                 CONSTRAINT event_rules_event REFERENCES event (id) ON DELETE CASCADE,
  version        INTEGER NOT NULL,
  guests_max     INTEGER NOT NULL,
  offer          INTEGER,
  close_before   INTEGER NOT NULL,
  minimum        INTEGER,
  minimum_before INTEGER,
  names_hidden   INTEGER NOT NULL,
  CONSTRAINT event_rules_once PRIMARY KEY (event, version),
  CONSTRAINT event_rules_guests CHECK (guests_max BETWEEN 0 AND 255),
  CONSTRAINT event_rules_minimum CHECK ((minimum IS NULL) = (minimum_before IS NULL)),
  CONSTRAINT event_rules_names_hidden CHECK (names_hidden IN (0, 1))
) STRICT, WITHOUT ROWID;

INSERT INTO event_rules (event, version, guests_max, close_before, names_hidden)
SELECT id, 1, 0, 0, 0 FROM event;

CREATE TABLE event_role (
  event    INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  list     TEXT    NOT NULL,
  position INTEGER NOT NULL,
  role     INTEGER NOT NULL,
  CONSTRAINT event_role_once PRIMARY KEY (event, version, list, position),
  CONSTRAINT event_role_rules FOREIGN KEY (event, version)
    REFERENCES event_rules (event, version) ON DELETE CASCADE,
  CONSTRAINT event_role_list CHECK (list IN ('allowed', 'denied', 'priority'))
) STRICT, WITHOUT ROWID;

-- The options that were set with this version of the event.
CREATE TABLE event_option_new (
  event    INTEGER NOT NULL
           CONSTRAINT event_option_event REFERENCES event (id) ON DELETE CASCADE,
  version  INTEGER NOT NULL,
  id       INTEGER NOT NULL,
  position INTEGER NOT NULL,
  label    TEXT    NOT NULL,
  emoji    TEXT    NOT NULL,
  colour   TEXT    NOT NULL,
  coming   INTEGER NOT NULL,
  told     INTEGER NOT NULL,
  capacity INTEGER,
  granted  INTEGER,
  grouping TEXT,
  removed  INTEGER NOT NULL,
  CONSTRAINT event_option_once PRIMARY KEY (event, version, id),
  CONSTRAINT event_option_id CHECK (id BETWEEN 0 AND 255),
  CONSTRAINT event_option_colour CHECK (colour IN ('blue', 'grey', 'green', 'red')),
  CONSTRAINT event_option_coming CHECK (coming IN (0, 1)),
  CONSTRAINT event_option_told CHECK (told IN (0, 1)),
  CONSTRAINT event_option_has_places CHECK (capacity >= 1),
  CONSTRAINT event_option_removed CHECK (removed IN (0, 1))
) STRICT, WITHOUT ROWID;

INSERT INTO event_option_new
  (event, version, id, position, label, emoji, colour, coming, told, removed)
SELECT event, 1, id, position, label, emoji, colour, coming, told, 0 FROM event_option;
DROP TABLE event_option;
ALTER TABLE event_option_new RENAME TO event_option;

-- Who may pick an option; everybody if it has none.
CREATE TABLE event_option_role (
  event    INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  option   INTEGER NOT NULL,
  position INTEGER NOT NULL,
  role     INTEGER NOT NULL,
  CONSTRAINT event_option_role_once PRIMARY KEY (event, version, option, position),
  CONSTRAINT event_option_role_option FOREIGN KEY (event, version, option)
    REFERENCES event_option (event, version, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Places are: 0 seated, 1 waiting, 2 offered until an instant, 3 passed.
CREATE TABLE signup_new (
  event       INTEGER NOT NULL
              CONSTRAINT signup_event REFERENCES event (id) ON DELETE CASCADE,
  member      INTEGER NOT NULL,
  -- NULL once the answer was taken back.
  option      INTEGER,
  place       INTEGER NOT NULL,
  offer_until INTEGER,
  guests      INTEGER NOT NULL,
  priority    INTEGER NOT NULL,
  -- Since when in the order of the roster.
  sequence    INTEGER NOT NULL,
  -- The latest tap of the member's own, so that a repeat is known; 0 if there was none.
  interaction INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  note        TEXT,
  arrives     INTEGER,
  leaves      INTEGER,
  direct      INTEGER NOT NULL DEFAULT 0,
  -- The latest interaction that changed these details.
  described   INTEGER,
  CONSTRAINT signup_once PRIMARY KEY (event, member),
  CONSTRAINT signup_place CHECK (place = 0 OR (place BETWEEN 1 AND 3 AND option IS NOT NULL)),
  CONSTRAINT signup_offer CHECK ((place = 2) = (offer_until IS NOT NULL)),
  CONSTRAINT signup_guests CHECK (guests BETWEEN 0 AND 255),
  CONSTRAINT signup_priority CHECK (priority IN (0, 1)),
  CONSTRAINT signup_direct CHECK (direct IN (0, 1))
) STRICT, WITHOUT ROWID;

INSERT INTO signup_new (event, member, option, place, guests, priority, sequence, interaction, at)
SELECT event, member, option, waiting, 0, 0, sequence, interaction, at FROM signup;
DROP TABLE signup;
ALTER TABLE signup_new RENAME TO signup;

-- Every change of every answer, never changed. What leaves the event's version as it is has a
-- line of its own within the version.
CREATE TABLE signup_log_new (
  event       INTEGER NOT NULL
              CONSTRAINT signup_log_event REFERENCES event (id) ON DELETE CASCADE,
  version     INTEGER NOT NULL,
  member      INTEGER NOT NULL,
  line        INTEGER NOT NULL DEFAULT 0,
  way         TEXT    NOT NULL,
  from_option INTEGER,
  from_place  INTEGER,
  from_guests INTEGER,
  to_option   INTEGER,
  to_place    INTEGER,
  to_guests   INTEGER,
  by          INTEGER NOT NULL,
  -- The interaction of who did it; NULL for what followed from something else.
  interaction INTEGER,
  at          INTEGER NOT NULL,
  CONSTRAINT signup_log_once PRIMARY KEY (event, version, member, line),
  CONSTRAINT signup_log_way CHECK (
    way IN ('tap', 'promoted', 'unseated', 'offered', 'passed', 'organiser', 'reassigned',
      'details', 'erased')
  ),
  CONSTRAINT signup_log_from CHECK (from_place BETWEEN 0 AND 3),
  CONSTRAINT signup_log_to CHECK (to_place BETWEEN 0 AND 3)
) STRICT, WITHOUT ROWID;

INSERT INTO signup_log_new (event, version, member, way, from_option, from_place, from_guests,
  to_option, to_place, to_guests, by, interaction, at)
SELECT event, version, member, way, from_option, from_waiting, iif(from_option IS NULL, NULL, 0),
  to_option, to_waiting, iif(to_option IS NULL, NULL, 0), by, interaction, at
FROM signup_log;
DROP TABLE signup_log;
ALTER TABLE signup_log_new RENAME TO signup_log;

-- Finds a repeat of what somebody else did to an answer. A member's own tap is in no index.
CREATE INDEX signup_log_by_interaction ON signup_log (interaction)
  WHERE way = 'organiser';

CREATE TABLE event_log_new (
  event                INTEGER NOT NULL
                       CONSTRAINT event_log_event REFERENCES event (id) ON DELETE CASCADE,
  version              INTEGER NOT NULL,
  by                   INTEGER NOT NULL,
  at                   INTEGER NOT NULL,
  change               TEXT    NOT NULL,
  title                TEXT    NOT NULL,
  starts_at            INTEGER NOT NULL,
  ends_at              INTEGER NOT NULL,
  zone                 TEXT    NOT NULL,
  description          TEXT,
  location             TEXT,
  capacity             INTEGER,
  answers_close_at_end INTEGER NOT NULL,
  closed_at            INTEGER,
  cancelled_at         INTEGER,
  deleted_at           INTEGER,
  interaction          INTEGER,
  options_version      INTEGER NOT NULL DEFAULT 1,
  rules_version        INTEGER NOT NULL DEFAULT 1,
  image                TEXT,
  CONSTRAINT event_log_once PRIMARY KEY (event, version),
  CONSTRAINT event_log_change CHECK (
    change IN ('created', 'edited', 'cancelled', 'restored', 'closed', 'reopened', 'deleted',
      'rules', 'options', 'image')
  )
) STRICT, WITHOUT ROWID;

INSERT INTO event_log_new (event, version, by, at, change, title, starts_at, ends_at, zone,
  description, location, capacity, answers_close_at_end, closed_at, cancelled_at, deleted_at,
  interaction)
SELECT event, version, by, at, change, title, starts_at, ends_at, zone, description, location,
  capacity, answers_close_at_end, closed_at, cancelled_at, deleted_at, interaction
FROM event_log;
DROP TABLE event_log;
ALTER TABLE event_log_new RENAME TO event_log;
CREATE UNIQUE INDEX event_log_by_interaction ON event_log (interaction)
  WHERE interaction IS NOT NULL;

-- Direct messages, and news of more kinds. The mentions stand aside while the table is replaced,
-- and the highest number ever used goes over with it.
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
  CONSTRAINT delivery_kind CHECK (kind IN ('post', 'notice', 'greeting', 'direct')),
  CONSTRAINT delivery_about_event CHECK ((kind = 'greeting') = (event IS NULL)),
  CONSTRAINT delivery_with_news CHECK (
    (kind IN ('notice', 'direct'))
      = (news IS NOT NULL AND part IS NOT NULL AND parts IS NOT NULL)
  ),
  CONSTRAINT delivery_to_member CHECK ((kind = 'direct') = (member IS NOT NULL)),
  CONSTRAINT delivery_news CHECK (
    news IN ('moved', 'cancelled', 'back_on', 'promoted', 'offered', 'too_few', 'told')
  ),
  CONSTRAINT delivery_words CHECK (coalesce(news = 'told', 0) = (words IS NOT NULL)),
  CONSTRAINT delivery_outcome CHECK (outcome IN ('sent', 'skipped', 'dead', 'unclear')),
  CONSTRAINT delivery_ended CHECK ((outcome IS NULL) = (ended_at IS NULL))
) STRICT;

INSERT INTO delivery_new (id, guild, event, kind, channel, lane, news, part, parts, version,
  known_version, due_at, ready_at, lease_until, attempts, first_attempt_at, attempted_by, nonce,
  outcome, ended_at, reason, message, claims)
SELECT id, guild, event, kind, channel, lane, news, part, parts, version, known_version, due_at,
  ready_at, lease_until, attempts, first_attempt_at, attempted_by, nonce, outcome, ended_at,
  reason, message, claims
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

ALTER TABLE guild ADD COLUMN language TEXT NOT NULL DEFAULT 'en'
  CONSTRAINT guild_language CHECK (language IN ('en'));
ALTER TABLE guild ADD COLUMN retention_days INTEGER
  CONSTRAINT guild_retention CHECK (retention_days >= 1);
ALTER TABLE guild ADD COLUMN names_hidden INTEGER NOT NULL DEFAULT 0
  CONSTRAINT guild_names_hidden CHECK (names_hidden IN (0, 1));
ALTER TABLE guild ADD COLUMN admin_channel INTEGER;

-- An event to be made again: what it is made of, under a name.
CREATE TABLE template (
  id          INTEGER PRIMARY KEY,
  guild       INTEGER NOT NULL
              CONSTRAINT template_guild REFERENCES guild (id) ON DELETE CASCADE,
  name        TEXT    NOT NULL,
  -- The name in small letters: a guild has it once, in whatever case.
  name_folded TEXT    NOT NULL,
  body        TEXT    NOT NULL,
  saved_by    INTEGER NOT NULL,
  saved_at    INTEGER NOT NULL,
  CONSTRAINT template_name_once UNIQUE (guild, name_folded)
) STRICT;

-- Members who had everything about them erased, so that a restored backup is erased again.
CREATE TABLE erased_member (
  member INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL
) STRICT;
