SELECT DISTINCT dimension
FROM carried
WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date} AND (day, roll) IN <<published_rolls>>
ORDER BY dimension
