-- Every site's day that has raw events and is not closed: how many raw rows it has now, and of how
-- many its published roll was made.
SELECT raw.site, raw.day, raw.raw_rows, done.raw_rows
FROM
(
    SELECT site, day, count() AS raw_rows
    FROM events
    GROUP BY site, day
) AS raw
LEFT JOIN
(
    SELECT site, day, closed, raw_rows FROM published FINAL
) AS done ON raw.site = done.site AND raw.day = done.day
WHERE NOT done.closed
ORDER BY raw.day, raw.site
