-- How many of these sites, last bytes of tokens, and times have a stored event; each array has one place an event.
SELECT uniqExact(site, visitor % 256, received)
FROM events
WHERE day = {day:Date} AND (site, visitor % 256, received) IN
(
    SELECT key.1, key.2, parseDateTime64BestEffort(key.3, 6, 'UTC')
    FROM (SELECT arrayJoin(arrayZip({sites:Array(UInt32)}, {marks:Array(UInt8)}, {times:Array(String)})) AS key)
)
