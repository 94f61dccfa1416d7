-- How many raw events there are of each site and day, and of how many tokens.
SELECT site, day, count(), uniqExact(visitor)
FROM events
GROUP BY site, day
ORDER BY day, site
