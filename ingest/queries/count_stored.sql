-- How many of these sites, visitors and times have a stored event; each array has one place an event.
SELECT uniqExact(site, visitor, received)
FROM events
WHERE day = {day:Date} AND (site, visitor, received) IN
(
    SELECT key.1, key.2, parseDateTime64BestEffort(key.3, 6, 'UTC')
    FROM (SELECT arrayJoin(arrayZip({sites:Array(UInt32)}, {visitors:Array(UInt64)}, {times:Array(String)})) AS key)
)
