-- How many of these sites, visitors and times have a stored event.
SELECT uniqExact(site, visitor, received)
FROM events
WHERE day = {day:Date} AND (site, visitor, received) IN
(
    SELECT key.1, key.2, parseDateTime64BestEffort(key.3, 6, 'UTC')
    FROM (SELECT arrayJoin({keys:Array(Tuple(UInt32, UInt64, String))}) AS key)
)
