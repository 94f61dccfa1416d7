SELECT outcome, sum(hits)
FROM ledger
WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date}
GROUP BY outcome
ORDER BY outcome
