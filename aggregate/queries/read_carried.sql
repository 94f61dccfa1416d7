-- What the closed days of a span hide of some dimensions.
SELECT dimension, day, other, value, visitors, visits, pageviews, bounces, seconds, events
FROM carried
WHERE site = {site:UInt32}
    AND dimension IN {dimensions:Array(String)}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
