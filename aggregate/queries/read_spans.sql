-- The spans that are published within a range of days.
SELECT first, span, roll, threshold
FROM published_spans FINAL
WHERE site = {site:UInt32} AND first BETWEEN {first:Date} AND {last:Date}
ORDER BY first, span
