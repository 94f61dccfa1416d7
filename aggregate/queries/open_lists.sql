SELECT dimension, other, value, visitors, visits, pageviews, bounces, seconds, events
FROM report_cells
WHERE site = {site:UInt32}
    AND day = {day:Date}
    AND NOT closed
    AND roll IN (SELECT roll FROM published FINAL WHERE site = {site:UInt32} AND day = {day:Date})
ORDER BY dimension, other, visitors DESC, value
