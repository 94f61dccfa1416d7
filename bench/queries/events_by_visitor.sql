-- The baseline of a roll: every event is read and put to its visitor, and nothing else.
SELECT count(), max(events)
FROM
(
    SELECT visitor, count() AS events
    FROM events
    WHERE site = {site:UInt32} AND day = {day:Date}
    GROUP BY visitor
)
