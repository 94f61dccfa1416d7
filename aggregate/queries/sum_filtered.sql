-- All that a span shows under each filter: the sum of its days.
INSERT INTO report_sums
SELECT
    {site:UInt32},
    {first:Date},
    {span:String},
    {roll:UInt64},
    filter,
    filter_value,
    dimension,
    false,
    value,
    sum(visitors),
    sum(visits),
    sum(pageviews),
    sum(bounces),
    sum(seconds),
    sum(events)
FROM report_filtered
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
GROUP BY filter, filter_value, dimension, value
