-- Pages, and custom events by name. Pageviews without a token count as pageviews and as nothing else.
-- A page's seconds are those for which browsers said it was in view (engagement events).
WITH bounced_visits AS
(
    SELECT visitor, visit FROM <<visits>> WHERE bounced
)
SELECT
    dimension,
    value,
    visitors,
    visits,
    pageviews,
    bounces,
    seconds,
    events,
    -- Who is in a cell that may be hidden: one below k, or the smallest that is not.
    if(
        visitors < {k:UInt64} OR visitors = min(if(visitors < {k:UInt64} OR value = '', 18446744073709551615, visitors)) OVER (PARTITION BY dimension),
        everyone,
        []
    )
FROM
(
    SELECT
        dimension,
        value,
        sum(visitors) AS visitors,
        sum(visits) AS visits,
        sum(pageviews) AS pageviews,
        sum(bounces) AS bounces,
        sum(seconds) AS seconds,
        sum(events) AS events,
        groupUniqArrayArray(members) AS everyone
    FROM
    (
        SELECT
            if(name = 'pageview', 'page', 'event') AS dimension,
            if(name = 'pageview', page, name) AS value,
            uniqExact(visitor) AS visitors,
            uniqExact(visitor, visit) AS visits,
            countIf(name = 'pageview') AS pageviews,
            countIf(name = 'pageview' AND (visitor, visit) IN bounced_visits) AS bounces,
            0 AS seconds,
            count() AS events,
            groupUniqArray((visitor, visit)) AS members
        FROM <<visit_events>>
        GROUP BY dimension, value

        UNION ALL

        SELECT
            if(name IN ('pageview', 'engagement'), 'page', 'event') AS dimension,
            if(name IN ('pageview', 'engagement'), page, name) AS value,
            0 AS visitors,
            0 AS visits,
            countIf(name = 'pageview' AND visitor = 0) AS pageviews,
            0 AS bounces,
            intDiv(sumIf(engaged, name = 'engagement'), 1000) AS seconds,
            countIf(name != 'engagement' AND visitor = 0) AS events,
            [] AS members
        FROM events
        WHERE site = {site:UInt32} AND day = {day:Date} AND (visitor = 0 OR name = 'engagement')
        GROUP BY dimension, value
    )
    GROUP BY dimension, value
    HAVING events > 0 -- time in view of a page that nobody was seen to open makes no row
)
ORDER BY dimension, value
