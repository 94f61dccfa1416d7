-- The token is looked up and not written here: a mutation's text is a file. Waits until it is done.
ALTER TABLE events
DELETE IN PARTITION {day:String}
WHERE (site, visitor) IN (SELECT site, visitor FROM erasing WHERE erasure = {erasure:String})
SETTINGS mutations_sync = 1
