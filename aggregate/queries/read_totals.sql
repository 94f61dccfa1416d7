SELECT day, hour, visitors, visits, pageviews, bounces, seconds, events
FROM report_totals
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
ORDER BY day, hour
