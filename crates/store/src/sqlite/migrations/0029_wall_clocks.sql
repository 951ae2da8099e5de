-- By how many seconds the clocks of the event's zone are ahead of UTC at its start, by the time zone
-- data with which the start was worked out; NULL until that was noted.
ALTER TABLE event ADD COLUMN ahead_s INTEGER;

-- The time zone data by which events and series are planned, and how far they were gone through since
-- it is another: events by their end and number, series by their number.
CREATE TABLE zone_data (
  one     INTEGER PRIMARY KEY CONSTRAINT zone_data_once CHECK (one = 1),
  version TEXT    NOT NULL,
  ends_at INTEGER NOT NULL,
  event   INTEGER NOT NULL,
  series  INTEGER NOT NULL,
  is_done INTEGER NOT NULL CONSTRAINT zone_data_done CHECK (is_done IN (0, 1))
) STRICT;
