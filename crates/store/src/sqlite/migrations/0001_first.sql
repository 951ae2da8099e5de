-- Identities are Discord's snowflakes or our own row numbers, instants are milliseconds UTC,
-- truth values are 0 and 1. Whatever belongs to a guild goes with it.

CREATE TABLE guild (
  id           INTEGER PRIMARY KEY,
  -- NULL for a guild that gave a command before the gateway told of it.
  joined_at    INTEGER,
  removed_at   INTEGER,
  greeted_at   INTEGER,
  channel      INTEGER,
  zone         TEXT,
  mention_role INTEGER
) STRICT;

CREATE TABLE guild_organiser_role (
  guild    INTEGER NOT NULL
           CONSTRAINT guild_organiser_role_guild REFERENCES guild (id) ON DELETE CASCADE,
  role     INTEGER NOT NULL,
  position INTEGER NOT NULL,
  CONSTRAINT guild_organiser_role_once PRIMARY KEY (guild, role)
) STRICT, WITHOUT ROWID;

-- What a member chose for themselves, in whatever guild.
CREATE TABLE member (
  id   INTEGER PRIMARY KEY,
  zone TEXT NOT NULL
) STRICT;

CREATE TABLE event (
  -- Never used twice: the number stands in messages that outlive the event.
  id                   INTEGER PRIMARY KEY AUTOINCREMENT,
  guild                INTEGER NOT NULL
                       CONSTRAINT event_guild REFERENCES guild (id) ON DELETE CASCADE,
  channel              INTEGER NOT NULL,
  host                 INTEGER NOT NULL,
  title                TEXT    NOT NULL,
  -- The title in small letters, for searching in any case.
  title_folded         TEXT    NOT NULL,
  starts_at            INTEGER NOT NULL,
  ends_at              INTEGER NOT NULL,
  zone                 TEXT    NOT NULL,
  description          TEXT,
  location             TEXT,
  capacity             INTEGER,
  mention_role         INTEGER,
  answers_close_at_end INTEGER NOT NULL,
  created_at           INTEGER NOT NULL,
  -- The interaction that created it.
  interaction          INTEGER NOT NULL,
  closed_at            INTEGER,
  cancelled_at         INTEGER,
  deleted_at           INTEGER,
  -- When the post changes next because time passes.
  next_turn_at         INTEGER,
  CONSTRAINT event_created_once UNIQUE (interaction),
  CONSTRAINT event_ends_after_start CHECK (ends_at > starts_at),
  CONSTRAINT event_has_places CHECK (capacity >= 1),
  CONSTRAINT event_answers_close CHECK (answers_close_at_end IN (0, 1))
) STRICT;

CREATE INDEX event_by_start ON event (guild, starts_at);
CREATE INDEX event_by_end ON event (ends_at);
CREATE INDEX event_next_turn ON event (next_turn_at) WHERE next_turn_at IS NOT NULL;

CREATE TABLE event_option (
  event    INTEGER NOT NULL
           CONSTRAINT event_option_event REFERENCES event (id) ON DELETE CASCADE,
  id       INTEGER NOT NULL,
  position INTEGER NOT NULL,
  label    TEXT    NOT NULL,
  emoji    TEXT    NOT NULL,
  colour   TEXT    NOT NULL,
  coming   INTEGER NOT NULL,
  told     INTEGER NOT NULL,
  CONSTRAINT event_option_once PRIMARY KEY (event, id),
  CONSTRAINT event_option_id CHECK (id BETWEEN 0 AND 255),
  CONSTRAINT event_option_colour CHECK (colour IN ('blue', 'grey', 'green', 'red')),
  CONSTRAINT event_option_coming CHECK (coming IN (0, 1)),
  CONSTRAINT event_option_told CHECK (told IN (0, 1))
) STRICT, WITHOUT ROWID;

-- The message of an event. The event's version stands here and not in the event, so that a tap
-- rewrites one short row, and the rows of many busy events share a page.
CREATE TABLE post (
  event       INTEGER PRIMARY KEY
              CONSTRAINT post_event REFERENCES event (id) ON DELETE CASCADE,
  version     INTEGER NOT NULL,
  channel     INTEGER NOT NULL,
  message     INTEGER,
  -- The newest version that the message is known to show.
  shown       INTEGER NOT NULL DEFAULT 0,
  -- When it last went from true to stale.
  stale_since INTEGER NOT NULL,
  gone_at     INTEGER,
  -- The latest delivery of this post; 0 until there is one.
  delivery    INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT post_version CHECK (version >= 1),
  CONSTRAINT post_shown CHECK (shown >= 0)
) STRICT;

CREATE INDEX post_stale ON post (stale_since)
  WHERE shown < version AND message IS NOT NULL AND gone_at IS NULL;

CREATE TABLE signup (
  event       INTEGER NOT NULL
              CONSTRAINT signup_event REFERENCES event (id) ON DELETE CASCADE,
  member      INTEGER NOT NULL,
  -- NULL once the answer was taken back.
  option      INTEGER,
  waiting     INTEGER NOT NULL,
  -- Since when in the order of the roster.
  sequence    INTEGER NOT NULL,
  -- The latest tap of the member, so that a repeat is known.
  interaction INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  CONSTRAINT signup_once PRIMARY KEY (event, member),
  CONSTRAINT signup_waiting CHECK (waiting = 0 OR (waiting = 1 AND option IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Every answer ever given, never changed. One version of an event changes a member at most once.
CREATE TABLE signup_log (
  event        INTEGER NOT NULL
               CONSTRAINT signup_log_event REFERENCES event (id) ON DELETE CASCADE,
  version      INTEGER NOT NULL,
  member       INTEGER NOT NULL,
  way          TEXT    NOT NULL,
  from_option  INTEGER,
  from_waiting INTEGER,
  to_option    INTEGER,
  to_waiting   INTEGER,
  by           INTEGER NOT NULL,
  -- The interaction of a tap; NULL for what followed from somebody else's.
  interaction  INTEGER,
  at           INTEGER NOT NULL,
  CONSTRAINT signup_log_once PRIMARY KEY (event, version, member),
  CONSTRAINT signup_log_way CHECK (way IN ('tap', 'promoted', 'unseated'))
) STRICT, WITHOUT ROWID;

-- What organisers did to an event, and what the event was like after it; what it was like before
-- is in the entry before.
CREATE TABLE event_log (
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
  CONSTRAINT event_log_once PRIMARY KEY (event, version),
  CONSTRAINT event_log_change CHECK (
    change IN ('created', 'edited', 'cancelled', 'restored', 'closed', 'reopened', 'deleted')
  )
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery (
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
  CONSTRAINT delivery_kind CHECK (kind IN ('post', 'notice', 'greeting')),
  CONSTRAINT delivery_about_event CHECK ((kind = 'greeting') = (event IS NULL)),
  CONSTRAINT delivery_with_news CHECK (
    (kind = 'notice') = (news IS NOT NULL AND part IS NOT NULL AND parts IS NOT NULL)
  ),
  CONSTRAINT delivery_news CHECK (news IN ('moved', 'cancelled', 'back_on', 'promoted')),
  CONSTRAINT delivery_outcome CHECK (outcome IN ('sent', 'skipped', 'dead', 'unclear')),
  CONSTRAINT delivery_ended CHECK ((outcome IS NULL) = (ended_at IS NULL))
) STRICT;

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

CREATE TABLE draft (
  -- The interaction that the form came with.
  id          INTEGER PRIMARY KEY,
  guild       INTEGER NOT NULL
              CONSTRAINT draft_guild REFERENCES guild (id) ON DELETE CASCADE,
  member      INTEGER NOT NULL,
  event       INTEGER,
  title       TEXT    NOT NULL,
  starts      TEXT    NOT NULL,
  duration    TEXT    NOT NULL,
  description TEXT    NOT NULL,
  location    TEXT    NOT NULL,
  capacity    TEXT    NOT NULL,
  channel     INTEGER,
  mention     INTEGER,
  saved_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX draft_by_age ON draft (saved_at);

CREATE TABLE gateway_session (
  shard      INTEGER PRIMARY KEY,
  session_id TEXT    NOT NULL,
  resume_url TEXT    NOT NULL,
  sequence   INTEGER NOT NULL,
  shards     INTEGER NOT NULL
) STRICT;

CREATE TABLE gateway_identify (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX gateway_identify_at ON gateway_identify (at);

CREATE TABLE registered_commands (
  application INTEGER PRIMARY KEY,
  fingerprint TEXT    NOT NULL
) STRICT;
