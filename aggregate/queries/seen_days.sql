-- On which days of a span a value of some dimensions is seen.
SELECT dimension, value, groupArray(day)
FROM report_cells
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
    AND dimension IN {dimensions:Array(String)}
    AND NOT other
GROUP BY dimension, value
