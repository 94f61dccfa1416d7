-- The totals of each day under a filter: of a closed day the filter's own row, of an open day the cell itself.
SELECT *
FROM
(
    SELECT day, visitors, visits, pageviews, bounces, seconds, events
    FROM report_filtered
    WHERE site = {site:UInt32}
        AND filter = {filter:String}
        AND filter_value = {filter_value:String}
        AND dimension = ''
        AND day BETWEEN {first:Date} AND {last:Date}
        AND (day, roll) IN <<published_rolls>>

    UNION ALL

    SELECT day, visitors, visits, pageviews, bounces, seconds, events
    FROM report_cells
    WHERE site = {site:UInt32}
        AND day IN {open_days:Array(Date)}
        AND (day, roll) IN <<published_rolls>>
        AND NOT closed
        AND dimension = {filter:String}
        AND value = {filter_value:String}
        AND NOT other
)
-- Few rows out of many small parts: to read some columns first, as PREWHERE does, takes a quarter longer.
SETTINGS optimize_move_to_prewhere = 0
