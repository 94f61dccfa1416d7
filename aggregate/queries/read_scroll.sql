-- How far down pages their visits got: of whole months and parts of the month as they are added up, of the
-- other days day by day.
SELECT value, sum(visits), sum(depths)
FROM
(
    SELECT value, visits, depths
    FROM report_scroll
    WHERE site = {site:UInt32}
        AND day IN {days:Array(Date)}
        AND (day, roll) IN <<published_rolls>>

    UNION ALL

    SELECT value, visits, depths
    FROM report_scroll_sums
    WHERE site = {site:UInt32} AND (span, first, roll) IN <<published_span_rolls>>
)
GROUP BY value
-- Few rows out of many small parts: to read some columns first, as PREWHERE does, takes a quarter longer.
SETTINGS optimize_move_to_prewhere = 0
