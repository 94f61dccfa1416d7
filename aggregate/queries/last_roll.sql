-- The number of the last roll that was begun for a site's day, published or cut off; the slot of the
-- published one, and whether it is for good.
SELECT max(roll), argMaxIf(slot, roll, seen), maxIf(closed, seen)
FROM
(
    SELECT roll, slot, closed, false AS seen
    FROM report_totals
    WHERE site = {site:UInt32} AND day = {day:Date}
    UNION ALL
    SELECT roll, slot, closed, true AS seen
    FROM published
    WHERE site = {site:UInt32} AND day = {day:Date}
)
