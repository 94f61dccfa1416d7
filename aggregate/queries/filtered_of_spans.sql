SELECT dimension, value AS listed, visitors, visits, pageviews, bounces, seconds, events, shown_days
FROM report_filtered_sums
WHERE site = {site:UInt32}
    AND filter = {filter:String}
    AND filter_value = {filter_value:String}
    AND dimension IN {dimensions:Array(String)}
    AND (span, first, roll) IN {span_rolls:Array(Tuple(String, Date, UInt64))}
