SELECT dimension, other, value, 0 AS scrolled, 0 AS depths, visitors, visits, pageviews, bounces, seconds, events
FROM report_cells
WHERE site = {site:UInt32}
    AND dimension IN {dimensions:Array(String)}
    AND (day, roll) IN {day_rolls:Array(Tuple(Date, UInt64))}

UNION ALL

SELECT 'page', false, value, visits, depths, 0, 0, 0, 0, 0, 0
FROM report_scroll
WHERE site = {site:UInt32}
    AND has({dimensions:Array(String)}, 'page')
    AND (day, roll) IN {day_rolls:Array(Tuple(Date, UInt64))}
