-- Events that belong to no visit: those without a token, which count as pageviews and events and as nothing
-- else, and what browsers said of how long a page was in view (engagement). `hour` is local.
SELECT
    if(name IN ('pageview', 'engagement'), 'page', 'event') AS dimension,
    if(name IN ('pageview', 'engagement'), page, name) AS value,
    if(name = 'engagement', 0, toHour(toTimeZone(received, {zone:String}))) AS hour,
    countIf(name = 'pageview') AS pageviews,
    countIf(name != 'engagement') AS events,
    sumIf(engaged, name = 'engagement') AS milliseconds
FROM events
WHERE site = {site:UInt32} AND day = {day:Date} AND (visitor = 0 OR name = 'engagement')
GROUP BY dimension, value, hour
