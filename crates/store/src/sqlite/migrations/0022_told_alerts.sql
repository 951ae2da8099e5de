-- Which alerts the operator was told of last, so that a restart does not tell them again: one row for
-- each resource and level.
CREATE TABLE alert_told (
  resource TEXT    NOT NULL,
  -- From 1, the mildest; 0 for a recovery.
  level    INTEGER NOT NULL CONSTRAINT alert_told_level CHECK (level BETWEEN 0 AND 4),
  at       INTEGER NOT NULL,
  PRIMARY KEY (resource, level)
) STRICT, WITHOUT ROWID;
