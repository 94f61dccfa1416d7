SELECT
    dimension,
    if(dimension = '', toString(day), value) AS listed,
    visitors,
    visits,
    pageviews,
    bounces,
    seconds,
    events,
    1 AS shown_days
FROM report_filtered
WHERE site = {site:UInt32}
    AND filter = {filter:String}
    AND filter_value = {filter_value:String}
    AND dimension IN {dimensions:Array(String)}
    AND (day, roll) IN {day_rolls:Array(Tuple(Date, UInt64))}
