-- When the last of a site's raw events came, by day.
SELECT day, max(received)
FROM events
WHERE site = {site:UInt32}
GROUP BY day
