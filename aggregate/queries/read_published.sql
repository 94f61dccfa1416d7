SELECT day, closed, roll, at, profile
FROM published FINAL
WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date}
ORDER BY day
