-- On which days of a span a value of a dimension is seen.
SELECT value, groupArray(day)
FROM report_cells
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
    AND dimension = {dimension:String}
    AND NOT other
GROUP BY value
