-- What became of a site's hits, day by day.
SELECT day, outcome, sum(hits)
FROM tallies FINAL
WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date}
GROUP BY day, outcome
HAVING sum(hits) != 0
ORDER BY day, outcome
