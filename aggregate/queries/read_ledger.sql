SELECT outcome, sum(hits)
FROM tallies FINAL
WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date}
GROUP BY outcome
HAVING sum(hits) != 0
ORDER BY outcome
