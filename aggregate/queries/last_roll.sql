-- The number of the last roll that was begun for a site's day, published or cut off, and the slot of
-- the published one.
SELECT max(roll), argMaxIf(slot, roll, seen)
FROM
(
    SELECT roll, slot, false AS seen
    FROM report_totals
    WHERE site = {site:UInt32} AND day = {day:Date}
    UNION ALL
    SELECT roll, slot, true AS seen
    FROM published
    WHERE site = {site:UInt32} AND day = {day:Date}
)
