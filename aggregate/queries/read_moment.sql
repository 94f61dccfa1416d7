-- What is published of a range: its days with their totals, then the months and parts of months that begin in it.
SELECT '' AS span, day, 0 AS days, closed, roll, at, profile, visitors, visits, pageviews, bounces, seconds, events
FROM published FINAL
WHERE site = {site:UInt32} AND day BETWEEN {first:Date} AND {last:Date}
ORDER BY day

UNION ALL

SELECT span, first, days, true, roll, at, '', 0, 0, 0, 0, 0, 0
FROM published_spans FINAL
WHERE site = {site:UInt32} AND first BETWEEN {first:Date} AND {last:Date}
ORDER BY first, span
