-- The cells of dimensions over a range: of whole months and parts of the month as they are added up, of the
-- other days day by day.
SELECT
    dimension,
    other,
    value,
    sum(visitors),
    sum(visits),
    sum(pageviews),
    sum(bounces),
    sum(seconds),
    sum(events)
FROM
(
    SELECT dimension, other, value, visitors, visits, pageviews, bounces, seconds, events
    FROM report_cells
    WHERE site = {site:UInt32}
        AND day IN {days:Array(Date)}
        AND (day, roll) IN <<published_rolls>>
        AND dimension IN {dimensions:Array(String)}

    UNION ALL

    SELECT dimension, other, value, visitors, visits, pageviews, bounces, seconds, events
    FROM report_sums
    WHERE site = {site:UInt32}
        AND filter = ''
        AND filter_value = ''
        AND dimension IN {dimensions:Array(String)}
        AND (span, first, roll) IN <<published_span_rolls>>
)
GROUP BY dimension, other, value
-- Few rows out of many small parts: to read some columns first, as PREWHERE does, takes a quarter longer.
SETTINGS optimize_move_to_prewhere = 0
