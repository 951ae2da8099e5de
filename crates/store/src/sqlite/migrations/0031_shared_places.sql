-- How many people can come under the heading that an option has, all options below it together: the
-- same for each of them. NULL where the heading has no places.
ALTER TABLE event_option ADD COLUMN shared INTEGER
  CONSTRAINT event_option_has_shared CHECK (shared >= 1);
