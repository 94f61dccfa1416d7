SELECT value, sum(visits), sum(depths)
FROM report_scroll
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
GROUP BY value
