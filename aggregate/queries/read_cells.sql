SELECT
    dimension,
    other,
    value,
    sum(visitors),
    sum(visits),
    sum(pageviews),
    sum(bounces),
    sum(seconds),
    sum(events)
FROM report_cells
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
    AND dimension IN {dimensions:Array(String)}
GROUP BY dimension, other, value
