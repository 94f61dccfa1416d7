-- Of an open day there are no lists under a filter, but the filter's totals, which are the cell itself.
SELECT '' AS dimension, toString(day) AS listed, visitors, visits, pageviews, bounces, seconds, events, 0 AS shown_days
FROM report_cells
WHERE site = {site:UInt32}
    AND (day, roll) IN {open_rolls:Array(Tuple(Date, UInt64))}
    AND NOT closed
    AND report_cells.dimension = {filter:String}
    AND value = {filter_value:String}
    AND NOT other
