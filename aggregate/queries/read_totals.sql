-- The totals of each day, and of each hour if it is one day that is asked for.
SELECT day, hour, visitors, visits, pageviews, bounces, seconds, events
FROM report_totals
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND ({first:Date} = {last:Date} OR hour = 255)
    AND (day, roll) IN <<published_rolls>>
ORDER BY day, hour
