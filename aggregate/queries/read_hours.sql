-- The totals of each local hour of a day.
SELECT hour, visitors, visits, pageviews, bounces, seconds, events
FROM report_totals
WHERE site = {site:UInt32}
    AND (day, roll) IN {day_rolls:Array(Tuple(Date, UInt64))}
    AND hour < 24
