-- What published spans show beside their days.
SELECT first, span, dimension, other, value, visitors, visits, pageviews, bounces, seconds, events
FROM report_atoms
WHERE site = {site:UInt32}
    AND first BETWEEN {first:Date} AND {last:Date}
    AND (first, span, roll) IN
    (
        SELECT first, span, atoms
        FROM published_spans FINAL
        WHERE site = {site:UInt32} AND first BETWEEN {first:Date} AND {last:Date}
    )
