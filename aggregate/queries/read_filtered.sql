-- The cells under a filter over a range: of whole months and parts of the month as they are added up, of the
-- other days day by day. No row of them is "Other".
SELECT
    dimension,
    false AS other,
    value,
    sum(visitors),
    sum(visits),
    sum(pageviews),
    sum(bounces),
    sum(seconds),
    sum(events)
FROM
(
    SELECT dimension, value, visitors, visits, pageviews, bounces, seconds, events
    FROM report_filtered
    WHERE site = {site:UInt32}
        AND filter = {filter:String}
        AND filter_value = {filter_value:String}
        AND dimension IN {dimensions:Array(String)}
        AND day IN {days:Array(Date)}
        AND (day, roll) IN <<published_rolls>>

    UNION ALL

    SELECT dimension, value, visitors, visits, pageviews, bounces, seconds, events
    FROM report_sums
    WHERE site = {site:UInt32}
        AND filter = {filter:String}
        AND filter_value = {filter_value:String}
        AND dimension IN {dimensions:Array(String)}
        AND (span, first, roll) IN <<published_span_rolls>>
)
GROUP BY dimension, value
-- Few rows out of many small parts: to read some columns first, as PREWHERE does, takes a quarter longer.
SETTINGS optimize_move_to_prewhere = 0
