-- Days of sites for which the ledger does not say of every received hit what became of it.
SELECT
    site,
    day,
    sumIf(hits, outcome = {received:String}) AS all_received,
    sumIf(hits, outcome != {received:String}) AS settled
FROM tallies FINAL
GROUP BY site, day
HAVING all_received != settled
ORDER BY day, site
