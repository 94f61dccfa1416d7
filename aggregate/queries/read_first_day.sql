-- The first day of which a site has a report; no row if it has none.
SELECT day
FROM published FINAL
WHERE site = {site:UInt32}
ORDER BY day
LIMIT 1
