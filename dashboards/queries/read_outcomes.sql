-- What became of a site's hits, by day or by month.
SELECT if({by_month:Bool}, toStartOfMonth(day), day) AS step, outcome, sum(hits)
FROM tallies FINAL
WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date}
GROUP BY step, outcome
HAVING sum(hits) != 0
ORDER BY step, outcome
