-- Also what a collector left that was killed meanwhile.
ALTER TABLE erasing
DELETE WHERE erasure = {erasure:String} OR at < parseDateTime64BestEffort({stale:String}, 3, 'UTC')
SETTINGS mutations_sync = 1
