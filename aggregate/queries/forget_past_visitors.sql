-- Numbers that newer ones have taken the place of, and those that are of now no more.
ALTER TABLE current_visitors
DELETE WHERE (at < fromUnixTimestamp64Milli({now:Int64}, 'UTC') AND site IN {sites:Array(UInt32)})
    OR at <= fromUnixTimestamp64Milli({after:Int64}, 'UTC')
SETTINGS mutations_sync = 1
