-- Every site's day that has raw events, or a report, and is not closed: how many raw rows it has now, and of how
-- many its published roll was made. One whose visitors have erased every row is among them.
SELECT site, day, sum(raw_rows), sum(rolled_rows)
FROM
(
    SELECT site, day, count() AS raw_rows, 0 AS rolled_rows, false AS is_closed
    FROM events
    GROUP BY site, day
    UNION ALL
    SELECT site, day, 0, raw_rows, closed FROM published FINAL
)
GROUP BY site, day
HAVING NOT max(is_closed)
ORDER BY day, site
