-- The newest number of a site, if it is of the minutes before now.
SELECT visitors
FROM current_visitors
WHERE site = {site:UInt32} AND at > fromUnixTimestamp64Milli({after:Int64}, 'UTC')
ORDER BY at DESC
LIMIT 1
