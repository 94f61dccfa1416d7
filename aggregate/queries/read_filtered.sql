SELECT
    dimension,
    false AS other,
    value,
    sum(visitors),
    sum(visits),
    sum(pageviews),
    sum(bounces),
    sum(seconds),
    sum(events)
FROM report_filtered
WHERE site = {site:UInt32}
    AND filter = {filter:String}
    AND filter_value = {filter_value:String}
    AND dimension IN {dimensions:Array(String)}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
GROUP BY dimension, value
