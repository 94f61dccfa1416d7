-- The roll of each day that readers see.
SELECT day, roll
FROM published FINAL
WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date}
