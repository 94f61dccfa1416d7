-- The keys of custom events' props that reports list: those of the most visitors.
SELECT key
FROM
(
    SELECT visitor, arrayJoin(mapKeys(props)) AS key
    FROM events
    WHERE site = {site:UInt32} AND day = {day:Date} AND name NOT IN ('pageview', 'engagement')
)
GROUP BY key
ORDER BY uniqExactIf(visitor, visitor != 0) DESC, key
LIMIT {most_props:UInt32}
