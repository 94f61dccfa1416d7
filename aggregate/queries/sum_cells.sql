-- All that a span shows without a filter: what its days show, the atoms of its parts and its own, and how far
-- down pages its visits got.
INSERT INTO report_cell_sums
SELECT
    {site:UInt32},
    {first:Date},
    {span:String},
    {roll:UInt64},
    dimension,
    other,
    value,
    toUInt64(greatest(sum(visitors), 0)) AS all_visitors,
    toUInt64(greatest(sum(visits), 0)) AS all_visits,
    toUInt64(greatest(sum(pageviews), 0)) AS all_pageviews,
    toUInt64(greatest(sum(bounces), 0)),
    toUInt64(greatest(sum(seconds), 0)),
    toUInt64(greatest(sum(events), 0)) AS all_events,
    sum(scrolled),
    sum(depths)
FROM
(
    SELECT
        dimension,
        other,
        value,
        toInt64(visitors) AS visitors,
        toInt64(visits) AS visits,
        toInt64(pageviews) AS pageviews,
        toInt64(bounces) AS bounces,
        toInt64(seconds) AS seconds,
        toInt64(events) AS events,
        0 AS scrolled,
        0 AS depths
    FROM report_cells
    WHERE site = {site:UInt32}
        AND day BETWEEN {first:Date} AND {last:Date}
        AND closed
        AND (day, roll) IN <<published_rolls>>

    UNION ALL

    SELECT 'page', false, value, 0, 0, 0, 0, 0, 0, visits, depths
    FROM report_scroll
    WHERE site = {site:UInt32}
        AND day BETWEEN {first:Date} AND {last:Date}
        AND (day, roll) IN <<published_rolls>>

    UNION ALL

    SELECT dimension, other, value, visitors, visits, pageviews, bounces, seconds, events, 0, 0
    FROM report_atoms
    WHERE site = {site:UInt32}
        AND first BETWEEN {first:Date} AND {last:Date}
        AND (
            (span = {span:String} AND roll = {atoms:UInt64})
            OR ({span:String} = 'month' AND span = 'part' AND (first, roll) IN
            (
                SELECT first, atoms
                FROM published_spans FINAL
                WHERE site = {site:UInt32} AND span = 'part' AND first BETWEEN {first:Date} AND {last:Date}
            ))
        )
)
GROUP BY dimension, other, value
HAVING all_visits > 0 OR all_pageviews > 0 OR all_events > 0
