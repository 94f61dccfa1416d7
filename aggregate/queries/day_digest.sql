-- A number that follows from all raw events of a site's day in any order, and goes with them: nobody can
-- find it without every token, and no token can be found from it.
SELECT
    toString(sum(sipHash64(visitor, received, name))),
    toString(sum(cityHash64(received, visitor, page)))
FROM events
WHERE site = {site:UInt32} AND day = {day:Date}
