-- The dimensions of which the closed days of a span hide something, and how many rows that is.
SELECT dimension, count()
FROM carried
WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date} AND (day, roll) IN <<published_rolls>>
GROUP BY dimension
ORDER BY dimension
