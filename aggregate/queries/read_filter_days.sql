-- What a value has in all, day by day: the totals of a report that is filtered by it.
SELECT day, 255 AS hour, visitors, visits, pageviews, bounces, seconds, events
FROM report_cells
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
    AND dimension = {filter:String}
    AND value = {filter_value:String}
    AND NOT other
ORDER BY day
