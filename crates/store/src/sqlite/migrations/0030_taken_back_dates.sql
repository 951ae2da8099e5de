-- Of an event that was changed alone and taken back before anybody saw it, as its date was left out
-- of its series: that date, in which it takes place again if the date does.
ALTER TABLE event ADD COLUMN taken_back TEXT;
