-- The totals of each local hour of a day.
SELECT hour, visitors, visits, pageviews, bounces, seconds, events
FROM report_totals
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
    AND hour < 24
