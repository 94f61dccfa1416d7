-- How far down pages its visits got in a span: the sum of its days.
INSERT INTO report_scroll_sums
SELECT
    {site:UInt32},
    {first:Date},
    {span:String},
    {roll:UInt64},
    value,
    sum(visitors),
    sum(visits),
    sum(depths)
FROM report_scroll
WHERE site = {site:UInt32}
    AND day BETWEEN {first:Date} AND {last:Date}
    AND (day, roll) IN <<published_rolls>>
GROUP BY value
