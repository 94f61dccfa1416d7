-- Exact totals of a site's day: a row an hour (local, by the hour in which a visit began or a view
-- came) and one for the whole day (hour 255).
WITH
    {zone:String} AS zone,
    by_visit AS
    (
        SELECT
            if(grouping(begun) = 0, begun, 255) AS hour,
            count() AS visits,
            sum(bounced) AS bounces,
            sum(seconds) AS seconds
        FROM
        (
            SELECT toHour(toTimeZone(began, zone)) AS begun, bounced, seconds FROM <<visits>>
        )
        GROUP BY GROUPING SETS ((begun), ())
    ),
    by_event AS
    (
        SELECT
            if(grouping(seen) = 0, seen, 255) AS hour,
            uniqExactIf(visitor, visitor != 0) AS visitors,
            countIf(name = 'pageview') AS pageviews,
            count() AS events
        FROM
        (
            SELECT toHour(toTimeZone(received, zone)) AS seen, visitor, name
            FROM events
            WHERE site = {site:UInt32} AND day = {day:Date} AND name != 'engagement'
        )
        GROUP BY GROUPING SETS ((seen), ())
    )
SELECT hour, visitors, visits, pageviews, bounces, seconds, events
FROM by_event
LEFT JOIN by_visit USING (hour)
ORDER BY hour
