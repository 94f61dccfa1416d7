-- All that a span shows under each filter: the sum of its days, and the filter's own totals day by day.
INSERT INTO report_filtered_sums
SELECT
    {site:UInt32},
    {first:Date},
    {span:String},
    {roll:UInt64},
    filter,
    filter_value,
    dimension,
    if(dimension = '', toString(day), value) AS listed,
    sum(visitors),
    sum(visits),
    sum(pageviews),
    sum(bounces),
    sum(seconds),
    sum(events),
    count()
FROM report_filtered
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
GROUP BY filter, filter_value, dimension, listed
