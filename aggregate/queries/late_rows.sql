-- Raw events of a day that came after a site's report of it was published for good, by site.
SELECT raw.site, toInt64(raw.raw_rows) - toInt64(done.raw_rows) AS late
FROM
(
    SELECT site, count() AS raw_rows FROM events WHERE day = {day:Date} GROUP BY site
) AS raw
INNER JOIN
(
    SELECT site, raw_rows FROM published FINAL WHERE day = {day:Date} AND closed
) AS done ON raw.site = done.site
WHERE late > 0
