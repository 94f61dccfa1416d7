SELECT dimension, other, value, scrolled, depths, visitors, visits, pageviews, bounces, seconds, events
FROM report_cell_sums
WHERE site = {site:UInt32}
    AND dimension IN {dimensions:Array(String)}
    AND (span, first, roll) IN {span_rolls:Array(Tuple(String, Date, UInt64))}
